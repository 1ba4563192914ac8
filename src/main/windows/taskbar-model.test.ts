import { describe, expect, it } from 'vitest';
import { emptyState } from '../../domain/monitor-state.ts';
import { event, queued, stateAfter } from '../../domain/testing/builders.ts';
import { progressBarOf, taskbarModel } from './taskbar-model.ts';

const now = 10;
const started = event(1, 'prompt_started', { promptId: 'p', startedAt: 1 });
const described = event(1, 'prompt_described', { promptId: 'p', title: 'P', nodeTotal: 2, nodeNames: {} });
const node = event(2, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' });
const step = event(3, 'step_reached', { promptId: 'p', nodeId: '3', step: 1, max: 3 });
const error = { nodeId: '3', nodeType: 'KSampler', exceptionType: 'E', message: 'no', traceback: [] };
const failed = event(5, 'prompt_finished', { promptId: 'p', outcome: 'error', finishedAt: 5, error });
const next = event(6, 'prompt_started', { promptId: 'q', startedAt: 6 });

describe('the taskbar', () => {
  it('shows nothing when nothing runs', () => {
    expect(taskbarModel(emptyState, 0, now)).toEqual({ progress: { kind: 'none' }, badge: 0 });
    expect(progressBarOf({ kind: 'none' }, true).value).toBe(-1);
  });

  it('counts what runs and waits', () => {
    const queue = event(1, 'queue_read', { running: [queued('p')], pending: [queued('q'), queued('r')] });
    expect(taskbarModel(stateAfter(queue), 0, now).badge).toBe(3);
  });

  it('is indeterminate while nobody says how far a job is', () => {
    const { progress } = taskbarModel(stateAfter(started), 0, now);
    expect(progressBarOf(progress, true)).toEqual({ value: 2, mode: 'indeterminate' });
  });

  it('follows the running job in whole percents', () => {
    const { progress } = taskbarModel(stateAfter(started, described, node, step), 0, now);
    expect(progressBarOf(progress, true)).toEqual({ value: 0.33, mode: 'normal' });
  });

  it('is red after a failure, until somebody looked', () => {
    const state = stateAfter(started, failed);
    expect(progressBarOf(taskbarModel(state, 4, now).progress, true)).toEqual({ value: 1, mode: 'error' });
    expect(progressBarOf({ kind: 'failed' }, false).value).toBe(-1);
    expect(taskbarModel(state, 6, now).progress).toEqual({ kind: 'none' });
  });

  it('stays red while the next job runs, as far as it is known', () => {
    const describedNext = event(6, 'prompt_described', {
      promptId: 'q',
      title: 'Q',
      nodeTotal: 2,
      nodeNames: {},
    });
    const state = stateAfter(started, failed, next, describedNext);
    const onNode = event(7, 'node_started', { promptId: 'q', nodeId: '3', displayNodeId: '3' });
    const onStep = event(8, 'step_reached', { promptId: 'q', nodeId: '3', step: 1, max: 3 });
    const { progress } = taskbarModel(
      stateAfter(started, failed, next, describedNext, onNode, onStep),
      4,
      now,
    );
    expect(progressBarOf(progress, true)).toEqual({ value: 0.33, mode: 'error' });
    expect(taskbarModel(state, 8, now).progress).not.toMatchObject({ failed: true });
  });

  it('claims nothing that a lost connection cannot vouch for', () => {
    const problem = { kind: 'refused', detail: '', status: null } as const;
    const connection = { phase: 'waiting', attempt: 1, since: 1, retryAt: 2, problem } as const;
    const lost = event(4, 'connection_changed', { connection });
    expect(taskbarModel(stateAfter(started, lost), 0, now).progress).toEqual({ kind: 'none' });
  });
});
