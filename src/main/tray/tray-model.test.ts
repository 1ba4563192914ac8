import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../../domain/monitor-state.ts';
import { reduce } from '../../domain/reduce.ts';
import { unknownFacts } from '../../domain/server.ts';
import { ended, event, image, queued, stateAfter } from '../../domain/testing/builders.ts';
import { type TrayModel, trayModel } from './tray-model.ts';

const second = 1_000;

function trayAfter(now: number, ...events: MonitorEvent[]): TrayModel {
  return trayOf(stateAfter(...events), now);
}

function trayOf(state: MonitorState, now: number, lookedAt = 0): TrayModel {
  return trayModel(state, { appName: 'Comfy Monitor', now, lookedAt });
}

function labels(model: TrayModel): string[] {
  return model.menu.map((item) => (item.kind === 'item' ? item.label : '—'));
}

function itemOf(model: TrayModel, label: string) {
  return model.menu.flatMap((item) => (item.kind === 'item' && item.label === label ? [item] : []))[0];
}

const running = [
  event(0, 'queue_read', { running: [queued('p')], pending: [queued('q'), queued('r')] }),
  event(0, 'prompt_described', {
    promptId: 'p',
    title: 'Portrait',
    nodeTotal: 4,
    nodeNames: { 3: { title: 'Sampler', classType: 'KSampler' } },
  }),
  event(0, 'prompt_started', { promptId: 'p', startedAt: 0 }),
  event(0, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' }),
];

describe('the tray', () => {
  it('offers the demo when nothing is watched', () => {
    const tray = trayOf(emptyState, 0);
    expect(tray.icon.status).toBe('disconnected');
    expect(labels(tray)).toEqual([
      'No server is watched',
      'Try the demo',
      '—',
      'Show window',
      'Mini mode',
      'Wall mode',
      'Settings …',
      '—',
      'Quit',
    ]);
  });

  it('offers the restart that an update waits for', () => {
    const tray = trayModel(emptyState, { appName: 'Comfy Monitor', now: 0, lookedAt: 0, update: '1.2.3' });
    expect(tray.menu.at(-2)).toMatchObject({
      label: 'Restart to update to 1.2.3',
      command: { do: 'restart_to_update' },
    });
    expect(labels(trayOf(emptyState, 0)).join()).not.toContain('Restart');
  });

  it('says until when it pauses notifications, and resumes them only when they are paused', () => {
    const now = new Date(2025, 0, 31, 17).getTime();
    const about = (pausedUntil: number | null) => {
      const notifications = { pausedUntil };
      const tray = trayModel(emptyState, { appName: 'Comfy Monitor', now, lookedAt: 0, notifications });
      return labels(tray).filter((label) => label.includes('notifications'));
    };
    expect(about(null)).toEqual([
      'Pause notifications for 1 hour',
      'Pause notifications until tomorrow, 08:00',
    ]);
    expect(about(now + 90 * 60_000)).toEqual(['Resume notifications (paused until 18:30)']);
    const tomorrow = new Date(2025, 1, 1, 8).getTime();
    expect(about(tomorrow)).toEqual(['Resume notifications (paused until tomorrow, 08:00)']);
  });

  it('counts what runs and waits, in the badge and in words', () => {
    const tray = trayAfter(0, ...running);
    expect(tray.icon).toMatchObject({ status: 'running', badge: 3 });
    expect(tray.title).toBe('3');
    expect(tray.tooltip).toContain('Test: 1 running, 2 waiting');
  });

  it('shows the running job with its step and, once measured, the time left of its node', () => {
    const steps = [1, 2, 3].map((step) =>
      event(step * second, 'step_reached', { promptId: 'p', nodeId: '3', step, max: 10 }),
    );
    expect(trayAfter(second, ...running, ...steps.slice(0, 1)).tooltip).toContain(
      'Portrait · step 1 of 10\n',
    );
    const tray = trayAfter(3 * second, ...running, ...steps);
    expect(tray.tooltip).toContain('Portrait · step 3 of 10 · Sampler 7 s left');
    expect(tray.icon.fraction).toBe(7 / 24);
    expect(itemOf(tray, 'Portrait · step 3 of 10 · Sampler 7 s left')).toMatchObject({
      command: { do: 'show_job', serverId: 's', promptId: 'p' },
      afterwards: 'Portrait · ended',
    });
  });

  it('moves the ring only as far as can be seen', () => {
    const fractions = Array.from({ length: 100 }, (_, index) => {
      const step = event(index * second, 'step_reached', {
        promptId: 'p',
        nodeId: '3',
        step: index + 1,
        max: 100,
      });
      return trayAfter(index * second, ...running, step).icon.fraction;
    });
    expect(new Set(fractions).size).toBeLessThanOrEqual(25);
    expect(fractions).toEqual([...fractions].sort((a, b) => Number(a) - Number(b)));
  });

  it('knows its items by what they mean, whatever their words are', () => {
    const keys = (model: TrayModel) => model.menu.flatMap((item) => (item.kind === 'item' ? [item.key] : []));
    const step = event(5 * second, 'step_reached', { promptId: 'p', nodeId: '3', step: 5, max: 10 });
    const described = event(5 * second, 'queue_read', { running: [queued('p')], pending: [queued('q')] });
    const before = keys(trayAfter(0, ...running));
    expect(keys(trayAfter(9 * second, ...running, step, described))).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
    const next = event(6 * second, 'prompt_started', { promptId: 'q', startedAt: 6 * second });
    const ended = event(6 * second, 'prompt_finished', {
      promptId: 'p',
      outcome: 'success',
      finishedAt: 6 * second,
      error: null,
    });
    const after = keys(trayAfter(6 * second, ...running, ended, next));
    expect(after).toContain('interrupt s q');
    expect(after).not.toContain('interrupt s p');
  });

  it('shows the time left of the whole job where its kind has run before', () => {
    const history = event(0, 'history_read', {
      entries: [ended('e', { title: 'Portrait', nodeTotal: 4, startedAt: 0, finishedAt: 14 * second })],
    });
    const steps = [1, 2, 3].map((step) =>
      event(step * second, 'step_reached', { promptId: 'p', nodeId: '3', step, max: 10 }),
    );
    const tray = trayAfter(3 * second, history, ...running, ...steps);
    expect(tray.tooltip).toContain('Portrait · 21% · about 11 s left\n');
    expect(labels(tray)).toContain('Portrait · 21% · about 11 s left');
    const late = trayAfter(20 * second, history, ...running, ...steps);
    expect(late.tooltip).toContain('Portrait · 36% · longer than usual (14 s)\n');
  });

  it('says how long a job has been running when there is nothing better to say', () => {
    const started = event(0, 'prompt_started', { promptId: 'abcdef0123', startedAt: 0 });
    expect(trayAfter(90 * second, started).tooltip).toContain('Prompt abcdef01 · 1 min 30 s');
  });

  it('takes nothing for running that a lost connection cannot vouch for', () => {
    const problem = { kind: 'refused', detail: '', status: null } as const;
    const connection = { phase: 'waiting', attempt: 1, since: 1, retryAt: 2, problem } as const;
    const tray = trayAfter(0, ...running, event(1, 'connection_changed', { connection }));
    expect(tray.icon).toMatchObject({ status: 'disconnected', badge: 0 });
    // Nothing can be clicked there.
    expect(tray.tooltip).toBe('Comfy Monitor\nTest: not connected');
    expect(itemOf(tray, 'Test: not connected – try again')?.command).toEqual({ do: 'retry', serverId: 's' });
  });

  it('frees VRAM, or memory where ComfyUI computes on the processor', () => {
    const devices = [{ name: 'cpu', type: 'cpu', index: null, vramTotal: null }];
    expect(labels(trayAfter(0))).toContain('Free VRAM');
    const facts = event(0, 'facts_learnt', { facts: { ...unknownFacts, devices } });
    expect(labels(trayAfter(0, facts))).toContain('Free memory');
  });

  it('asks for attention after a failure, until somebody looked', () => {
    const error = { nodeId: '3', nodeType: 'KSampler', exceptionType: 'E', message: 'no', traceback: [] };
    const state = stateAfter(
      ...running,
      event(5, 'prompt_finished', { promptId: 'p', outcome: 'error', finishedAt: 5, error }),
    );
    expect(trayOf(state, 10, 0).icon).toMatchObject({ status: 'idle', attention: true });
    expect(trayOf(state, 10, 7).icon).toMatchObject({ status: 'idle', attention: false });
    const next = event(6, 'prompt_started', { promptId: 'q', startedAt: 6 });
    expect(trayOf(reduce(state, next), 10, 0).icon).toMatchObject({ status: 'running', attention: true });
  });

  it('leads to the three last results, and to the job where nothing came out', () => {
    const entries = ['a', 'b', 'c', 'd'].map((promptId, index) =>
      ended(promptId, {
        title: `Job ${promptId}`,
        startedAt: 0,
        finishedAt: (index + 1) * second,
        outputs: promptId === 'd' ? [image('d.png')] : [],
      }),
    );
    const tray = trayAfter(0, event(0, 'history_read', { entries }));
    const results = tray.menu.filter((item) => item.kind === 'item' && item.label.startsWith('✓'));
    expect(results).toEqual([
      expect.objectContaining({
        label: '✓ Job d · 4 s',
        afterwards: '✓ Job d · 4 s',
        command: {
          do: 'open_output',
          serverId: 's',
          promptId: 'd',
          file: { filename: 'd.png', subfolder: '', type: 'output' },
        },
      }),
      expect.objectContaining({
        label: '✓ Job c · 3 s',
        command: expect.objectContaining({ do: 'show_job' }),
      }),
      expect.objectContaining({ label: '✓ Job b · 2 s' }),
    ]);
  });

  it('keeps the tooltip within what Windows shows, whole lines only', () => {
    const named = event(0, 'prompt_described', {
      promptId: 'p',
      title: 'A title that goes on and on, well beyond what anybody would want to read in a tooltip',
      nodeTotal: null,
      nodeNames: {},
    });
    const { tooltip } = trayAfter(0, ...running, named);
    expect(tooltip.length).toBeLessThanOrEqual(127);
    expect(tooltip).toContain('…');
    expect(tooltip).toMatch(/(waiting|Idle|connected)$/);
  });
});
