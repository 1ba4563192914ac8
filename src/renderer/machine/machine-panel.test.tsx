import { act, screen, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { type Presence, type ServerFacts, unknownFacts } from '../../domain/server.ts';
import {
  type GpuState,
  type MachineState,
  type TelemetrySource,
  unknownMachine,
} from '../../domain/telemetry/machine-state.ts';
import type { GpuSample, TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { event, gpuState, sample, stateAfter } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { MachinePanel } from './machine-panel.tsx';

const gib = 1024 ** 3;
const start = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});

function measured(at: number, source: TelemetrySource, figures: Partial<TelemetrySample> = {}): MonitorEvent {
  const measured = { ...sample(at), ...figures };
  const gpus = measured.gpus.map(() => gpuState());
  const machine = { ...unknownMachine, gpus, sources: { ram: source } };
  return event(at, 'telemetry_sampled', { sample: measured, machine });
}

function learnt(facts: Partial<ServerFacts>): MonitorEvent {
  return event(0, 'facts_learnt', { facts: { ...unknownFacts, ...facts } });
}

function crystools(presence: Presence): MonitorEvent {
  return learnt({ crystools: presence });
}

function broken(at: number): MonitorEvent {
  const problem = { kind: 'closed' as const, detail: '', status: null };
  return event(at, 'connection_changed', {
    connection: { phase: 'waiting', attempt: 1, since: at, retryAt: at + 5_000, problem },
  });
}

function renderPanel(...events: MonitorEvent[]) {
  return renderPart(<MachinePanel serverId="s" />, { state: stateAfter(...events) });
}

/** What a figure below the charts says, by its name. */
function figure(name: string): string | null | undefined {
  return screen.getByText(name).closest('dt')?.nextElementSibling?.textContent;
}

const second = 1_000;
const unmeasured = {
  loadPercent: null,
  temperatureC: null,
  vramUsed: null,
  vramTotal: null,
  powerWatts: null,
};

/** A GPU with its state and what was measured of it. */
interface TestGpu {
  state?: Partial<GpuState>;
  sample?: Partial<GpuSample>;
}

/** A machine with GPUs, of which the companion measures everything unless something else is said. */
function machine(
  gpus: TestGpu[],
  known: Partial<MachineState> = {},
  figures: Partial<TelemetrySample> = {},
  at = start,
): MonitorEvent {
  const states = gpus.map(({ state }) => gpuState({ sources: { loadPercent: 'companion' }, ...state }));
  return event(at, 'telemetry_sampled', {
    sample: {
      ...sample(at),
      cpuPercent: 10,
      ...figures,
      gpus: gpus.map((gpu) => ({ ...unmeasured, ...gpu.sample })),
    },
    machine: { ...unknownMachine, sources: { cpuPercent: 'companion' }, ...known, gpus: states },
  });
}

/** What is said of something as soon as its name is focused. */
async function explanationOf(name: string | RegExp): Promise<string> {
  const trigger = screen.getByRole('button', { name });
  await act(async () => trigger.focus());
  const text = screen.getByRole('tooltip').textContent;
  await act(async () => trigger.blur());
  return text;
}

it('draws what was measured, and names the GPU', async () => {
  await renderPanel(
    learnt({
      devices: [
        { name: 'cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync', type: 'cuda', index: 0, vramTotal: null },
      ],
    }),
    measured(start, 'crystools', {
      ramUsed: 8 * gib,
      ramTotal: 32 * gib,
      gpus: [{ loadPercent: 77, temperatureC: 64, vramUsed: 6 * gib, vramTotal: 24 * gib, powerWatts: null }],
    }),
  );
  expect(screen.getAllByRole('img').map((chart) => chart.getAttribute('aria-label'))).toEqual([
    'GPU load: 77%',
    'VRAM: 6.0 GiB of 24.0 GiB, 25%',
    'RAM: 8.0 GiB of 32.0 GiB, 25%',
  ]);
  screen.getByText('GPU · RTX 4090');
});

it('shows CPU, temperature and disk as figures, and dashes for sentinels', async () => {
  const page = await renderPanel(
    measured(start, 'crystools', {
      cpuPercent: 12.4,
      diskUsed: 300 * gib,
      diskTotal: 400 * gib,
      gpus: [{ loadPercent: 1, temperatureC: 61, vramUsed: null, vramTotal: null, powerWatts: null }],
    }),
  );
  expect(figure('CPU')).toBe('12%');
  screen.getByText('61 °C');
  expect(figure('Disk')).toBe('75%300 GiB of 400 GiB');

  vi.setSystemTime(start + 1_000);
  await page.after((host) => host.happen(measured(start + 1_000, 'crystools')));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(figure('CPU')).toBe('–');
  expect(screen.queryByText('61 °C')).toBeNull();
  expect(figure('Disk')).toBe('–');
});

