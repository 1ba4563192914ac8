import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../../contract/preferences.ts';
import type { MonitorEvent } from '../../monitor-event.ts';
import type { GpuState, MachineState } from '../../telemetry/machine-state.ts';
import type { TelemetrySample } from '../../telemetry/telemetry.ts';
import { event, machineWith, sample, stateAfter } from '../../testing/builders.ts';
import { back, listen, lost } from '../testing/listen.ts';

const gib = 2 ** 30;

/** What is measured of a GPU; what is not given is not measured. */
type Gpu = Partial<TelemetrySample['gpus'][number]> & Partial<GpuState>;

/** A sample of some GPUs. */
const gpusAt = (at: number, ...gpus: Gpu[]): MonitorEvent =>
  event(at, 'telemetry_sampled', {
    machine: machineWith(
      ...gpus.map(
        ({ temperatureC: _t, vramUsed: _u, vramTotal: _v, powerWatts: _p, loadPercent: _l, ...gpu }) => gpu,
      ),
    ),
    sample: {
      ...sample(at),
      gpus: gpus.map(
        ({
          temperatureC = null,
          vramUsed = null,
          vramTotal = null,
          powerWatts = null,
          loadPercent = null,
        }) => ({
          loadPercent,
          temperatureC,
          vramUsed,
          vramTotal,
          powerWatts,
        }),
      ),
    },
  });

/** One sample a second from second `from` to second `until`. */
const each = (from: number, until: number, ...gpus: Gpu[]): MonitorEvent[] =>
  Array.from({ length: until - from + 1 }, (_, index) => gpusAt(1_000 * (from + index), ...gpus));

const mild = { temperatureC: 60 };

describe('a hot GPU', () => {
  const hot = (temperatureC: number | null) => ({ temperatureC });

  it('is told of once per excursion, however it trembles at the limit', () => {
    const user = listen(stateAfter(), { alerts: { gpuTemperatureC: 80 } });
    const values = [79, 80, 79, 81, 76, 80, 75, 80];
    user.happen(...values.map((value, index) => gpusAt(1_000 * (index + 1), hot(value))));
    expect(user.titles).toEqual(['The GPU is hot: 80 °C', 'The GPU is hot: 80 °C']);
  });

  it.each<[string, Gpu, number | null, number, string | null]>([
    ['its own', { temperatureLimitC: 88 }, null, 88, 'On Test; the card’s own limit is 88 °C.'],
    ['its own, not reached', { temperatureLimitC: 95 }, null, 94, null],
    ['the usual one', {}, null, 90, 'On Test; the usual limit is 90 °C, the card tells none.'],
    ['the usual one, not reached', {}, null, 89, null],
    ["the user's, below its own", { temperatureLimitC: 88 }, 75, 75, 'On Test; your limit is 75 °C.'],
    ["the user's, above its own", { temperatureLimitC: 88 }, 95, 94, null],
    ['none, as a part of the processor', { isIntegrated: true, isUsed: true }, null, 99, null],
    [
      'its own, as a part of the processor',
      { isIntegrated: true, isUsed: true, temperatureLimitC: 98 },
      null,
      98,
      'On Test; the card’s own limit is 98 °C.',
    ],
    [
      'none, as one beside that ComfyUI leaves alone',
      { isIntegrated: true, temperatureLimitC: 98 },
      75,
      99,
      null,
    ],
  ])('is hot by %s', (_, gpu, gpuTemperatureC, temperatureC, body) => {
    const user = listen(stateAfter(), { alerts: { gpuTemperatureC } });
    user.happen(gpusAt(1_000, { ...gpu, temperatureC }));
    expect(user.bodies).toEqual(body === null ? [] : [body]);
  });

  it('that is not measured for a while has not cooled down', () => {
    const user = listen();
    user.happen(gpusAt(1_000, hot(95)), gpusAt(2_000, hot(null)), gpusAt(3_000, hot(95)));
    expect(user.titles).toHaveLength(1);
  });

  it('is not told of by what was measured before the connection was lost', () => {
    const user = listen(stateAfter(gpusAt(0, hot(95))), { notifications: { alerts: false } });
    user.happen(lost(1_000));
    user.change({ preferences: defaultPreferences });
    user.wait(2_000);
    user.happen(back(3_000));
    expect(user.titles).toEqual([]);
    user.happen(gpusAt(4_000, hot(95)));
    expect(user.titles).toEqual(['The GPU is hot: 95 °C']);
  });

  it('is not told of by what was measured long ago', () => {
    const user = listen(stateAfter(gpusAt(0, hot(95))), { notifications: { alerts: false } });
    user.change({ preferences: defaultPreferences });
    user.wait(60_000);
    expect(user.titles).toEqual([]);
  });

  it('is told of after a pause if it is still hot then', () => {
    const user = listen();
    user.change({ pausedUntil: 3_000 });
    user.happen(gpusAt(1_000, hot(95)), gpusAt(2_000, hot(96)), gpusAt(3_000, hot(97)));
    expect(user.titles).toEqual(['The GPU is hot: 97 °C']);
  });

  it('is not told of when that is not wanted, or no alerts at all', () => {
    const none = listen(stateAfter(), { alerts: { hot: false, gpuTemperatureC: 50 } });
    none.happen(gpusAt(1_000, hot(110)));
    const off = listen(stateAfter(), { notifications: { alerts: false } });
    off.happen(gpusAt(1_000, hot(110)));
    expect([...none.titles, ...off.titles]).toEqual([]);
  });
});

