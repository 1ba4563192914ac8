import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../monitor-event.ts';
import { monitorStateSchema } from '../../monitor-state.ts';
import { event, parametersWith, serverAfter } from '../../testing/builders.ts';
import { jobOutlook, jobTimeline } from '../outlook/job-outlook.ts';

const nodeNames = {
  '1': { title: null, classType: 'CheckpointLoaderSimple' },
  '3': { title: null, classType: 'KSampler' },
  '4': { title: null, classType: 'VAEDecode' },
};

function described(at: number, promptId: string): MonitorEvent {
  return event(at, 'prompt_described', { promptId, title: 'Portrait', nodeTotal: 3, nodeNames });
}

function begun(at: number, promptId: string): MonitorEvent[] {
  return [
    event(at, 'prompt_started', { promptId, startedAt: at }),
    described(at, promptId),
    event(at, 'nodes_cached', { promptId, nodeIds: [] }),
  ];
}

/** What a server says of each node: `finished` ones, and one that runs. */
function states(at: number, promptId: string, finished: string[], running: string, step = 0, max = 1) {
  const node = { nodeId: running, displayNodeId: running, step, max };
  return event(at, 'node_states_reported', { promptId, running: [node], finishedNodeIds: finished });
}

function done(at: number, promptId: string): MonitorEvent {
  return event(at, 'prompt_finished', { promptId, outcome: 'success', finishedAt: at, error: null });
}

describe('what is learnt of a run', () => {
  it('that we joined is nothing of the node that ran already', () => {
    const listed = {
      promptId: 'p',
      queueNumber: 1,
      queuedAt: null,
      startedAt: 1_000,
      title: 'Portrait',
      nodeTotal: 3,
    };
    const joined = [
      event(60_000, 'queue_read', { running: [listed], pending: [] }),
      described(60_010, 'p'),
      states(60_100, 'p', ['1'], '3', 15, 20),
    ];
    const during = serverAfter(...joined);
    const [job] = during.running;
    const sampler = job && jobTimeline(during, job, 61_000).find(({ nodeId }) => nodeId === '3');
    expect(sampler).toMatchObject({ state: 'running', startedAfterMs: null, tookMs: null, fraction: 0.75 });
    const { learnt } = serverAfter(...joined, states(65_000, 'p', ['1', '3'], '4'), done(67_000, 'p'));
    expect(Object.keys(learnt.classes)).toEqual(['VAEDecode']);
    expect(learnt.classes.VAEDecode?.[0]?.[0]).toBe(2_000);
  });

  it('is nothing of the nodes that ran while there was no connection', () => {
    const { learnt } = serverAfter(
      ...begun(100, 'p'),
      states(200, 'p', [], '1'),
      event(300, 'connection_changed', { connection: { phase: 'connecting', attempt: 1, since: 300 } }),
      event(600_000, 'connection_changed', { connection: { phase: 'connected', since: 600_000 } }),
      states(600_100, 'p', ['1', '3'], '4'),
      done(606_000, 'p'),
    );
    expect(learnt.classes).toEqual({});
  });

  it('that was stopped early does not pass for how long the whole takes', () => {
    const stopped = [
      ...begun(0, 'a'),
      states(0, 'a', [], '1'),
      states(5_000, 'a', ['1'], '3'),
      event(5_100, 'prompt_finished', {
        promptId: 'a',
        outcome: 'interrupted',
        finishedAt: 5_100,
        error: null,
      }),
    ];
    const server = serverAfter(...stopped, ...begun(10_000, 'b'), states(10_000, 'b', [], '1'));
    const [job] = server.running;
    const outlook = job && jobOutlook(server, job, 12_000);
    expect(outlook).toMatchObject({ fraction: null, leftMs: null, basis: null });
  });

  it('is a number whatever a server says of sizes', () => {
    const parameters = parametersWith({ width: 1e6, height: 1e6, batch: 1e6, frames: 1e6, steps: 1e6 });
    const most = Number.MAX_SAFE_INTEGER;
    const server = serverAfter(
      ...begun(0, 'p'),
      event(0, 'prompt_described', { promptId: 'p', title: null, nodeTotal: 3, nodeNames, parameters }),
      states(0, 'p', [], '1'),
      ...[1, 2, 3, 4].map((pass) => states(pass * 1_000, 'p', ['1'], '3', most - pass, most - pass)),
      states(6_000, 'p', ['1', '3'], '4'),
      done(9_000, 'p'),
      ...begun(10_000, 'q'),
      states(10_000, 'q', [], '1'),
      states(11_000, 'q', ['1'], '3', 1, most),
    );
    const [job] = server.running;
    expect(job && jobOutlook(server, job, 13_000)).toMatchObject({ leftMs: null, doneAt: null });
    const crossed: unknown = JSON.parse(JSON.stringify({ servers: [server] }));
    expect(monitorStateSchema.safeParse(crossed).error).toBeUndefined();
  });
});
