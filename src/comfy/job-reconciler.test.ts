import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinished, type Job } from '../shared/job.ts';
import { newlyFinished } from '../shared/job-lists.ts';
import type { MonitorEvent } from '../shared/monitor-event.ts';
import {
  emptyState,
  findJob,
  limits,
  type MonitorState,
  type ServerState,
  serverStateOf,
} from '../shared/monitor-state.ts';
import { reduce } from '../shared/reduce.ts';
import { event, image, testServer } from '../shared/testing.ts';
import { connectionProblem } from './connection-problem.ts';
import { runningPrompt } from './job-reader.ts';
import { JobMemory, JobReconciler } from './job-reconciler.ts';
import { RestError } from './rest-request.ts';
import { ModelServer } from './testing/model-server.ts';

/** A monitor of a model server: state, reconciler and what the socket would tell. */
class Watch {
  readonly server: ModelServer;
  reconciler: JobReconciler;
  readonly #memory = new JobMemory();
  /** Prompt ids in the order in which they were news. */
  readonly news: string[] = [];
  connected = false;
  #state: MonitorState = emptyState;

  constructor({ hasJobsRoute = true }: { hasJobsRoute?: boolean } = {}) {
    this.server = new ModelServer({ hasJobsRoute });
    this.reconciler = new JobReconciler(this.server, this.server.now, this.#memory);
    this.apply(event(this.server.now(), 'server_added', { server: testServer }));
  }

  get state(): ServerState {
    const state = serverStateOf(this.#state, testServer.id);
    if (!state) throw new Error('the test server is gone');
    return state;
  }

  job(promptId: string): Job | undefined {
    return findJob(this.state, promptId);
  }

  apply(next: MonitorEvent): void {
    const before = serverStateOf(this.#state, testServer.id);
    this.#state = reduce(this.#state, next);
    for (const job of before?.finished ?? []) {
      const after = this.job(job.promptId);
      // A terminal state is entered once; only the history may still correct what was guessed.
      if (after && after.source !== 'history') expect(after.state).toBe(job.state);
    }
    this.news.push(...newlyFinished(before, this.state).map(({ promptId }) => promptId));
  }

  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.apply(
      event(this.server.now(), 'connection_changed', { connection: { phase: 'connected', since: 0 } }),
    );
    this.reconciler.reconnected();
    this.tellStatus();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    const connection = { phase: 'connecting', attempt: 1, since: 0 } as const;
    this.apply(event(this.server.now(), 'connection_changed', { connection }));
  }

  /** Watching is paused and taken up again, or the way to reach the server has changed. */
  watchAnew(): void {
    this.disconnect();
    this.reconciler = new JobReconciler(this.server, this.server.now, this.#memory);
  }

  /** `status` goes to everybody. */
  tellStatus(): void {
    const { pending, running } = this.server;
    if (this.connected) this.reconciler.noteLength(pending.length + (running === null ? 0 : 1));
  }

  /** What the submitter is told, if that is us. */
  tellSocket(next: MonitorEvent): void {
    if (!this.connected) return;
    this.apply(next);
    const running = runningPrompt(next);
    if (running !== null) this.reconciler.noteRunning(running);
  }

  async read(): Promise<void> {
    if (!this.connected) return;
    await this.reconciler.read(
      (finding) => this.apply({ serverId: testServer.id, at: this.server.now(), ...finding }),
      new AbortController().signal,
    );
  }
}

describe('jobs that somebody else queued', () => {
  it('appear with their title, run, and end as the history says', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'queued', title: 'Title of p1', nodeTotal: 3 });
    watch.server.start();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'running' });
    watch.server.finish('error');
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'error', source: 'history' });
    expect(watch.news).toEqual([promptId]);
  });

  it('have begun when they were first seen running right after they waited', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.server.start();
    await watch.read();
    expect(watch.job(promptId)?.startedAt).toBeGreaterThan(1_000_000);
  });

  it('have begun when a queue that was empty was seen to fill', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    watch.server.pass(60_000);
    const promptId = watch.server.submit();
    watch.server.start();
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.startedAt).toBeGreaterThan(1_060_000);
  });

  it('have no known beginning when they ran before we came', async () => {
    const watch = new Watch();
    const promptId = watch.server.submit();
    watch.server.start();
    watch.connect();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'running', startedAt: null });
  });

  it('are found when they came and went between two reads', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.tellStatus();
    watch.server.start();
    watch.server.finish('success');
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
  });

  it('are found although a prompt that is in neither queue nor history was heard of meanwhile', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.tellStatus();
    watch.server.start();
    watch.tellSocket(
      event(watch.server.now(), 'node_started', { promptId: 'ghost', nodeId: '1', displayNodeId: '1' }),
    );
    watch.server.finish('success');
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
    expect(watch.job('ghost')?.state).toBe('lost');
  });

  it('are cancelled when they leave the queue without a trace', async () => {
    const watch = new Watch();
    watch.connect();
    const ids = Array.from({ length: 30 }, () => watch.server.submit());
    await watch.read();
    watch.server.clear();
    watch.tellStatus();
    await watch.read();
    expect(ids.map((promptId) => watch.job(promptId)?.state)).toEqual(ids.map(() => 'cancelled'));
  });

  it('are lost when the server was restarted underneath them', async () => {
    const watch = new Watch();
    watch.connect();
    const [done, running, waiting] = [watch.server.submit(), watch.server.submit(), watch.server.submit()];
    watch.server.start();
    watch.server.finish('success');
    watch.server.start();
    await watch.read();
    watch.disconnect();
    watch.server.restart();
    watch.connect();
    await watch.read();
    expect(watch.job(done)?.state).toBe('success');
    expect(watch.job(running)?.state).toBe('lost');
    expect(watch.job(waiting)?.state).toBe('lost');
  });

  it('are told once when they ended while we were away', async () => {
    const watch = new Watch();
    watch.connect();
    const [seen, unseen] = [watch.server.submit(), watch.server.submit()];
    watch.server.start();
    await watch.read();
    watch.disconnect();
    watch.server.finish('success');
    watch.server.start();
    watch.server.finish('interrupted');
    watch.connect();
    await watch.read();
    await watch.read();
    expect(watch.job(seen)?.state).toBe('success');
    expect(watch.job(unseen)?.state).toBe('interrupted');
    expect(watch.news.toSorted()).toEqual([seen, unseen].toSorted());
  });

  it('are found out about after watching was paused', async () => {
    const watch = new Watch();
    watch.connect();
    const [done, waiting] = [watch.server.submit(), watch.server.submit()];
    watch.server.start();
    await watch.read();
    watch.watchAnew();
    watch.server.finish('error');
    watch.server.clear();
    watch.connect();
    await watch.read();
    expect(watch.job(done)?.state).toBe('error');
    expect(watch.job(waiting)?.state).toBe('cancelled');
  });

  it('do not stay running when only the socket ever mentioned them', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    watch.tellSocket(
      event(watch.server.now(), 'step_reached', { promptId: 'ghost', nodeId: '3', step: 1, max: 2 }),
    );
    expect(watch.job('ghost')?.state).toBe('running');
    await watch.read();
    expect(watch.job('ghost')?.state).toBe('lost');
  });

  it('are history and not news when they ended before the first look', async () => {
    const watch = new Watch();
    const promptId = watch.server.submit();
    watch.server.start();
    watch.server.finish('success');
    watch.connect();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
    expect(watch.news).toEqual([]);
  });
});

