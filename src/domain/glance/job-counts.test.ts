import { describe, expect, it } from 'vitest';
import { emptyState, type ServerState } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import { unknownFacts } from '../server.ts';
import { ended, event, queued, serverAfter, testServer } from '../testing/builders.ts';
import { allCounts, jobCounts, leftToDo, startOfToday } from './job-counts.ts';

const queue = (running: string[], pending: string[]) =>
  event(1, 'queue_read', {
    running: running.map((id) => queued(id)),
    pending: pending.map((id) => queued(id)),
  });
const length = (n: number) => event(2, 'queue_length_changed', { length: n });
const problem = { kind: 'refused', detail: '', status: null } as const;
const blind = event(1, 'facts_learnt', {
  facts: {
    ...unknownFacts,
    unreadable: [
      { source: 'live_jobs', problem },
      { source: 'queue', problem },
    ],
  },
});
const live = (server: ServerState) => {
  const { running, waiting, inQueue } = jobCounts(server, 0);
  return { running, waiting, inQueue };
};

describe('the prompts of a server', () => {
  it('are counted as running and waiting, each once', () => {
    const counts = jobCounts(serverAfter(queue(['a'], ['b', 'c'])), 0);
    expect(counts).toMatchObject({ running: 1, waiting: 2, inQueue: null });
    expect(leftToDo(counts)).toBe(3);
  });

  it('are counted as the lists show them while the server’s own number is a moment older', () => {
    const over = event(3, 'prompt_finished', {
      promptId: 'a',
      outcome: 'success',
      finishedAt: 3,
      error: null,
    });
    expect(live(serverAfter(queue(['a'], ['b']), over))).toEqual({ running: 0, waiting: 1, inQueue: null });
  });

  it('are not claimed to be none of a server that was never reached', () => {
    const [server] = reduce(emptyState, event(0, 'server_added', { server: testServer })).servers;
    expect(server && jobCounts(server, 0)).toMatchObject({ running: null, waiting: null, done: null });
    expect(jobCounts(serverAfter(), 0).done).toBe(0);
  });

  it('are one number where the server tells no more than that', () => {
    expect(live(serverAfter(blind, length(3)))).toEqual({ running: null, waiting: null, inQueue: 3 });
    expect(live(serverAfter(blind, length(0)))).toEqual({ running: 0, waiting: 0, inQueue: null });
    expect(leftToDo(jobCounts(serverAfter(blind, length(3)), 0))).toBe(3);
  });

  it('are no more than the server’s number as long as the lists were not read', () => {
    expect(live(serverAfter(length(2)))).toEqual({ running: null, waiting: null, inQueue: 2 });
  });

  it('are not known before the server has said, nor without a connection', () => {
    const unknown = { running: null, waiting: null, inQueue: null };
    expect(live(serverAfter())).toEqual(unknown);
    const lost = event(5, 'connection_changed', {
      connection: { phase: 'waiting', attempt: 1, since: 1, retryAt: 2, problem },
    });
    expect(live(serverAfter(queue(['a'], ['b']), lost))).toEqual(unknown);
  });

  it('that ended are counted from midnight on, failed ones apart from those that are done', () => {
    const entries = [
      ended('late', { finishedAt: 2_000 }),
      ended('bad', { outcome: 'error', finishedAt: 1_500 }),
      ended('stopped', { outcome: 'interrupted', finishedAt: 1_400 }),
      ended('yesterday', { finishedAt: 900 }),
      ended('unknown'),
    ];
    const server = serverAfter(event(2_000, 'history_read', { entries }));
    expect(jobCounts(server, 1_000)).toMatchObject({ done: 1, failed: 1, isCapped: false });
  });

  it('that ended today may be more than were read at first', () => {
    const ofToday = Array.from({ length: 50 }, (_, place) =>
      ended(`p${place}`, { finishedAt: 2_000 + place }),
    );
    const read = (entries: typeof ofToday) => serverAfter(event(3_000, 'history_read', { entries }));
    expect(jobCounts(read(ofToday), 1_000)).toMatchObject({ done: 50, isCapped: true });
    const yesterday = ended('yesterday', { finishedAt: 900 });
    expect(jobCounts(read([yesterday, ...ofToday]), 1_000)).toMatchObject({ done: 50, isCapped: false });
  });

  it('of several servers are added up, as far as they are known', () => {
    const known = jobCounts(serverAfter(queue(['a'], ['b'])), 0);
    const unknown = jobCounts(serverAfter(), 0);
    expect(allCounts([known, unknown, known])).toMatchObject({ running: 2, waiting: 2, inQueue: null });
    expect(allCounts([unknown])).toMatchObject({ running: null, waiting: null });
  });
});

it('today begins at midnight where the user is, whatever the wall clock was set to', () => {
  const wall = new Date(2026, 10, 27, 15, 30).getTime();
  const midnight = new Date(2026, 10, 27).getTime();
  expect(startOfToday(wall, wall)).toBe(midnight);
  expect(startOfToday(wall - 5_000, wall)).toBe(midnight - 5_000);
});