it('says why there is no load of a GPU that Crystools does not know', async () => {
  await renderPanel(
    crystools('present'),
    measured(start, 'crystools', {
      cpuPercent: 9,
      gpus: [
        { loadPercent: null, temperatureC: null, vramUsed: 3 * gib, vramTotal: 12 * gib, powerWatts: null },
      ],
    }),
  );
  screen.getByRole('img', { name: 'VRAM: 3.0 GiB of 12.0 GiB, 25%' });
  screen.getByText(/Crystools does not measure this GPU/);
});

const processor = { name: 'cpu', type: 'cpu', index: null, vramTotal: 32 * gib };

it('speaks of no GPU where ComfyUI computes on the processor', async () => {
  await renderPanel(
    learnt({ devices: [processor], crystools: 'absent' }),
    measured(start, 'system_stats', { ramUsed: gib, ramTotal: 4 * gib, gpus: [] }),
  );
  expect(screen.queryByText(/GPU|VRAM/)).toBeNull();
  screen.getByRole('button', { name: 'Free memory' });
  screen.getByText(/^Unloads the models from RAM;/);
});

it('names a GPU beside the processor that ComfyUI computes on, in a line of its own', async () => {
  const name = 'Intel(R) UHD Graphics 770';
  await renderPanel(
    learnt({ devices: [processor] }),
    machine([{ state: { name }, sample: { loadPercent: 1, temperatureC: 41 } }]),
  );
  expect(screen.getByText(/^Also in this machine/).textContent).toBe(
    'Also in this machine: Intel UHD 770, 1%, 41 °C',
  );
  expect(screen.queryByText('GPU temperature')).toBeNull();
  expect(screen.queryByRole('img', { name: /GPU/ })).toBeNull();
});

it('says that data stopped coming, and takes the current values back', async () => {
  await renderPanel(measured(start, 'crystools', { cpuPercent: 33, ramUsed: gib, ramTotal: 4 * gib }));
  expect(screen.queryByText(/No data/)).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(9_000));
  screen.getByText('No data for 9 s');
  expect(figure('CPU')).toBe('–was 33%');
  screen.getByRole('img', { name: /^RAM: no data for 9 s, last 1\.0 GiB/ });
});

it('looks further back when asked to', async () => {
  await renderPanel(measured(start, 'crystools', { ramUsed: gib, ramTotal: 4 * gib }));
  const choice = screen.getByRole('group', { name: 'Time shown in the charts' });
  within(choice).getByRole('radio', { checked: true, name: 'Last 5 minutes' });
  await act(async () => within(choice).getByRole('radio', { name: 'Last hour' }).click());
  expect(within(choice).getAllByRole('radio', { checked: true })).toHaveLength(1);
  within(choice).getByRole('radio', { checked: true, name: 'Last hour' });
});

it('tells how to get the figures that ComfyUI itself does not give', async () => {
  await renderPanel(
    crystools('absent'),
    measured(start, 'system_stats', { ramUsed: gib, ramTotal: 4 * gib }),
  );
  screen.getByText(/GPU load, temperature, CPU and disk are not available/);
  screen.getByText(/install “ComfyUI-Crystools”/);
});

it('asks for no extension that is there', async () => {
  await renderPanel(crystools('present'), measured(start, 'crystools', { cpuPercent: 1 }));
  expect(screen.queryByText(/Crystools/)).toBeNull();
});

it('waits for the first figures without calling them missing', async () => {
  await renderPanel(crystools('unknown'));
  screen.getByText(/Waiting for the first figures/);
  expect(screen.queryByText(/not available/)).toBeNull();
});

it('promises figures once there is a connection', async () => {
  await renderPanel(broken(start));
  screen.getByText('Figures appear as soon as the server is connected.');
});