describe('what reading costs', () => {
  it('does not grow with the history: a poll asks for live jobs alone', async () => {
    const watch = new Watch();
    for (let n = 0; n < 300; n += 1) {
      watch.server.submit();
      watch.server.start();
      watch.server.finish('success');
    }
    watch.connect();
    await watch.read();
    watch.server.asked.length = 0;
    for (let n = 0; n < 5; n += 1) await watch.read();
    expect(watch.server.asked).toEqual(Array.from({ length: 5 }, () => '/api/jobs'));
  });

  it('reads the graph of a prompt once', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    for (let n = 0; n < 50; n += 1) watch.server.submit();
    for (let n = 0; n < 20; n += 1) {
      await watch.read();
      watch.server.start();
      watch.server.finish('success');
    }
    expect(watch.server.asked.filter((route) => route === '/queue')).toHaveLength(1);
  });

  it('reads graphs once per hundred prompts of a queue that is longer than names are kept for', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    for (let n = 0; n < 250; n += 1) watch.server.submit();
    for (let n = 0; n < 250; n += 1) {
      watch.server.start();
      watch.server.pass(10_000);
      await watch.read();
      expect(Object.keys(watch.state.running[0]?.nodeNames ?? {})).toEqual(['1']);
      watch.server.finish('success');
    }
    expect(watch.server.asked.filter((route) => route === '/queue').length).toBeLessThanOrEqual(4);
  });

  it('makes do without graphs where the server does not give them', async () => {
    const watch = new Watch();
    watch.server.queue = () => Promise.reject(new RestError(connectionProblem('not-comfyui', 'none', 404)));
    watch.connect();
    const promptId = watch.server.submit();
    watch.server.start();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'running', title: null });
  });

  it('looks nothing up that a restarted server cannot know', async () => {
    const watch = new Watch();
    watch.connect();
    for (let n = 0; n < 1_000; n += 1) watch.server.submit();
    await watch.read();
    watch.disconnect();
    watch.server.restart();
    watch.connect();
    watch.server.asked.length = 0;
    await watch.read();
    expect(watch.state.finished.filter(({ state }) => state === 'lost')).toHaveLength(limits.finishedJobs);
    expect(watch.server.asked.length).toBeLessThan(5);
  });

  it('asks for less when answers are too large, and does not try again and again', async () => {
    const watch = new Watch({ hasJobsRoute: false });
    const tooLarge = new RestError(connectionProblem('protocol', 'more than 64 MiB'));
    const { history } = watch.server;
    watch.server.history = (options) =>
      options.maxItems > 5 ? Promise.reject(tooLarge) : history.call(watch.server, options);
    for (let n = 0; n < 40; n += 1) {
      watch.server.submit();
      watch.server.start();
      watch.server.finish('success');
    }
    watch.connect();
    await watch.read();
    expect(watch.state.finished).toHaveLength(3);
    watch.server.queue = () => Promise.reject(tooLarge);
    watch.disconnect();
    watch.connect();
    await expect(watch.read()).rejects.toBe(tooLarge);
  });

  it('shows jobs without their titles when the graphs are too large', async () => {
    const watch = new Watch();
    let tries = 0;
    watch.server.queue = () => {
      tries += 1;
      return Promise.reject(new RestError(connectionProblem('protocol', 'more than 64 MiB')));
    };
    watch.connect();
    const promptId = watch.server.submit();
    for (let n = 0; n < 20; n += 1) {
      watch.server.pass(1_000);
      await watch.read();
    }
    expect(watch.job(promptId)?.state).toBe('queued');
    expect(tries).toBe(1);
  });

  it('does not read known entries again after a connection was lost', async () => {
    const watch = new Watch();
    watch.connect();
    for (let n = 0; n < 10; n += 1) {
      watch.server.submit();
      watch.server.start();
      watch.server.finish('success');
    }
    await watch.read();
    watch.disconnect();
    watch.connect();
    watch.server.asked.length = 0;
    await watch.read();
    expect(watch.server.asked).toEqual(['/api/jobs', expect.stringMatching(/^\/api\/jobs ended/)]);
  });
});

