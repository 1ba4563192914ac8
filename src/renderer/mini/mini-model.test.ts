import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../../domain/monitor-state.ts';
import type { MachineState } from '../../domain/telemetry/machine-state.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import {
  ended,
  event,
  machineWith,
  queued,
  sample,
  stateAfter,
  testServer,
} from '../../domain/testing/builders.ts';
import { type MiniModel, miniModel } from './mini-model.ts';

const second = 1_000;
const started = event(0, 'prompt_started', { promptId: 'p', startedAt: 0 });
const described = event(0, 'prompt_described', {
  promptId: 'p',
  title: 'Portrait',
  nodeTotal: 4,
  nodeNames: { 3: { title: 'Sampler', classType: 'KSampler' } },
});
const node = event(0, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' });
const steps = [1, 2, 3].map((step) =>
  event(step * second, 'step_reached', { promptId: 'p', nodeId: '3', step, max: 10 }),
);
const problem = { kind: 'refused', detail: '', status: null } as const;
const lost = event(4 * second, 'connection_changed', {
  connection: { phase: 'waiting', attempt: 1, since: 1, retryAt: 2, problem },
});

/** Of a second server that stands before nobody. */
function ofStudio(one: MonitorEvent): MonitorEvent {
  return { ...one, serverId: 'studio' };
}
const studio = [
  ofStudio(event(1, 'server_added', { server: { ...testServer, id: 'studio', name: 'Studio' } })),
  ofStudio(event(1, 'connection_changed', { connection: { phase: 'connected', since: 1 } })),
];

function modelAt(state: MonitorState, now: number): MiniModel | null {
  return miniModel(state, now, (at) => at);
}

describe('the mini mode', () => {
  it('has nothing to show without a server', () => {
    expect(modelAt(emptyState, 0)).toBeNull();
  });

  it('shows the running job with its node, its steps and the time left', () => {
    const queue = event(0, 'queue_read', { running: [queued('p')], pending: [queued('q')] });
    const mini = modelAt(stateAfter(queue, started, described, node, ...steps), 3 * second);
    expect(mini?.job).toEqual({
      promptId: 'p',
      title: 'Portrait',
      fraction: 0.3,
      percent: null,
      node: 'Sampler',
      steps: '3 of 10',
      time: '7 s left',
      basis: null,
    });
    expect(mini?.counts).toMatchObject({ running: 1, waiting: 1 });
  });

  it('shows the time that the whole job still takes where its kind has run before', () => {
    const earlier = [2, 1].map((n) =>
      ended(`earlier-${n}`, { title: 'Portrait', nodeTotal: 4, startedAt: 0, finishedAt: 14 * second }),
    );
    const history = event(0, 'history_read', { entries: earlier });
    const at = (now: number) => modelAt(stateAfter(history, started, described, node, ...steps), now)?.job;
    expect(at(3 * second)).toMatchObject({
      steps: '3 of 10',
      time: 'about 11 s left',
      basis: 'by the last 2 runs',
    });
    expect(at(20 * second)?.time).toBe('longer than usual (14 s)');
  });

  it('says how long a job has run where nothing is known of its end', () => {
    const job = modelAt(stateAfter(started), 9 * second)?.job;
    expect(job).toMatchObject({ fraction: null, percent: null, node: 'Starting', time: '9 s so far' });
    const unseen = event(0, 'queue_read', { running: [queued('x')], pending: [] });
    expect(modelAt(stateAfter(unseen), 9 * second)?.job).toMatchObject({
      node: 'No progress is reported',
      time: null,
    });
  });

  it('claims nothing that a lost connection cannot vouch for', () => {
    const measured = event(4 * second, 'telemetry_sampled', {
      machine: machineWith({}),
      sample: sample(4 * second, 99),
    });
    const mini = modelAt(stateAfter(started, measured, lost), 5 * second);
    expect(mini).toMatchObject({ job: null, state: 'Not connected', gpu: null });
  });

  it('shows the server that works, whichever place it has', () => {
    const working = ofStudio(event(2, 'prompt_started', { promptId: 'x', startedAt: 2 }));
    expect(modelAt(stateAfter(...studio), 5)).toMatchObject({ server: { name: 'Test' }, several: true });
    expect(modelAt(stateAfter(...studio, working), 5)).toMatchObject({ server: { name: 'Studio' } });
    expect(modelAt(stateAfter(...studio, lost), 5)).toMatchObject({ server: { name: 'Studio' } });
  });

  it('tells what came last while nothing runs', () => {
    const ending = (outcome: 'success' | 'error' | 'interrupted') =>
      modelAt(
        stateAfter(event(9, 'history_read', { entries: [ended('p', { title: 'Portrait', outcome })] })),
        9,
      );
    expect(ending('success')).toMatchObject({
      state: 'Idle',
      last: { text: 'Finished: Portrait', failed: false },
    });
    expect(ending('error')?.last).toEqual({ text: 'Failed: Portrait', failed: true });
    expect(ending('interrupted')?.last?.text).toBe('Interrupted: Portrait');
  });

  describe('figures of the machine', () => {
    const gpu = { loadPercent: 80, temperatureC: 71, vramUsed: 2, vramTotal: 8, powerWatts: null };
    const full = { loadPercent: 4, temperatureC: 50, vramUsed: 7, vramTotal: 8, powerWatts: null };
    const measured = (machine: MachineState, ...gpus: TelemetrySample['gpus']) =>
      stateAfter(event(1, 'telemetry_sampled', { machine, sample: { ...sample(1), gpus } }));

    it('are those of the only GPU, as long as they are current', () => {
      expect(modelAt(measured(machineWith({}), gpu), 2)).toMatchObject({
        gpu: { value: '80%', hint: null, words: null },
        vram: { value: '25%', hint: null, words: null },
        temperature: { value: '71 °C', words: null },
      });
      expect(modelAt(measured(machineWith({}), gpu), 60 * second)).toMatchObject({
        gpu: null,
        vram: null,
        temperature: null,
      });
    });

    it('are those of the GPU that is worst off, so that no mean hides a full one', () => {
      expect(modelAt(measured(machineWith({}, {}), gpu, full), 2)).toMatchObject({
        gpu: { value: '80%', hint: '1 of 2', words: 'The busiest of 2 GPUs; 1 of 2 at work' },
        vram: { value: '88%', hint: 'GPU 1', words: 'The fullest of 2 GPUs' },
        temperature: { value: '71 °C', words: 'The hottest of 2 GPUs, GPU 0' },
      });
    });

    it('leave out a GPU that ComfyUI does not compute on', () => {
      const machine = machineWith({ isUsed: true }, { isUsed: false });
      expect(modelAt(measured(machine, gpu, full), 2)).toMatchObject({
        gpu: { value: '80%', hint: null },
        vram: { value: '25%', hint: null },
      });
    });

    it('do not count those at work where one is not measured', () => {
      const unknown = { ...full, loadPercent: null };
      expect(modelAt(measured(machineWith({}, {}), gpu, unknown), 2)?.gpu).toEqual({
        value: '80%',
        hint: null,
        words: 'The busiest of 2 GPUs',
      });
    });
  });
});
