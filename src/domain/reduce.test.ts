import { describe, expect, it } from 'vitest';
import { jobElapsed } from './jobs/job.ts';
import { newlyFinished } from './jobs/job-lists.ts';
import { nodeFraction, nodesDone } from './jobs/job-progress.ts';
import { nodeTitle } from './jobs/job-titles.ts';
import { limits, type ServerState, serverStateOf } from './monitor-state.ts';
import { reduce } from './reduce.ts';
import { ended, event, image, queued, serverAfter, stateAfter, testServer } from './testing/builders.ts';

const started = (promptId: string, at = 1_000) => event(at, 'prompt_started', { promptId, startedAt: at });
const succeeded = (promptId: string, at = 9_000) =>
  event(at, 'prompt_finished', { promptId, outcome: 'success', finishedAt: at, error: null });
const step = (promptId: string | null, nodeId: string | null, value: number, at: number) =>
  event(at, 'step_reached', { promptId, nodeId, step: value, max: 20 });
const done = (server: ServerState) => server.running[0] && nodesDone(server.running[0]);
const ids = (jobs: readonly { promptId: string }[]) => jobs.map((job) => job.promptId);

describe('a prompt that the socket tells everything about', () => {
  const live = [
    event(900, 'queue_read', { running: [], pending: [queued('p', { title: 'Portrait', nodeTotal: 4 })] }),
    started('p'),
    event(1_001, 'prompt_described', {
      promptId: 'p',
      title: 'Portrait',
      nodeTotal: 4,
      nodeNames: {
        '1': { title: null, classType: 'Loader' },
        '2': { title: 'Sampling', classType: 'KSampler' },
        '3': { title: null, classType: 'VAEDecode' },
        '9': { title: null, classType: 'SaveImage' },
      },
    }),
    event(1_002, 'nodes_cached', { promptId: 'p', nodeIds: ['1'] }),
    event(1_003, 'node_started', { promptId: 'p', nodeId: '2', displayNodeId: '2' }),
    step('p', '2', 10, 2_000),
  ];

  it('moves from pending to running and shows its node, steps and share of nodes done', () => {
    const server = serverAfter(...live);
    const job = server.running[0];
    expect(ids(server.pending)).toEqual([]);
    expect(job).toMatchObject({ state: 'running', title: 'Portrait', startedAt: 1_000 });
    expect(job?.runningNodes).toMatchObject([{ nodeId: '2', step: 10, max: 20 }]);
    expect(job && nodeTitle(job, '2')).toBe('Sampling');
    expect(job && nodeFraction(job)).toBe(0.5);
  });

  it('counts the node it leaves as done', () => {
    const server = serverAfter(
      ...live,
      event(3_000, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' }),
    );
    expect(done(server)).toBe(2);
    expect(server.running[0]?.runningNodes).toMatchObject([{ nodeId: '3', step: null }]);
  });

  it('does not count nodes that an expanding node made up, nor that one before they are left', () => {
    const server = serverAfter(
      ...live,
      event(3_000, 'node_started', { promptId: 'p', nodeId: '2.0.0.1', displayNodeId: '2' }),
      event(3_100, 'node_started', { promptId: 'p', nodeId: '2.0.0.2', displayNodeId: '2' }),
    );
    expect(done(server)).toBe(1);
    const after = event(3_200, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' });
    expect(done(serverAfter(...live, after))).toBe(2);
  });

  it('ends with its outputs and stays ended, whatever comes late or twice', () => {
    const server = serverAfter(
      ...live,
      event(8_000, 'node_executed', { promptId: 'p', nodeId: '9', outputs: [image('a.png')] }),
      succeeded('p'),
      event(9_001, 'node_executed', {
        promptId: 'p',
        nodeId: '9',
        outputs: [image('a.png'), image('b.png')],
      }),
      step('p', '2', 11, 9_002),
      event(9_003, 'prompt_ended', { promptId: 'p' }),
      event(9_004, 'prompt_vanished', { promptId: 'p', fate: 'lost' }),
    );
    expect(server.running).toEqual([]);
    expect(server.finished).toHaveLength(1);
    expect(server.finished[0]).toMatchObject({ state: 'success', finishedAt: 9_000, runningNodes: [] });
    expect(server.finished[0]?.outputs.map((output) => output.file?.filename)).toEqual(['a.png', 'b.png']);
  });
});

describe('a job that was lost', () => {
  it('has no end that anybody told, and so no duration, and comes first all the same', () => {
    const server = serverAfter(
      event(1_000, 'history_read', { entries: [ended('old', { finishedAt: 500 })] }),
      event(2_000, 'queue_read', { running: [queued('p', { startedAt: 2_000 })], pending: [] }),
      event(3_600_000, 'prompt_vanished', { promptId: 'p', fate: 'lost' }),
    );
    const [job] = server.finished;
    expect(job).toMatchObject({ promptId: 'p', state: 'lost', startedAt: 2_000, finishedAt: null });
    expect(job && jobElapsed(job, 3_600_000)).toBeNull();
  });

  it('gets no duration from a history without times that is read after the connection was away', () => {
    const server = serverAfter(
      event(2_000, 'queue_read', { running: [queued('p', { startedAt: 2_000 })], pending: [] }),
      event(3_000, 'connection_changed', { connection: { phase: 'connecting', attempt: 1, since: 3_000 } }),
      event(3_600_000, 'connection_changed', { connection: { phase: 'connected', since: 3_600_000 } }),
      event(3_600_001, 'history_read', { entries: [ended('p')] }),
    );
    expect(server.finished[0]).toMatchObject({ state: 'success', finishedAt: null });
  });
});

describe('a job whose end cannot be read', () => {
  const over = [
    event(2_000, 'queue_read', { running: [queued('p')], pending: [] }),
    event(9_000, 'prompt_vanished', { promptId: 'p', fate: 'ended' }),
  ];

  it('is over, and nothing more is said', () => {
    const server = serverAfter(...over);
    expect(server.running).toEqual([]);
    expect(server.finished[0]).toMatchObject({ state: 'ended', finishedAt: null, error: null });
  });

  it('is told again as soon as somebody knows, whoever that is', () => {
    const told = { promptId: 'p', outcome: 'error', finishedAt: 8_000, error: null } as const;
    expect(serverAfter(...over, event(9_500, 'prompt_finished', told)).finished[0]).toMatchObject({
      state: 'error',
      finishedAt: 8_000,
    });
  });
});

describe('a prompt id that is queued again after its end', () => {
  const first = [
    event(1_000, 'queue_read', { running: [queued('p', { title: 'Portrait' })], pending: [] }),
    event(2_000, 'history_read', { entries: [ended('p', { finishedAt: 2_000, outputs: [image('a.png')] })] }),
  ];
  const again = event(3_000, 'prompt_requeued', { promptId: 'p' });

  it('is a new run with its own outputs, and news once more', () => {
    const before = serverAfter(...first);
    const waiting = serverAfter(...first, again);
    expect(waiting.finished).toEqual([]);
    expect(waiting.pending).toMatchObject([
      { promptId: 'p', state: 'queued', title: 'Portrait', outputs: [] },
    ]);
    const done = event(4_000, 'history_read', {
      entries: [ended('p', { finishedAt: 4_000, outputs: [image('b.png')] })],
    });
    const after = serverAfter(...first, again, done);
    expect(after.finished).toHaveLength(1);
    expect(after.finished[0]?.outputs).toEqual([image('b.png')]);
    expect(newlyFinished(waiting, after)).toHaveLength(1);
    // A page that hears of both at once.
    expect(newlyFinished(before, after)).toHaveLength(1);
    expect(newlyFinished(after, after)).toHaveLength(0);
  });

  it('is not one because of late frames of its first run', () => {
    const server = serverAfter(...first, step('p', '2', 11, 3_000));
    expect(server.running).toEqual([]);
  });
});

describe('servers that say less', () => {
  it('takes the end of execution for a success where no success is announced', () => {
    const server = serverAfter(started('p'), event(5_000, 'prompt_ended', { promptId: 'p' }));
    expect(server.finished[0]).toMatchObject({ promptId: 'p', state: 'success', finishedAt: 5_000 });
  });

  it('gives progress without a prompt id to the prompt that runs, in its current node', () => {
    const server = serverAfter(
      started('p'),
      event(1_100, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' }),
      step(null, null, 4, 1_200),
    );
    expect(server.running[0]?.runningNodes).toMatchObject([{ nodeId: '3', step: 4 }]);
  });

  it('makes nothing up from progress without a prompt id while nothing is known to run', () => {
    expect(serverAfter(step(null, '3', 4, 1_200)).running).toEqual([]);
  });

  it('does not call a node without steps a node of one step', () => {
    const server = serverAfter(
      started('p'),
      event(1_100, 'node_states_reported', {
        promptId: 'p',
        running: [{ nodeId: '4', displayNodeId: '4', step: 0, max: 1 }],
        finishedNodeIds: ['1', '2'],
      }),
    );
    expect(server.running[0]?.runningNodes).toMatchObject([{ nodeId: '4', step: null, max: null }]);
    expect(done(server)).toBe(2);
  });
});

describe('trust', () => {
  it('lets history correct how a job ended, without ending it again', () => {
    const before = stateAfter(started('p'), event(5_000, 'prompt_ended', { promptId: 'p' }));
    const entry = ended('p', { outcome: 'error', finishedAt: 4_900, outputs: [image('a.png')] });
    const after = reduce(before, event(6_000, 'history_read', { entries: [entry] }));
    const [was, is] = [before, after].map((state) => serverStateOf(state, 's'));
    expect(is?.finished[0]).toMatchObject({ state: 'error', finishedAt: 4_900 });
    expect(is && newlyFinished(was, is)).toEqual([]);
  });

  it('does not put a finished job back into the queue because an older read still lists it', () => {
    const server = serverAfter(
      started('p'),
      succeeded('p'),
      event(9_100, 'queue_read', { running: [queued('p')], pending: [] }),
    );
    expect(server.running).toEqual([]);
    expect(server.finished).toHaveLength(1);
  });

  it('keeps a job running that an older read still lists as pending', () => {
    const server = serverAfter(
      started('p'),
      event(1_100, 'queue_read', { running: [], pending: [queued('p')] }),
    );
    expect(ids(server.running)).toEqual(['p']);
    expect(ids(server.pending)).toEqual([]);
  });

  it('keeps pending jobs in the order of the queue', () => {
    const server = serverAfter(
      event(1, 'queue_read', { running: [], pending: [queued('a'), queued('b')] }),
      event(2, 'queue_read', { running: [], pending: [queued('c'), queued('a'), queued('b')] }),
    );
    expect(ids(server.pending)).toEqual(['c', 'a', 'b']);
    expect(server.queueLength).toBe(3);
  });
});

describe('what is news', () => {
  const finishedBetween = (...events: Parameters<typeof stateAfter>) => {
    const before = stateAfter(...events.slice(0, -1));
    const last = events.at(-1);
    const after = last ? reduce(before, last) : before;
    const server = serverStateOf(after, 's');
    return server ? ids(newlyFinished(serverStateOf(before, 's'), server)) : [];
  };

  it('a running job that ends', () => {
    expect(finishedBetween(started('p'), succeeded('p'))).toEqual(['p']);
  });

  it('a job that began and ended while we were disconnected', () => {
    const entry = ended('p', { finishedAt: 5_000 });
    expect(finishedBetween(event(6_000, 'history_read', { entries: [entry] }))).toEqual(['p']);
  });

  it('not a job that ended before we first got through', () => {
    const entry = ended('p', { finishedAt: -1 });
    expect(finishedBetween(event(6_000, 'history_read', { entries: [entry] }))).toEqual([]);
  });

  it('not the same history read again', () => {
    const read = event(6_000, 'history_read', { entries: [ended('p', { finishedAt: 5_000 })] });
    expect(finishedBetween(read, read)).toEqual([]);
  });
});

describe('bounds', () => {
  it('hold in bytes for what a job made, and for what all that ended made', () => {
    const text = 'ä'.repeat(4_000);
    const output = (n: number) => ({
      nodeId: `${n}`,
      kind: 'text' as const,
      file: null,
      text: `${n}${text}`,
      at: 0,
    });
    const made = Array.from({ length: 60 }, (_, n) => output(n));
    const ran = (promptId: string) => [
      event(1, 'node_executed', { promptId, nodeId: '9', outputs: made }),
      event(2, 'prompt_finished', { promptId, outcome: 'success', finishedAt: 2, error: null }),
    ];
    const { finished } = serverAfter(...Array.from({ length: 60 }, (_, n) => ran(`p${n}`)).flat());
    const [first, ...others] = finished.map(({ outputs }) => Buffer.byteLength(JSON.stringify(outputs)));
    expect(first).toBeLessThanOrEqual(limits.textBytesPerJob);
    expect(others.reduce((sum, bytes) => sum + bytes, first ?? 0)).toBeLessThanOrEqual(limits.finishedBytes);
    expect(finished[0]?.outputs.length).toBeGreaterThan(5);
  });

  it('hold for prompts that wait, also where every look at the queue shows others, or one twice', () => {
    const ids = (look: number) => Array.from({ length: 600 }, (_, index) => queued(`${look}-${index}`));
    const looks = [1, 2, 3].map((at) => event(at, 'queue_read', { running: [], pending: ids(at) }));
    const { pending } = serverAfter(...looks);
    expect(pending).toHaveLength(limits.pendingJobs);
    expect(pending[0]?.promptId).toBe('3-0');
    const twice = event(1, 'queue_read', { running: [], pending: [queued('a'), queued('b'), queued('a')] });
    expect(serverAfter(twice).pending.map(({ promptId }) => promptId)).toEqual(['a', 'b']);
  });

  it('keeps the newest finished jobs and forgets the rest', () => {
    const many = Array.from({ length: limits.finishedJobs + 50 }, (_, n) =>
      ended(`p${n}`, { finishedAt: n }),
    );
    const server = serverAfter(event(1, 'history_read', { entries: many }));
    expect(server.finished).toHaveLength(limits.finishedJobs);
    expect(server.finished[0]?.promptId).toBe(`p${limits.finishedJobs + 49}`);
  });

  it('counts outputs beyond the cap instead of keeping them', () => {
    const outputs = Array.from({ length: limits.outputsPerJob + 7 }, (_, n) => image(`${n}.png`));
    const server = serverAfter(event(1, 'node_executed', { promptId: 'p', nodeId: '9', outputs }));
    expect(server.running[0]?.outputs).toHaveLength(limits.outputsPerJob);
    expect(server.running[0]?.outputsOmitted).toBe(7);
  });
});

describe('servers', () => {
  it('forgets everything about the old address when a server gets a new one', () => {
    const moved = { ...testServer, url: 'http://127.0.0.1:8000' };
    const server = serverAfter(started('p'), event(2_000, 'server_changed', { server: moved }));
    expect(server.running).toEqual([]);
    expect(server.server.url).toBe('http://127.0.0.1:8000');
  });

  it('does not claim to know the queue of a server that cannot be reached', () => {
    const problem = { kind: 'refused', detail: '', status: null } as const;
    const waiting = { phase: 'waiting', attempt: 1, since: 2, retryAt: 3, problem } as const;
    const server = serverAfter(
      event(1, 'queue_length_changed', { length: 3 }),
      event(2, 'connection_changed', { connection: waiting }),
    );
    expect(server.queueLength).toBeNull();
  });

  it('changes nothing, not even the object, for an event of an unknown server', () => {
    const state = stateAfter();
    expect(reduce(state, { ...event(1, 'queue_length_changed', { length: 1 }), serverId: 'x' })).toBe(state);
  });
});

describe('how long a run took', () => {
  const took = (startStamp: number, stamp: number, startedAt: number, finishedAt: number) => {
    const { finished } = serverAfter(
      event(startedAt, 'prompt_started', { promptId: 'p', startedAt, stamp: startStamp }),
      event(finishedAt, 'prompt_finished', {
        promptId: 'p',
        outcome: 'success',
        finishedAt,
        stamp,
        error: null,
      }),
    );
    const [job] = finished;
    return job && jobElapsed(job, finishedAt);
  };

  it('is as the server measured it, though both were heard at once, and by a clock that nobody knows', () => {
    expect(took(5_000, 32_650, 9_000_000, 9_000_100)).toBe(27_650);
  });

  it('is as we measured it where the clock of the server was set meanwhile', () => {
    expect(took(5_000, 3_605_000, 9_000_000, 9_060_000)).toBe(60_000);
    expect(took(3_605_000, 5_000, 9_000_000, 9_060_000)).toBe(60_000);
  });
});
