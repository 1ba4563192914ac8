import { describe, expect, it } from 'vitest';
import {
  type GpuReading,
  type MachineReading,
  unmeasuredGpu,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
import { leadingSource, shownGpuPlaces, vramOfOthers } from '../../domain/telemetry/machine-state.ts';
import { TelemetryMixer } from './telemetry-mixer.ts';

const second = 1_000;
const gpu = (known: Partial<GpuReading>): GpuReading => ({ ...unmeasuredGpu(), ...known });
const machine = (at: number, known: Partial<MachineReading>): MachineReading => ({
  ...unmeasuredMachine(at * second),
  ...known,
});

const local = (at: number, known: Partial<GpuReading> = {}) =>
  machine(at, {
    cpuPercent: 11,
    gpus: [
      gpu({
        uuid: 'GPU-1',
        name: 'NVIDIA GeForce RTX 4090',
        vramTotal: 24,
        vramUsed: 10,
        loadPercent: 90,
        ...known,
      }),
    ],
  });
const crystools = (at: number, known: Partial<GpuReading> = {}) =>
  machine(at, {
    cpuPercent: 12,
    ramUsed: 20,
    ramTotal: 64,
    gpus: [gpu({ vramTotal: 24, vramUsed: 10, loadPercent: 91, temperatureC: 70, ...known })],
  });
const stats = (at: number, known: Partial<GpuReading> = {}) =>
  machine(at, {
    ramUsed: 21,
    ramTotal: 64,
    gpus: [
      gpu({
        name: 'cuda:0 NVIDIA GeForce RTX 4090 : native',
        device: 0,
        isUsed: true,
        vramTotal: 24,
        vramUsed: 10,
        vramReserved: 8,
        ...known,
      }),
    ],
  });

describe('of several sources', () => {
  it('each value is that of the best which has it, and says whose it is', () => {
    const mixer = new TelemetryMixer();
    mixer.take('system_stats', stats(0));
    mixer.take('crystools', crystools(0.5));
    const mixed = mixer.take('local', local(1, { powerWatts: 400 }));
    expect(mixed?.sample).toEqual({
      at: second,
      cpuPercent: 11,
      ramUsed: 20,
      ramTotal: 64,
      diskUsed: null,
      diskTotal: null,
      gpus: [{ loadPercent: 90, temperatureC: 70, vramUsed: 10, vramTotal: 24, powerWatts: 400 }],
    });
    expect(mixed?.machine.sources).toEqual({ cpuPercent: 'local', ram: 'crystools' });
    expect(mixed?.machine.gpus).toMatchObject([
      {
        name: 'NVIDIA GeForce RTX 4090',
        isUsed: true,
        vramReserved: 8,
        sources: {
          loadPercent: 'local',
          temperatureC: 'crystools',
          vramUsed: 'local',
          powerWatts: 'local',
          vramReserved: 'system_stats',
        },
      },
    ]);
    expect(mixed && leadingSource(mixed.machine)).toBe('local');
  });

  it('a used size and its total are of one of them', () => {
    const mixer = new TelemetryMixer();
    mixer.take('system_stats', stats(0));
    const mixed = mixer.take('crystools', crystools(1, { vramTotal: null, vramUsed: 3 }));
    expect(mixed?.sample.gpus).toMatchObject([{ vramUsed: 10, vramTotal: 24 }]);
    expect(mixed?.machine.gpus[0]?.sources.vramUsed).toBe('system_stats');
  });

  it('who counts all programs knows VRAM better than who counts ComfyUI alone', () => {
    const mixer = new TelemetryMixer();
    const alone = mixer.take('companion', local(0, { vramUsed: 3, vramCounts: 'pytorch' }));
    expect(alone?.machine.gpus).toMatchObject([{ vramCounts: 'pytorch' }]);
    mixer.take('local', local(0.5));
    const mixed = mixer.take('companion', local(1, { vramUsed: 3, vramCounts: 'pytorch' }));
    expect(mixed?.sample.gpus).toMatchObject([{ vramUsed: 10, vramTotal: 24 }]);
    expect(mixed?.machine.gpus).toMatchObject([{ vramCounts: 'all', sources: { vramUsed: 'local' } }]);
  });

  it('the best that is quick enough sets the pace, and the others add to its samples', () => {
    const mixer = new TelemetryMixer();
    const times: number[] = [];
    const hear = (mixed: ReturnType<TelemetryMixer['take']>) => mixed && times.push(mixed.sample.at / second);
    for (let at = 0; at < 20; at += 1) {
      hear(mixer.take('companion', local(at)));
      hear(mixer.take('crystools', crystools(at + 0.3)));
      if (at % 2 === 0) hear(mixer.take('system_stats', stats(at + 0.6)));
    }
    expect(times).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it('one that was made slow is still heard, but does not set the pace', () => {
    const mixer = new TelemetryMixer();
    const temperatures: (number | null | undefined)[] = [];
    for (let at = 0; at < 60; at += 2) {
      if (at % 10 === 0) mixer.take('crystools', crystools(at));
      const mixed = mixer.take('system_stats', stats(at + 0.5));
      // Its pace is known from its second reading on.
      if (mixed && at > 10) temperatures.push(mixed.sample.gpus[0]?.temperatureC);
    }
    expect(temperatures.length).toBeGreaterThan(20);
    expect(temperatures.every((value) => value === 70)).toBe(true);
  });

  it('a flood of messages is not looked at', () => {
    const mixer = new TelemetryMixer();
    let mixed = 0;
    for (let n = 0; n < 10_000; n += 1) if (mixer.take('companion', local(n / 1_000))) mixed += 1;
    expect(mixed).toBeLessThanOrEqual(220);
    expect(mixer.take('companion', local(11.5))).not.toBeNull();
  });

  it('what comes late does not count', () => {
    const mixer = new TelemetryMixer();
    mixer.take('crystools', crystools(5, { loadPercent: 50 }));
    expect(mixer.take('crystools', crystools(4, { loadPercent: 40 }))).toBeNull();
    expect(
      mixer.take('crystools', crystools(6, { loadPercent: null }))?.sample.gpus[0]?.loadPercent,
    ).toBeNull();
  });

  it('the next best takes over within five seconds when one goes away, on the same GPU', () => {
    const mixer = new TelemetryMixer();
    const samples: { at: number; vram: number | null | undefined; cpu: number | null }[] = [];
    for (let at = 0; at < 30; at += 1) {
      const mixed = [
        at < 10 ? mixer.take('companion', local(at)) : null,
        mixer.take('crystools', crystools(at + 0.5)),
      ];
      for (const one of mixed)
        if (one)
          samples.push({
            at: one.sample.at / second,
            vram: one.sample.gpus[0]?.vramUsed,
            cpu: one.sample.cpuPercent,
          });
    }
    const gaps = samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
    expect(samples.every(({ vram }) => vram === 10)).toBe(true);
    expect(samples.at(-1)?.cpu).toBe(12);
  });

  it('one that was silent and says one word is not believed for longer than usual', () => {
    const mixer = new TelemetryMixer();
    for (const at of [0, 1, 2, 60]) mixer.take('companion', local(at));
    for (let at = 60; at < 64; at += 1) mixer.take('crystools', crystools(at + 0.5, { loadPercent: 5 }));
    const mixed = mixer.take('crystools', crystools(64.5, { loadPercent: 5 }));
    expect(mixed?.sample.gpus[0]?.loadPercent).toBe(5);
  });

  it('why a value is missing is said as long as nobody has it', () => {
    const mixer = new TelemetryMixer();
    const silent = local(0, { missing: { temperatureC: 'not supported', fanPercent: 'no fan' } });
    expect(mixer.take('local', silent)?.machine.gpus[0]?.missing).toEqual({
      temperatureC: 'not supported',
      fanPercent: 'no fan',
    });
    mixer.take('crystools', crystools(0.5));
    const mixed = mixer.take(
      'local',
      local(1, { missing: { temperatureC: 'not supported', fanPercent: 'no fan' } }),
    );
    expect(mixed?.machine.gpus[0]?.missing).toEqual({ fanPercent: 'no fan' });
  });

  it('nothing stays of one that is forgotten', () => {
    const mixer = new TelemetryMixer();
    mixer.take('local', local(0));
    mixer.forget('local');
    expect(mixer.take('system_stats', stats(0.5))?.sample.cpuPercent).toBeNull();
  });
});

describe('the VRAM of others', () => {
  it('is known only by one source that tells both', () => {
    const mixer = new TelemetryMixer();
    const mixed = mixer.take('companion', local(0, { vramOwn: 7 }));
    expect(mixed && vramOfOthers(mixed.machine.gpus[0] ?? never(), 10)).toBe(3);
    const other = new TelemetryMixer();
    other.take('system_stats', stats(0));
    const reserved = other.take('local', local(0.5));
    expect(reserved && vramOfOthers(reserved.machine.gpus[0] ?? never(), 10)).toBeNull();
  });
});

function never(): never {
  throw new Error('there is no GPU');
}

describe('a GPU', () => {
  const eight = (at: number, without: number | null = null) =>
    machine(at, {
      gpus: Array.from({ length: 8 }, (_, n) =>
        gpu({ uuid: `GPU-${n}`, name: 'NVIDIA H100', loadPercent: n }),
      ).filter((_, n) => n !== without),
    });

  it('that vanishes leaves the others in their places, and comes back to its own', () => {
    const mixer = new TelemetryMixer();
    mixer.take('companion', eight(0));
    const lost = mixer.take('companion', eight(1, 3));
    expect(lost?.sample.gpus.map(({ loadPercent }) => loadPercent)).toEqual([0, 1, 2, null, 4, 5, 6, 7]);
    expect(lost?.machine.gpus[3]).toMatchObject({ name: 'NVIDIA H100', goneSince: second });
    expect(lost && shownGpuPlaces(lost.machine, 2 * second)).toHaveLength(8);
    expect(lost && shownGpuPlaces(lost.machine, 3_600 * second)).toHaveLength(7);
    const back = mixer.take('companion', eight(2));
    expect(back?.machine.gpus[3]?.goneSince).toBeNull();
    expect(back?.sample.gpus[3]?.loadPercent).toBe(3);
  });

  it('is not gone because who told of it is silent', () => {
    const mixer = new TelemetryMixer();
    mixer.take('companion', eight(0));
    for (let at = 1; at < 10; at += 1) mixer.take('system_stats', machine(at, { ramUsed: 1, ramTotal: 2 }));
    const mixed = mixer.take('system_stats', machine(10, { ramUsed: 1, ramTotal: 2 }));
    expect(mixed?.machine.gpus.map(({ goneSince }) => goneSince)).toEqual(Array(8).fill(null));
  });

  it('that the source remembers as lost is gone, too', () => {
    const mixer = new TelemetryMixer();
    mixer.take('companion', local(0));
    const lost = { loadPercent: null, vramUsed: null, isLost: true, missing: { all: 'GPU is lost' } };
    mixer.take('companion', local(1, lost));
    expect(mixer.take('companion', local(2, lost))?.machine.gpus[0]).toMatchObject({
      goneSince: second,
      missing: { all: 'GPU is lost' },
    });
  });

  it('that a better source has lost is gone, whatever ComfyUI still lists', () => {
    const mixer = new TelemetryMixer();
    mixer.take('system_stats', stats(0));
    mixer.take('local', local(0.5));
    const lost = { loadPercent: null, vramUsed: null, isLost: true, missing: { all: 'GPU is lost' } };
    for (let at = 1; at < 10; at += 1) {
      mixer.take('local', local(at, lost));
      mixer.take('system_stats', stats(at + 0.5));
    }
    expect(mixer.take('local', local(10, lost))?.machine.gpus).toMatchObject([{ goneSince: second }]);
    expect(mixer.take('local', local(11))?.machine.gpus).toMatchObject([{ goneSince: null }]);
  });

  it('of another machine behind the same address is gone soon, and not during a new connection', () => {
    const mixer = new TelemetryMixer();
    mixer.take('companion', eight(0));
    mixer.forget('companion', 'system_stats');
    const other = (at: number) =>
      machine(at, { gpus: [gpu({ name: 'cuda:0 L40S', device: 0, loadPercent: 1 })] });
    const soon = mixer.take('system_stats', other(2));
    expect(soon?.machine.gpus.filter(({ goneSince }) => goneSince !== null)).toEqual([]);
    const later = mixer.take('system_stats', other(14));
    expect(later?.machine.gpus.map(({ goneSince }) => goneSince)).toEqual([...Array(8).fill(0), null]);
    expect(later?.machine.gpus[0]?.missing.all, 'nobody knows that its driver lost it').toMatch(
      /nothing that/,
    );
    const back = mixer.take('companion', eight(15));
    expect(back?.machine.gpus.slice(0, 8).every(({ goneSince }) => goneSince === null)).toBe(true);
  });

  it('has the name that tells the model', () => {
    const mixer = new TelemetryMixer();
    mixer.take(
      'system_stats',
      machine(0, { gpus: [gpu({ name: 'cuda:0 AMD Radeon RX 7900 XTX', device: 0 })] }),
    );
    const mixed = mixer.take('local', machine(1, { gpus: [gpu({ name: 'AMD GPU 744c', loadPercent: 1 })] }));
    expect(mixed?.machine.gpus.map(({ name }) => name)).toEqual(['cuda:0 AMD Radeon RX 7900 XTX']);
  });

  it('is used no more where ComfyUI was started anew for another one of the same model', () => {
    const card = (n: number, vramUsed: number) =>
      gpu({ uuid: `GPU-${n}`, name: 'NVIDIA RTX A6000', vramTotal: 48, vramUsed });
    const pair = (at: number, ...used: [number, number]) =>
      machine(at, { gpus: used.map((vramUsed, n) => card(n, vramUsed)) });
    const one = (at: number, vramUsed: number) =>
      machine(at, {
        gpus: [
          gpu({ name: 'cuda:0 NVIDIA RTX A6000 : native', device: 0, isUsed: true, vramTotal: 48, vramUsed }),
        ],
      });
    const mixer = new TelemetryMixer();
    mixer.take('local', pair(0, 30, 1));
    mixer.take('system_stats', one(0.5, 30));
    expect(mixer.take('local', pair(1, 30, 1))?.machine.gpus.map(({ isUsed }) => isUsed)).toEqual([
      true,
      null,
    ]);
    mixer.forget('companion', 'local', 'crystools', 'system_stats');
    mixer.take('local', pair(2, 1, 30));
    mixer.take('system_stats', one(2.5, 30));
    expect(mixer.take('local', pair(3, 1, 30))?.machine.gpus.map(({ isUsed }) => isUsed)).toEqual([
      null,
      true,
    ]);
  });

  it('is not used where ComfyUI computes on the processor', () => {
    const mixer = new TelemetryMixer();
    mixer.take('system_stats', machine(0, { isCpuOnly: true }));
    expect(mixer.take('local', local(1))?.machine.gpus[0]?.isUsed).toBe(false);
  });

  it('is none where Crystools lists one without any value', () => {
    const mixer = new TelemetryMixer();
    expect(mixer.take('crystools', machine(0, { cpuPercent: 5, gpus: [gpu({})] }))?.sample.gpus).toEqual([]);
  });

  it('is not gone because Crystools was told not to measure it', () => {
    const mixer = new TelemetryMixer();
    mixer.take('crystools', crystools(0));
    const off = { gpus: [gpu({})], cpuPercent: 5 };
    expect(mixer.take('crystools', machine(1, off))?.machine.gpus).toMatchObject([{ goneSince: null }]);
  });

  it('that ComfyUI does not compute on is known as such where that is certain', () => {
    const integrated = gpu({
      pciAddress: '0000:00:02.0',
      name: 'Intel UHD Graphics 770',
      isIntegrated: true,
    });
    const both = machine(1, { gpus: [...local(1).gpus, integrated] });
    const mixer = new TelemetryMixer();
    mixer.take('system_stats', stats(0));
    expect(mixer.take('local', both)?.machine.gpus.map(({ isUsed }) => isUsed)).toEqual([true, false]);
    mixer.take('system_stats', stats(1.5));
    expect(
      mixer.take('local', { ...both, at: 2 * second })?.machine.gpus.map(({ isUsed }) => isUsed),
    ).toEqual([true, false]);
    // Of another card of the same maker an older version would not tell.
    const twin = gpu({ uuid: 'GPU-2', name: 'NVIDIA GeForce RTX 3090', vramTotal: 20 });
    const pair = new TelemetryMixer();
    pair.take('local', machine(0, { gpus: [...local(0).gpus, twin] }));
    pair.take('system_stats', stats(0.5));
    const mixed = pair.take('local', machine(1, { gpus: [...local(1).gpus, twin] }));
    expect(mixed?.machine.gpus.map(({ isUsed }) => isUsed)).toEqual([true, null]);
  });

  it('never takes more places than a machine can have, however many are told of', () => {
    const mixer = new TelemetryMixer();
    for (let n = 0; n < 200; n += 1)
      mixer.take(
        'companion',
        machine(n, { gpus: [gpu({ uuid: `GPU-${n}`, name: 'a rented one', loadPercent: 1 })] }),
      );
    const mixed = mixer.take(
      'companion',
      machine(200, { gpus: [gpu({ uuid: 'GPU-last', name: 'x', loadPercent: 77 })] }),
    );
    expect(mixed?.machine.gpus).toHaveLength(32);
    expect(mixed?.sample.gpus.some(({ loadPercent }) => loadPercent === 77)).toBe(true);
    const many = Array.from({ length: 500 }, (_, n) => gpu({ uuid: `G-${n}` }));
    expect(new TelemetryMixer().take('companion', machine(0, { gpus: many }))?.sample.gpus).toHaveLength(32);
  });
});