type Step =
  | {
      do:
        | 'submit'
        | 'start'
        | 'finish'
        | 'clear'
        | 'restart'
        | 'disconnect'
        | 'connect'
        | 'pause'
        | 'ghost'
        | 'read';
    }
  | { do: 'cancel'; index: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'submit' }) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'start' }) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'finish' }) },
  { weight: 2, arbitrary: fc.nat(20).map((index): Step => ({ do: 'cancel', index })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'clear' }, { do: 'restart' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      { do: 'disconnect' },
      { do: 'connect' },
      { do: 'pause' },
      { do: 'ghost' },
    ),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'read' }) },
);

const course = fc.record({
  hasJobsRoute: fc.boolean(),
  /** Whether the prompts are ours, so that the socket tells of them. */
  ours: fc.boolean(),
  outcomes: fc.array(fc.constantFrom('success', 'error', 'interrupted'), { minLength: 1 }),
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
  /** Whether the report of each change comes at once; else it is late, or one for two changes. */
  reports: fc.array(fc.boolean(), { minLength: 1 }),
  /** What happens while answers are on their way. */
  meanwhile: fc.array(
    fc.constantFrom<Step>({ do: 'submit' }, { do: 'start' }, { do: 'finish' }, { do: 'cancel', index: 0 }),
    { maxLength: 30, size: 'max' },
  ),
});

