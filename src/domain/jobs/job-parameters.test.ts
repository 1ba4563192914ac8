import { describe, expect, it } from 'vitest';
import { findJob, limits } from '../monitor-state.ts';
import { event, parametersWith, queued, serverAfter } from '../testing/builders.ts';
import { bytesOf } from '../text/json-bytes.ts';

const words = (letter: string) => ({ text: letter.repeat(400), isClipped: false });

describe('the parameters of a job', () => {
  it('come with the queue, and stay when a plan without them follows', () => {
    const server = serverAfter(
      event(1, 'queue_read', {
        running: [],
        pending: [queued('p', { parameters: parametersWith({ steps: 20 }) })],
      }),
      event(2, 'queue_read', { running: [], pending: [queued('p')] }),
      event(3, 'prompt_described', { promptId: 'p', title: null, nodeTotal: 3, nodeNames: {} }),
      event(4, 'prompt_finished', { promptId: 'p', outcome: 'success', finishedAt: null, error: null }),
    );
    expect(findJob(server, 'p')?.parameters?.steps).toBe(20);
  });

  it('take bounded room in a long queue: those that wait longest lose their words, not their figures', () => {
    const pending = Array.from({ length: limits.pendingJobs }, (_, n) =>
      queued(`p${n}`, { parameters: parametersWith({ seed: String(n), positive: words('a') }) }),
    );
    const jobs = serverAfter(event(1, 'queue_read', { running: [], pending })).pending;
    expect(jobs).toHaveLength(limits.pendingJobs);
    expect(jobs[0]?.parameters?.positive?.text).toHaveLength(400);
    expect(jobs.at(-1)?.parameters).toMatchObject({ seed: '999', positive: null });
    const bytes = jobs.reduce((sum, { parameters }) => sum + (parameters ? bytesOf(parameters) : 0), 0);
    expect(bytes).toBeLessThanOrEqual(limits.pendingParameterBytes);
    expect(bytes).toBeGreaterThan(limits.pendingParameterBytes * 0.9);
  });

  it('are not kept where not even figures have room', () => {
    const loras = Array.from({ length: 8 }, (_, n) => `${n}`.padEnd(100, 'x'));
    const pending = Array.from({ length: limits.pendingJobs }, (_, n) =>
      queued(`p${n}`, { parameters: parametersWith({ loras }) }),
    );
    const jobs = serverAfter(event(1, 'queue_read', { running: [], pending })).pending;
    expect(jobs[0]?.parameters?.loras).toEqual(loras);
    expect(jobs.at(-1)?.parameters).toBeNull();
  });
});