describe('GPUs', () => {
  it('are called by their models, and by numbers where ComfyUI computes on several', () => {
    const one = listen();
    one.happen(
      gpusAt(1_000, { temperatureC: 95, name: 'NVIDIA GeForce RTX 4090' }, { ...mild, isUsed: false }),
      gpusAt(2_000, mild, { temperatureC: 96, isUsed: false, name: 'NVIDIA T400' }),
      gpusAt(3_000, mild, mild, { temperatureC: 97, isUsed: false }),
    );
    const three = listen();
    three.happen(
      gpusAt(1_000, mild, { temperatureC: 95 }, { temperatureC: 96, name: 'RTX 4090' }),
      gpusAt(2_000, { temperatureC: 97 }, { temperatureC: 95 }, { temperatureC: 96, name: 'RTX 4090' }),
    );
    expect([...one.titles, ...three.titles]).toEqual([
      'RTX 4090 is hot: 95 °C',
      'T400 is hot: 96 °C',
      'Another GPU is hot: 97 °C',
      'GPU 1 is hot: 95 °C',
      'GPU 2 (RTX 4090) is hot: 96 °C',
      'GPU 0 is hot: 97 °C',
    ]);
  });
});

describe('a GPU that is slowed down', () => {
  const slow = (...throttledBy: NonNullable<GpuState['throttledBy']>) => ({ throttledBy });
  const unknown = { throttledBy: null };

  it('is told of after a whole minute, with what slows it, once', () => {
    const user = listen();
    user.happen(...each(1, 60, slow('heat', 'power_limit')));
    expect(user.titles).toEqual([]);
    user.happen(...each(61, 300, slow('heat', 'power_limit')));
    expect(user.titles).toEqual(['The GPU is slowed down by heat']);
    expect(user.bodies[0]).toBe('On Test, for a minute now. Fans, dust or warm air around it can be why.');
  });

  it('is told of again only after it was fast for a minute', () => {
    const user = listen();
    user.happen(
      ...each(1, 70, slow('hardware')),
      ...each(71, 129, slow()),
      ...each(130, 250, slow('hardware')),
    );
    expect(user.titles).toEqual(['The GPU is slowed down by its own protection']);
    user.happen(...each(251, 311, slow()), ...each(312, 372, slow('power_brake')));
    expect(user.titles.slice(1)).toEqual(['The GPU is slowed down by its power supply']);
  });

  it.each<[string, Gpu[][]]>([
    ['its power limit alone', [Array(100).fill(slow('power_limit'))]],
    ['nothing that anybody tells', [Array(100).fill(unknown)]],
    ['heat for less than a minute each time', Array(5).fill([...Array(59).fill(slow('heat')), slow()])],
    ['heat while it has nothing to do', [Array(100).fill({ ...slow('heat'), loadPercent: 3 })]],
    ['heat where ComfyUI does not compute', [Array(100).fill({ ...slow('heat'), isUsed: false })]],
    ['what was not known for most of the minute', [[slow('heat'), ...Array(70).fill(unknown), slow('heat')]]],
  ])('by %s is not told of', (_, spans) => {
    const user = listen();
    user.happen(...spans.flat().map((gpu, index) => gpusAt(1_000 * (index + 1), gpu)));
    expect(user.titles).toEqual([]);
  });

  it('is slowed down still while it waits between two nodes', () => {
    const user = listen();
    const busy = { ...slow('heat'), loadPercent: 95 };
    user.happen(...each(1, 30, busy), ...each(31, 35, { ...slow(), loadPercent: 0 }), ...each(36, 61, busy));
    expect(user.titles).toEqual(['The GPU is slowed down by heat']);
  });

  it('stays slow while nobody knows for a moment', () => {
    const user = listen();
    user.happen(...each(1, 30, slow('heat')), ...each(31, 35, unknown), ...each(36, 61, slow('heat')));
    expect(user.titles).toHaveLength(1);
    user.happen(...each(62, 140, unknown), ...each(141, 220, slow('heat')));
    expect(user.titles).toHaveLength(1);
  });

  it('has not been slow for a minute if the connection was lost meanwhile', () => {
    const user = listen();
    user.happen(...each(1, 30, slow('heat')), lost(31_000), back(90_000), ...each(91, 120, slow('heat')));
    expect(user.titles).toEqual([]);
  });

  it('is not told of if that is not wanted', () => {
    const user = listen(stateAfter(), { alerts: { throttled: false } });
    user.happen(...each(1, 100, slow('heat')));
    expect(user.titles).toEqual([]);
  });
});