/** Lets one step happen to the server, and tells what its socket would. */
function happen(
  watch: Watch,
  { step, ours, outcome }: { step: Step; ours: boolean; outcome: 'success' | 'error' | 'interrupted' },
): void {
  const { server } = watch;
  switch (step.do) {
    case 'submit':
      server.submit();
      break;
    case 'start': {
      const promptId = server.start();
      if (promptId !== null && ours)
        watch.tellSocket(event(server.now(), 'prompt_started', { promptId, startedAt: null }));
      break;
    }
    case 'finish': {
      const promptId = server.finish(outcome);
      if (promptId === null || !ours) break;
      const outputs = [image(`${promptId}.png`)];
      watch.tellSocket(event(server.now(), 'node_executed', { promptId, nodeId: '9', outputs }));
      watch.tellSocket(
        event(server.now(), 'prompt_finished', { promptId, outcome, finishedAt: null, error: null }),
      );
      watch.tellSocket(event(server.now(), 'prompt_ended', { promptId }));
      // Frames can be late.
      watch.tellSocket(event(server.now(), 'step_reached', { promptId, nodeId: '3', step: 1, max: 2 }));
      break;
    }
    case 'cancel':
      server.cancel(step.index);
      break;
    case 'clear':
      server.clear();
      break;
    case 'restart':
      // Nobody stays connected to a server that ends.
      watch.disconnect();
      server.restart();
      break;
    case 'connect':
      watch.connect();
      break;
    case 'disconnect':
      watch.disconnect();
      break;
    case 'pause':
      watch.watchAnew();
      break;
    case 'ghost':
      watch.tellSocket(
        event(server.now(), 'node_started', { promptId: 'ghost', nodeId: '1', displayNodeId: '1' }),
      );
      break;
    case 'read':
      break;
  }
}

describe('however socket, REST and disconnects interleave', () => {
  it('the state ends up as queue and history say, and no job ends twice', async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({ hasJobsRoute, ours, outcomes, steps, reports, meanwhile }) => {
        const watch = new Watch({ hasJobsRoute });
        const { server } = watch;
        let finishes = 0;
        let changes = 0;
        const run = (next: Step): void => {
          const outcome = outcomes[finishes++ % outcomes.length] ?? 'success';
          happen(watch, { step: next, ours, outcome });
          if (reports[changes++ % reports.length]) watch.tellStatus();
        };
        const interruptions = [...meanwhile];
        server.beforeAnswer = () => {
          const next = interruptions.shift();
          if (next) run(next);
        };
        watch.connect();
        for (const next of steps) {
          if (next.do === 'read') await watch.read();
          else run(next);
        }
        watch.connect();
        watch.tellStatus();
        interruptions.length = 0;
        await watch.read();
        await watch.read();

        const { running, pending, finished } = watch.state;
        expect(running.map(({ promptId }) => promptId)).toEqual(
          server.running === null ? [] : [server.running],
        );
        expect(pending.map(({ promptId }) => promptId)).toEqual(server.pending);
        for (const [promptId, outcome] of server.outcomes) {
          const job = finished.find((candidate) => candidate.promptId === promptId);
          expect(job?.state, promptId).toBe(outcome);
        }
        // What is neither in the queue nor in the history is over, if it was ever seen.
        for (const promptId of server.submitted) {
          const job = watch.job(promptId);
          const live = promptId === server.running || server.pending.includes(promptId);
          if (job) expect(isFinished(job.state), promptId).toBe(!live);
        }
        // Nothing is there twice, and nothing was news twice.
        const all = [...running, ...pending, ...finished].map(({ promptId }) => promptId);
        expect(new Set(all).size).toBe(all.length);
        expect(new Set(watch.news).size).toBe(watch.news.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
