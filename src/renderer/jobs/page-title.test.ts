import { expect, it } from 'vitest';
import type { MonitorEvent } from '../../shared/monitor-event.ts';
import type { MonitorState } from '../../shared/monitor-state.ts';
import { event, stateAfter } from '../../shared/testing.ts';
import { pageTitle } from './page-title.ts';

const described = (nodeTotal: number | null): MonitorEvent =>
  event(1, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal, nodeNames: {} });
const started = event(2, 'prompt_started', { promptId: 'p', startedAt: 2 });
const half = event(3, 'nodes_cached', { promptId: 'p', nodeIds: ['1', '2'] });

/** The same state under another id. */
function renamed(state: MonitorState, id: string): MonitorState {
  return { servers: state.servers.map((one) => ({ ...one, server: { ...one.server, id } })) };
}

it('is the name of the app while nothing runs', () => {
  expect(pageTitle(stateAfter(), 's')).toBe('Comfy Monitor');
});

it('begins with how far the running prompt is', () => {
  expect(pageTitle(stateAfter(started, described(4), half), 's')).toBe('50% · Portrait — Comfy Monitor');
});

it('claims no progress that is not known', () => {
  expect(pageTitle(stateAfter(started, described(null)), 's')).toBe('Running · Portrait — Comfy Monitor');
});

it('tells of another server when the shown one has nothing to do', () => {
  const both = {
    servers: [
      ...renamed(stateAfter(), 'idle').servers,
      ...renamed(stateAfter(started, described(4), half), 'busy').servers,
    ],
  };
  expect(pageTitle(both, 'idle')).toBe('50% · Portrait — Comfy Monitor');
});

it('does not go on telling of a server that is out of reach', () => {
  const gone = event(4, 'connection_changed', { connection: { phase: 'connecting', attempt: 2, since: 4 } });
  expect(pageTitle(stateAfter(started, described(4), half, gone), 's')).toBe('Comfy Monitor');
});