describe('VRAM that spilled into RAM', () => {
  const card = { isIntegrated: false, vramTotal: 24 * gib };

  it.each<[string, Gpu]>([
    ['PyTorch holds more than the card has', { ...card, vramReserved: 26 * gib }],
    ['the driver counts less on the card', { ...card, vramReserved: 20 * gib, vramUsed: 18 * gib }],
    [
      'the driver counts less of ComfyUI',
      { ...card, vramUsed: 23 * gib, vramReserved: 20 * gib, vramOwn: 15 * gib },
    ],
    [
      'the card may be integrated, but PyTorch gives its size',
      { vramTotal: 24 * gib, vramReserved: 26 * gib, sources: { vramTotal: 'system_stats' } },
    ],
  ])('is told of once where %s', (_, gpu) => {
    const user = listen();
    user.happen(...each(1, 120, gpu));
    expect(user.titles).toEqual(['The GPU spilled into system RAM']);
  });

  it('is told of with how much fits, and what to do', () => {
    const user = listen();
    user.happen(...each(1, 10, { ...card, vramReserved: 26 * gib, name: 'RTX 4090' }));
    expect(user.bodies).toEqual([
      'ComfyUI on Test holds 26.0 GiB, of which at most 24.0 GiB fit in the VRAM: it is much slower now. A smaller batch or resolution, fewer other programs or --lowvram help.',
    ]);
  });

  it.each<[string, Gpu]>([
    ['the card is full', { ...card, vramReserved: 23.5 * gib, vramUsed: 23.9 * gib }],
    [
      'ComfyUI pins memory of the computer to load from it',
      { ...card, vramReserved: 20 * gib, vramUsed: 23.9 * gib, vramOwn: 21 * gib, sharedUsed: 12 * gib },
    ],
    ['VRAM is RAM', { ...card, isIntegrated: true, vramTotal: 0.5 * gib, vramReserved: 20 * gib }],
    ['VRAM may be RAM', { ...card, isIntegrated: null, vramTotal: 0.5 * gib, vramReserved: 20 * gib }],
    ['only PyTorch counts', { ...card, vramReserved: 20 * gib, vramUsed: 10 * gib, vramCounts: 'pytorch' }],
    ['the driver tells nothing of ComfyUI', { ...card, vramReserved: 20 * gib, vramOwn: 0 }],
    ['nobody tells what PyTorch holds', { ...card, vramUsed: 24 * gib }],
  ])('is not told of where %s', (_, gpu) => {
    const user = listen();
    user.happen(...each(1, 60, gpu));
    expect(user.titles).toEqual([]);
  });

  it('is not told of where two figures are only of two moments', () => {
    const user = listen();
    const loading = { ...card, vramReserved: 20 * gib, vramUsed: 5 * gib };
    user.happen(
      ...Array.from({ length: 20 }, (_, round) => [
        ...each(round * 6 + 1, round * 6 + 2, loading),
        ...each(round * 6 + 3, round * 6 + 6, { ...loading, vramUsed: 21 * gib }),
      ]).flat(),
    );
    expect(user.titles).toEqual([]);
  });

  it('is not told of where ComfyUI was asked before it gave its memory back', () => {
    const user = listen();
    const sources = { vramUsed: 'local', vramTotal: 'local', vramReserved: 'system_stats' } as const;
    user.happen(...each(1, 10, { ...card, vramReserved: 20 * gib, vramUsed: 1 * gib, sources }));
    expect(user.titles).toEqual([]);
  });

  it('is told of again after a minute without it', () => {
    const user = listen();
    const spilled = { ...card, vramReserved: 26 * gib };
    const fits = { ...card, vramReserved: 16 * gib };
    user.happen(...each(1, 10, spilled), ...each(11, 50, fits), ...each(51, 70, spilled));
    expect(user.titles).toHaveLength(1);
    user.happen(...each(71, 131, fits), ...each(132, 142, spilled));
    expect(user.titles).toHaveLength(2);
  });

  it('is not told of if that is not wanted', () => {
    const user = listen(stateAfter(), { alerts: { spilled: false } });
    user.happen(...each(1, 60, { ...card, vramReserved: 26 * gib }));
    expect(user.titles).toEqual([]);
  });
});