it('moves the lines by what can be seen, and tells the figures every second', async () => {
  const figures = { ramUsed: gib, ramTotal: 8 * gib };
  // The first samples are shown as they come.
  const earlier = Array.from({ length: 30 }, (_, second) =>
    measured(start - (30 - second) * 1_000, 'crystools', { cpuPercent: 5, ...figures }),
  );
  const page = await renderPanel(...earlier);
  const line = () => document.querySelector('.curve-line')?.getAttribute('d') ?? '';
  let moved = 0;
  let before = line();
  for (let second = 1; second <= 10; second += 1) {
    const at = start + second * 1_000;
    await page.after((host) =>
      host.happen(measured(at, 'crystools', { cpuPercent: 10 + second, ramUsed: gib, ramTotal: 8 * gib })),
    );
    await act(async () => vi.advanceTimersByTime(1_000));
    expect(figure('CPU')).toBe(`${10 + second}%`);
    if (line() !== before) moved += 1;
    before = line();
  }
  expect(moved).toBeLessThanOrEqual(5);
});

it('does not send to install Crystools where its figures cannot get through', async () => {
  const problem = { kind: 'no-websocket', detail: '', status: 400 } as const;
  const polling = { phase: 'polling', attempt: 2, since: start, retryAt: start + 9_000, problem } as const;
  await renderPanel(
    measured(start, 'system_stats'),
    event(start, 'connection_changed', { connection: polling }),
  );
  screen.getByText(/over the WebSocket, which does not get through/);
  expect(screen.queryByText(/install “ComfyUI-Crystools”/)).toBeNull();
});

it('says of the only GPU what its figures are, and what is to be said of it, in a line each', async () => {
  await renderPanel(
    machine([
      {
        state: {
          name: 'NVIDIA GeForce RTX 4090',
          temperatureLimitC: 90,
          powerLimitWatts: 450,
          fanPercent: 60,
          vramOwn: 17.9 * gib,
          throttledBy: ['heat', 'power_limit'],
          sources: { vramUsed: 'companion', vramOwn: 'companion', loadPercent: 'companion' },
        },
        sample: {
          loadPercent: 97,
          temperatureC: 87,
          powerWatts: 412.3,
          vramUsed: 20 * gib,
          vramTotal: 24 * gib,
        },
      },
    ]),
  );
  screen.getByRole('button', { name: 'GPU · RTX 4090' });
  const load = screen.getByRole('img', { name: 'GPU load: 97%' }).closest('figure');
  expect(load?.querySelector('figcaption')?.textContent).toBe('GPU · RTX 409087 °C412 W97%');
  expect(figure('GPU fan')).toBe('60%');
  expect(figure('Power limit')).toBe('450 Wreached');
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'GPU: 3 °C below its limit of 90 °C',
    'GPU: slowed down by heat, at its power limit',
    '2.1 GiB of VRAM are used by other programs',
  ]);
});

it('tells where the figures of a GPU come from, each source apart, and why others are missing', async () => {
  await renderPanel(
    machine([
      {
        state: {
          name: 'NVIDIA GeForce RTX 4090',
          coreClockMhz: 2700,
          sources: {
            loadPercent: 'local',
            temperatureC: 'local',
            coreClockMhz: 'local',
            vramUsed: 'companion',
          },
          missing: { fanPercent: 'the card has no fan of its own' },
        },
        sample: { loadPercent: 97, temperatureC: 71, vramUsed: 20 * gib, vramTotal: 24 * gib },
      },
    ]),
  );
  expect(await explanationOf('GPU · RTX 4090')).toBe(
    'NVIDIA GeForce RTX 4090' +
      'Measured on this computer by the monitorLoad 97%Temperature 71 °CClock 2700 MHz' +
      'Measured on the server by our companion nodeVRAM 20.0 of 24.0 GiB' +
      'Not measuredFan the card has no fan of its own',
  );
  expect(await explanationOf('VRAM')).toContain('What all programs hold, as the driver counts it.');
  expect(await explanationOf('CPU')).toBe('Measured on the server by our companion nodeCPU 10%');
});

it('says that nobody tells a figure rather than nothing', async () => {
  await renderPanel(machine([{}], { sources: { ram: 'system_stats' } }, { cpuPercent: null }));
  expect(await explanationOf('CPU')).toBe('Not measuredCPU nothing that measures here tells it');
});

it('names a disk for what it is, and where it is', async () => {
  const figures = { diskUsed: 300 * gib, diskTotal: 400 * gib };
  const outputs = {
    diskHoldsOutputs: true,
    diskPath: '/srv/output',
    sources: { disk: 'companion' },
  } as const;
  const page = await renderPanel(machine([], outputs, figures));
  expect(figure('Disk of the outputs')).toBe('75%300 GiB of 400 GiB');
  expect(await explanationOf('Disk of the outputs')).toContain('/srv/output');

  const chosen = { diskPath: '/data', sources: { disk: 'crystools' } } as const;
  vi.setSystemTime(start + second);
  await page.after((host) => host.happen(machine([], chosen, figures, start + second)));
  await act(() => vi.advanceTimersByTimeAsync(second));
  expect(await explanationOf('Disk (chosen in Crystools)')).toContain('the outputs may be on another');
});

