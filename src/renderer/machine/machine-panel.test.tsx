import { act, screen, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { type Presence, type ServerFacts, unknownFacts } from '../../domain/server.ts';
import { type TelemetrySource, unknownMachine } from '../../domain/telemetry/machine-state.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
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
  return screen.getByText(name).nextElementSibling?.textContent;
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
  expect(figure('GPU temperature')).toBe('61 °C');
  expect(figure('Disk')).toBe('75%300 GiB of 400 GiB');

  vi.setSystemTime(start + 1_000);
  await page.after((host) => host.happen(measured(start + 1_000, 'crystools')));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(figure('CPU')).toBe('–');
  expect(figure('GPU temperature')).toBe('–');
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

it('gives the temperature of each of several GPUs', async () => {
  const gpus = [61, null, 58].map((temperatureC) => ({
    loadPercent: 0,
    temperatureC,
    vramUsed: null,
    vramTotal: null,
    powerWatts: null,
  }));
  await renderPanel(measured(start, 'crystools', { gpus }));
  expect(figure('GPU temperatures')).toBe('61 · – · 58 °C');
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

it('shows the temperature of a GPU that was measured although ComfyUI does not use it', async () => {
  const gpus = [{ loadPercent: 1, temperatureC: 41, vramUsed: null, vramTotal: null, powerWatts: null }];
  await renderPanel(learnt({ devices: [processor] }), measured(start, 'crystools', { gpus }));
  expect(figure('GPU temperature')).toBe('41 °C');
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
  const line = () => document.querySelector('.recharts-area-curve')?.getAttribute('d') ?? '';
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