describe('VRAM that is nearly full', () => {
  const used = (vramUsed: number) => ({ vramUsed, vramTotal: 100e9 });

  it('is normal', () => {
    const user = listen();
    user.happen(gpusAt(1_000, used(100e9)));
    expect(user.titles).toEqual([]);
  });

  it('is told of, with the amount in the units that were chosen, where there is a limit', () => {
    const user = listen(stateAfter(), { alerts: { vramPercent: 95 } });
    user.happen(gpusAt(1_000, used(94e9)), gpusAt(2_000, used(96e9)), gpusAt(3_000, used(97e9)));
    expect(user.titles).toEqual(['VRAM is nearly full: 96%']);
    expect(user.bodies).toEqual(['The GPU on Test uses 89.4 GiB of 93.1 GiB.']);
  });

  it('is no matter where ComfyUI does not compute', () => {
    const user = listen(stateAfter(), { alerts: { vramPercent: 95 } });
    user.happen(gpusAt(1_000, { ...used(99e9), isIntegrated: true }, { ...used(99e9), isUsed: false }));
    expect(user.titles).toEqual([]);
  });
});

describe('a GPU that is lost', () => {
  const there = { name: 'RTX 4090', isUsed: true };
  const goneSince = (second: number) => ({ ...there, goneSince: 1_000 * second });

  it('is told of once, after it was gone for some seconds', () => {
    const user = listen();
    user.happen(...each(1, 5, mild, there), ...each(6, 15, mild, goneSince(6)));
    expect(user.titles).toEqual([]);
    user.happen(...each(16, 60, mild, goneSince(6)));
    expect(user.titles).toEqual(['GPU 1 (RTX 4090) is gone']);
    const missing = { all: 'the driver has no handle for it' };
    user.happen(...each(61, 65, mild, there), ...each(66, 90, mild, { ...goneSince(66), missing }));
    expect(user.bodies).toEqual([
      'ComfyUI on Test computed on it, and it has not been found for 10 s: its driver may have lost it.',
      'ComfyUI on Test computed on it, and it has not been found for 10 s: the driver has no handle for it.',
    ]);
  });

  it('is not said to be one that ComfyUI computed on where nobody knows', () => {
    const user = listen();
    const unknown = { ...there, isUsed: null };
    user.happen(...each(1, 5, unknown), ...each(6, 30, { ...unknown, goneSince: 6_000 }));
    expect(user.bodies).toEqual(['On Test, it has not been found for 10 s: its driver may have lost it.']);
  });

  it.each<[string, MonitorEvent[]]>([
    ['is back in a moment', [...each(1, 2, there), ...each(3, 9, goneSince(3)), ...each(10, 30, there)]],
    [
      'ComfyUI did not compute on',
      [...each(1, 2, { ...there, isUsed: false }), ...each(3, 30, { ...goneSince(3), isUsed: false })],
    ],
    [
      'is part of the processor, for all that is known',
      [
        ...each(1, 2, { ...there, isUsed: null, isIntegrated: true }),
        ...each(3, 30, { ...goneSince(3), isUsed: null, isIntegrated: true }),
      ],
    ],
    ['was gone before we looked', each(20, 60, goneSince(-100))],
    [
      'is not there any more after a restart of the server',
      [...each(1, 2, there), lost(2_500), back(3_000), ...each(4, 60, goneSince(4))],
    ],
  ])('is not told of if it %s', (_, events) => {
    const user = listen();
    user.happen(...events);
    expect(user.titles).toEqual([]);
  });

  it('is told of although ComfyUI does not list it any more', () => {
    const user = listen();
    user.happen(...each(1, 2, mild, there), ...each(3, 30, mild, { ...goneSince(3), isUsed: false }));
    expect(user.titles).toEqual(['RTX 4090 is gone']);
  });

  it('is told of then or not at all', () => {
    const user = listen(stateAfter(), { alerts: { gpuLost: false } });
    user.happen(...each(1, 2, there), ...each(3, 30, goneSince(3)));
    user.change({ preferences: defaultPreferences });
    user.happen(...each(31, 60, goneSince(3)));
    expect(user.titles).toEqual([]);
  });
});

