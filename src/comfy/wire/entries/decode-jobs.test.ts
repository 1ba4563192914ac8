import { describe, expect, it } from 'vitest';
import { decodeJobs } from './decode-jobs.ts';

const later = (serverTime: number) => serverTime + 1_000;
const jobs = (...list: unknown[]) => decodeJobs({ jobs: list, pagination: {} }, later);
const job = (id: unknown, status: string, more = {}) => ({ id, status, priority: 1, ...more });

describe('the list of jobs', () => {
  it('tells what runs, what waits in the order in which it will run, and what is over', () => {
    const answer = jobs(
      job('b', 'pending', { priority: 5 }),
      job('a', 'pending', { priority: -2 }),
      job('now', 'in_progress', { priority: 3, create_time: 10, execution_start_time: 20 }),
      job('x', 'completed'),
      job('y', 'failed'),
      job('z', 'cancelled'),
    );
    expect(answer?.running).toEqual([
      { promptId: 'now', queueNumber: 3, queuedAt: 1_010, startedAt: 1_020, title: null, nodeTotal: null },
    ]);
    expect(answer?.pending.map(({ promptId }) => promptId)).toEqual(['a', 'b']);
    expect(answer?.finished.map(({ promptId, outcome }) => [promptId, outcome])).toEqual([
      ['x', 'success'],
      ['y', 'error'],
      ['z', 'interrupted'],
    ]);
  });

  it('tells why a job failed and when, and which run of its id it was', () => {
    const error = { node_id: 3, node_type: 'KSampler', exception_message: 'out of memory', traceback: ['x'] };
    expect(
      jobs(job('y', 'failed', { create_time: 10, execution_end_time: 20, execution_error: error }))?.finished,
    ).toEqual([
      {
        promptId: 'y',
        runKey: '1 10',
        outcome: 'error',
        finishedAt: 1_020,
        error: {
          nodeId: '3',
          nodeType: 'KSampler',
          exceptionType: null,
          message: 'out of memory',
          traceback: ['x'],
        },
      },
    ]);
  });

  it('takes nothing for a time that is none', () => {
    const odd = { create_time: -1, execution_start_time: 'soon', priority: -1 };
    expect(jobs(job('a', 'in_progress', odd))?.running).toMatchObject([
      { queuedAt: null, startedAt: null, queueNumber: -1 },
    ]);
  });

  it('leaves out what is no job, and knows little of those that say little', () => {
    expect(jobs(null, 'x', {}, job('', 'pending'), job(7, 'pending', { priority: null }))?.pending).toEqual([
      { promptId: '7', queueNumber: null, queuedAt: null, startedAt: null, title: null, nodeTotal: null },
    ]);
  });

  it('is bounded', () => {
    expect(jobs(...Array(6_000).fill(job('p', 'pending')))?.pending).toHaveLength(5_000);
  });

  it.each([[null], [[]], [{}], [{ jobs: {} }], ['<html>'], [{ jobs: [null, { name: 'x' }] }]])(
    'is not %j',
    (answer) => {
      expect(decodeJobs(answer, later)).toBeNull();
    },
  );
});
