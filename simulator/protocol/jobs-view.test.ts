import { describe, expect, it } from 'vitest';
import { countingPrompt, failingPrompt } from '../testing/prompts.ts';
import { bareProcess } from '../testing/test-client.ts';
import { type JobsQuery, jobDetails, jobStatuses, jobsPage } from './jobs-view.ts';
import { isJsonArray, isJsonObject, type JsonObject } from './json.ts';

const everything: JobsQuery = {
  statuses: jobStatuses,
  workflowId: undefined,
  sortBy: 'created_at',
  descending: true,
  offset: 0,
  limit: undefined,
};

/** One prompt of every fate. */
function eventfulServer() {
  const server = bareProcess();
  const { clock, process, post } = server;
  const completed = post(countingPrompt(), {
    client_id: 'browser',
    extra_data: { extra_pnginfo: { workflow: { id: 'workflow 1' } } },
  });
  clock.advance(5_000);
  const failed = post(failingPrompt('monitor', 'wrong value'), { client_id: 'browser' });
  clock.advance(5_000);
  const cancelled = post(countingPrompt({ steps: 50, seed: 2 }), { client_id: 'browser' });
  clock.advance(1_000);
  process.interrupt();
  clock.advance(1_000);
  const running = post(countingPrompt({ steps: 50, seed: 3 }));
  clock.advance(1_000);
  const pending = post(countingPrompt({ seed: 4 }));
  return { ...server, ids: { completed, failed, cancelled, running, pending } };
}

function jobsOf(page: JsonObject): JsonObject[] {
  const { jobs } = page;
  return isJsonArray(jobs) ? jobs.filter((job) => isJsonObject(job)) : [];
}

describe('/api/jobs', () => {
  const { process, ids } = eventfulServer();

  it('agrees with queue and history about every prompt', () => {
    const jobs = jobsOf(jobsPage(process.queue, everything));
    expect(Object.fromEntries(jobs.map((job) => [job.id, job.status]))).toEqual({
      [ids.completed]: 'completed',
      [ids.failed]: 'failed',
      [ids.cancelled]: 'cancelled',
      [ids.running]: 'in_progress',
      [ids.pending]: 'pending',
    });
    expect(process.queue.running?.[1]).toBe(ids.running);
    expect([...process.queue.history.keys()]).toEqual([ids.completed, ids.failed, ids.cancelled]);
  });

  it('lists the newest first, without graphs', () => {
    const jobs = jobsOf(jobsPage(process.queue, everything));
    expect(jobs.map((job) => job.id)).toEqual(Object.values(ids).reverse());
    expect(JSON.stringify(jobs)).not.toContain('class_type');
  });

  it('tells times, outputs and the picture to show of a finished one', () => {
    const job = jobsOf(jobsPage(process.queue, everything)).find(({ id }) => id === ids.completed);
    expect(job).toMatchObject({
      priority: 0,
      create_time: 1_790_000_000_000,
      workflow_id: 'workflow 1',
      outputs_count: 1,
      preview_output: {
        filename: 'monitor_00001_.png',
        subfolder: '',
        type: 'output',
        nodeId: '3',
        mediaType: 'images',
      },
    });
    expect(Number(job?.execution_end_time) - Number(job?.execution_start_time)).toBeGreaterThan(300);
  });

  it('filters, sorts and pages', () => {
    const page = jobsPage(process.queue, {
      ...everything,
      statuses: ['completed', 'failed', 'cancelled'],
      sortBy: 'execution_duration',
      descending: false,
      offset: 1,
      limit: 1,
    });
    expect(jobsOf(page).map((job) => job.id)).toEqual([ids.completed]);
    expect(page.pagination).toEqual({ offset: 1, limit: 1, total: 3, has_more: true });
  });
});

describe('/api/jobs/{id}', () => {
  const { process, ids } = eventfulServer();

  it('adds outputs, status and graph of a finished one', () => {
    expect(jobDetails(process.queue, ids.completed)).toMatchObject({
      outputs: { '3': { images: [{ filename: 'monitor_00001_.png' }] } },
      execution_status: { status_str: 'success', completed: true },
      workflow: {
        prompt: { '2': { class_type: 'SimulatorProgress' } },
        extra_data: { client_id: 'browser' },
      },
    });
  });

  it('tells of a running one only that it runs', () => {
    expect(Object.keys(jobDetails(process.queue, ids.running) ?? {}).sort()).toEqual([
      'create_time',
      'id',
      'outputs_count',
      'priority',
      'status',
    ]);
  });

  it('tells the error of a failed one', () => {
    expect(jobDetails(process.queue, ids.failed)).toMatchObject({
      execution_error: { exception_type: 'ValueError', node_id: '2' },
    });
  });

  it('knows nothing of an unknown one', () => {
    expect(jobDetails(process.queue, 'nobody')).toBeUndefined();
  });
});