describe('the output disk', () => {
  const disk = (second: number, free: number, total: number, of: Partial<MachineState> = {}) =>
    event(1_000 * second, 'telemetry_sampled', {
      machine: { ...machineWith(), diskHoldsOutputs: true, diskPath: '/srv/out', ...of },
      sample: { ...sample(1_000 * second), gpus: [], diskUsed: total - free, diskTotal: total },
    });

  it.each<[string, number, number, boolean]>([
    ['less than 10 GiB of a large one', 9.9 * gib, 1_000 * gib, true],
    ['10 GiB of a large one', 10 * gib, 1_000 * gib, false],
    ['less than a tenth of a small one', 4.9 * gib, 50 * gib, true],
    ['a tenth of a small one', 5.1 * gib, 50 * gib, false],
    ['nothing', 0, 50 * gib, true],
  ])('with %s free is nearly full or not', (_, free, total, isFull) => {
    const user = listen();
    user.happen(disk(1, free, total));
    expect(user.titles).toHaveLength(isFull ? 1 : 0);
  });

  it('is told of with what is left, and again only after it was clearly freed', () => {
    const user = listen();
    user.happen(disk(1, 8.25 * gib, 500 * gib), disk(2, 12 * gib, 500 * gib), disk(3, 8 * gib, 500 * gib));
    expect(user.titles).toEqual(['The output disk is nearly full: 8.3 GiB free']);
    expect(user.bodies).toEqual(['8.3 of 500 GiB are left for what Test makes (/srv/out).']);
    user.happen(disk(4, 16 * gib, 500 * gib), disk(5, 8 * gib, 500 * gib));
    expect(user.titles).toHaveLength(2);
  });

  it('is not another disk, and not measured is not freed', () => {
    const user = listen();
    const other = { diskHoldsOutputs: false };
    user.happen(disk(1, 1 * gib, 500 * gib, other));
    expect(user.titles).toEqual([]);
    user.happen(
      disk(2, 1 * gib, 500 * gib),
      disk(3, 400 * gib, 500 * gib, other),
      disk(4, 1 * gib, 500 * gib),
    );
    expect(user.titles).toHaveLength(1);
  });

  it('is not told of if that is not wanted', () => {
    const user = listen(stateAfter(), { alerts: { diskFull: false } });
    user.happen(disk(1, 1 * gib, 500 * gib));
    expect(user.titles).toEqual([]);
  });
});