it('shows swap once it is used', async () => {
  const page = await renderPanel(machine([], { swapUsed: 0, swapTotal: 8 * gib }));
  expect(screen.queryByText('Swap')).toBeNull();
  vi.setSystemTime(start + second);
  const swapping = { swapUsed: 2 * gib, swapTotal: 8 * gib };
  await page.after((host) => host.happen(machine([], swapping, {}, start + second)));
  await act(() => vi.advanceTimersByTimeAsync(second));
  expect(figure('Swap')).toBe('25%2.0 of 8.0 GiB');
});

it('gives each of several GPUs a row with its figures, and leaves out what ComfyUI does not use', async () => {
  const name = 'NVIDIA GeForce RTX 3090';
  const measured = { vramUsed: 6 * gib, vramTotal: 24 * gib, temperatureC: 61, powerWatts: 300 };
  await renderPanel(
    machine([
      { state: { isUsed: false, name: 'Intel(R) UHD Graphics 770' }, sample: { loadPercent: 3 } },
      { state: { isUsed: true, name }, sample: { ...measured, loadPercent: 97 } },
      { state: { isUsed: true, name, powerLimitWatts: 350 }, sample: { ...measured, loadPercent: 12 } },
    ]),
  );
  screen.getByRole('heading', { name: '2 GPUs · RTX 3090' });
  const rows = screen.getAllByRole('listitem').map((row) => row.textContent);
  expect(rows[0]).toBe('GPU 06.0 GiB of 24.0 GiB61 °C300 WLoad97%VRAM25%');
  expect(rows[1]).toBe('GPU 16.0 GiB of 24.0 GiB61 °C300 of 350 WLoad12%VRAM25%');
  screen.getByRole('img', { name: 'GPU 1 load: 12%' });
  screen.getByRole('img', { name: 'GPU 1 VRAM: 6.0 GiB of 24.0 GiB, 25%' });
  expect(screen.getByText(/^Also in this machine/).textContent).toBe(
    'Also in this machine: Intel UHD 770, 3%',
  );
});

it('tells different models apart', async () => {
  await renderPanel(
    machine([{ state: { name: 'NVIDIA GeForce RTX 4090' } }, { state: { name: 'NVIDIA GeForce RTX 3060' } }]),
  );
  screen.getByRole('heading', { name: '2 GPUs' });
  screen.getByRole('button', { name: 'GPU 0 · RTX 4090' });
  screen.getByRole('button', { name: 'GPU 1 · RTX 3060' });
});

it('folds many GPUs, but none that may need somebody', async () => {
  const slices: TestGpu[] = Array.from({ length: 32 }, (_, slice) => ({
    state: { name: 'NVIDIA A100-SXM4-80GB MIG 1g.10gb', throttledBy: slice === 20 ? ['heat'] : [] },
    sample: { loadPercent: 50 },
  }));
  const page = await renderPanel(machine(slices));
  screen.getByRole('heading', { name: '32 GPUs · A100 · MIG 1g.10gb' });
  expect(screen.getAllByRole('button', { name: /^GPU \d+$/ }).map(({ textContent }) => textContent)).toEqual([
    ...Array.from({ length: 8 }, (_, n) => `GPU ${n}`),
    'GPU 20',
  ]);
  screen.getByText('Slowed down by heat');
  vi.useRealTimers();
  await page.user.click(screen.getByRole('button', { name: 'Show all 32' }));
  expect(screen.getAllByRole('button', { name: /^GPU \d+$/ })).toHaveLength(32);
});

it('keeps a GPU that is gone in its place, with a curve that ends, and says since when', async () => {
  const before = machine([{ sample: { loadPercent: 50 } }, { sample: { loadPercent: 60 } }]);
  const goneSince = start + second;
  const after = [1, 2, 3].map((n) =>
    machine([{ sample: { loadPercent: 51 } }, { state: { goneSince } }], {}, {}, start + n * second),
  );
  const page = await renderPanel(before);
  vi.setSystemTime(start + 3 * second);
  await page.after((host) => host.happen(...after));
  await act(() => vi.advanceTimersByTimeAsync(second));
  const at = new Date(goneSince).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  screen.getByText(`Not found since ${at}: its driver may have lost it`);
  screen.getByRole('img', { name: 'GPU 0 load: 51%' });
  screen.getByRole('img', { name: 'GPU 1 load: not measured' });
});
