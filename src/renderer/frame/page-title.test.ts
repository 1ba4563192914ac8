import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../domain/jobs/job.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { MonitorState } from '../../domain/monitor-state.ts';
import { ended, event, stateAfter } from '../../domain/testing/builders.ts';
import { pageTitle } from './page-title.ts';

const described = (nodeTotal: number | null): MonitorEvent =>
  event(1, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal, nodeNames: {} });
const started = event(2, 'prompt_started', { promptId: 'p', startedAt: 2 });
const step = event(3, 'step_reached', { promptId: 'p', nodeId: '3', step: 5, max: 20 });

/** The same state under another id. */
function renamed(state: MonitorState, id: string): MonitorState {
  return { servers: state.servers.map((one) => ({ ...one, server: { ...one.server, id } })) };
}

function title(state: MonitorState, shown: string | null, unseenSince: number | null = null): string {
  return pageTitle(state, shown, unseenSince, 0, (at) => at);
}

it('is the name of the app while nothing runs', () => {
  expect(title(stateAfter(), 's')).toBe('Comfy Monitor');
});

it('begins with how far the running prompt is', () => {
  const earlier = ended('e', { title: 'Portrait', nodeTotal: 4, startedAt: -9_000, finishedAt: -8_000 });
  const history = event(1, 'history_read', { entries: [earlier] });
  const state = stateAfter(history, started, described(4));
  expect(pageTitle(state, 's', null, 502, (at) => at)).toBe(
    '20% · about 1 s left · Portrait — Comfy Monitor',
  );
});

it('begins with the step while nothing was measured', () => {
  expect(title(stateAfter(started, described(4), step), 's')).toBe('step 5 of 20 · Portrait — Comfy Monitor');
});

it('claims no progress that is not known', () => {
  expect(title(stateAfter(started, described(null)), 's')).toBe('Running · Portrait — Comfy Monitor');
});

it('tells of another server when the shown one has nothing to do', () => {
  const both = {
    servers: [
      ...renamed(stateAfter(), 'idle').servers,
      ...renamed(stateAfter(started, described(4), step), 'busy').servers,
    ],
  };
  expect(title(both, 'idle')).toBe('step 5 of 20 · Portrait — Comfy Monitor');
});

it('does not go on telling of a server that is out of reach', () => {
  const gone = event(4, 'connection_changed', { connection: { phase: 'connecting', attempt: 2, since: 4 } });
  expect(title(stateAfter(started, described(4), step, gone), 's')).toBe('Comfy Monitor');
});

describe('while nobody looks', () => {
  const ending = (outcome: Outcome, promptId = 'p', finishedAt = 9): MonitorEvent =>
    event(finishedAt, 'prompt_finished', { promptId, outcome, finishedAt, error: null });
  const next = event(10, 'prompt_started', { promptId: 'next', startedAt: 10 });

  it('keeps how the last job ended', () => {
    expect(title(stateAfter(started, described(4), ending('success')), 's', 5)).toBe(
      '✓ Portrait — Comfy Monitor',
    );
    expect(title(stateAfter(started, described(4), ending('error')), 's', 5)).toBe(
      '✗ Portrait — Comfy Monitor',
    );
  });

  it('keeps a failure whatever is done afterwards, and while the next one runs', () => {
    const state = stateAfter(started, described(4), ending('error'), next);
    expect(title(state, 's', 5)).toBe('✗ Running · Prompt next — Comfy Monitor');
    const later = [started, described(4), ending('error'), next, ending('success', 'next', 20)];
    expect(title(stateAfter(...later), 's', 5)).toBe('✗ Portrait — Comfy Monitor');
  });

  it('marks nothing that ended before, or that somebody stopped', () => {
    expect(title(stateAfter(started, ending('success')), 's', 9)).toBe('Comfy Monitor');
    expect(title(stateAfter(started, ending('interrupted')), 's', 5)).toBe('Comfy Monitor');
  });

  it('marks nothing that ended before we watched', () => {
    const [server] = stateAfter(started, ending('success')).servers;
    const servers = server ? [{ ...server, watchedSince: 100 }] : [];
    expect(title({ servers }, 's', 5)).toBe('Comfy Monitor');
  });
});
