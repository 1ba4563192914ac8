import { describe, expect, it } from 'vitest';
import { decodeJob } from './decode-job.ts';

const now = 1_000_000;
const later = (serverTime: number) => serverTime + 1_000;
const graph = { '9': { class_type: 'SaveImage', inputs: {}, _meta: { title: 'Cat poster' } } };
const job = (more: object) => decodeJob({ id: 'p', priority: 4, create_time: 1_000, ...more }, now, later);
const workflow = { prompt: graph, extra_data: { create_time: 1_000 } };

describe('a single job', () => {
  it('that is over tells what the history tells', () => {
    const answer = job({
      status: 'completed',
      outputs: { '9': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } },
      execution_status: {
        status_str: 'success',
        completed: true,
        messages: [['execution_success', { timestamp: 9_000 }]],
      },
      execution_start_time: 2_000,
      workflow,
    });
    expect(answer).toMatchObject({
      description: null,
      entry: {
        promptId: 'p',
        runKey: '4 1000',
        outcome: 'success',
        title: 'Cat poster',
        startedAt: 3_000,
        finishedAt: 10_000,
        outputs: [{ file: { filename: 'a.png' } }],
      },
    });
  });

  it('that failed tells why, also without a status of its execution', () => {
    const error = { node_id: '3', node_type: 'KSampler', exception_message: 'out of memory' };
    expect(job({ status: 'failed', execution_error: error, execution_end_time: 5_000 })?.entry).toMatchObject(
      {
        outcome: 'error',
        finishedAt: 6_000,
        error: { nodeId: '3', message: 'out of memory' },
      },
    );
    expect(job({ status: 'cancelled' })?.entry).toMatchObject({ outcome: 'interrupted', error: null });
  });

  it('that waits or runs has a graph on newer servers', () => {
    expect(job({ status: 'pending', workflow })).toMatchObject({
      entry: null,
      description: { promptId: 'p', title: 'Cat poster', nodeTotal: 1, nodeNames: { '9': {} } },
    });
    expect(job({ status: 'in_progress' })).toEqual({ entry: null, description: null });
  });

  it.each([[null], [[]], [{}], [{ id: 'p' }], [{ id: {}, status: 'completed' }]])('is not %j', (answer) => {
    expect(decodeJob(answer, now, later)).toBeNull();
  });
});
