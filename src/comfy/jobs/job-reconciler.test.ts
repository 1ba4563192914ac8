import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinished, type Job } from '../../domain/jobs/job.ts';
import { newlyFinished } from '../../domain/jobs/job-lists.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import {
  emptyState,
  findJob,
  limits,
  type MonitorState,
  type ServerState,
  serverStateOf,
} from '../../domain/monitor-state.ts';
import { reduce } from '../../domain/reduce.ts';
import { event, image, testServer } from '../../domain/testing/builders.ts';
import { connectionProblem } from '../link/connection-problem.ts';
import { RestError } from '../rest/rest-request.ts';
import { ModelServer } from '../testing/model-server.ts';
import { JobMemory } from './job-memory.ts';
import { runningPrompt } from './job-reader.ts';
import { JobReconciler } from './job-reconciler.ts';

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
    this.reconciler = this.#reconcile();
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
      if (
        after &&
        after.source !== 'history' &&
        after.run === job.run &&
        job.state !== 'ended' &&
        job.state !== 'lost'
      )
        expect(after.state).toBe(job.state);
    }
    for (const { promptId, run } of newlyFinished(before, this.state))
      this.news.push(run === 0 ? promptId : `${promptId} again ${run}`);
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
    this.reconciler = this.#reconcile();
  }

  #reconcile(): JobReconciler {
    const { now } = this.server;
    return new JobReconciler(this.server, this.#memory, { now, elapsed: now });
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
    if (next.type === 'prompt_finished') this.reconciler.noteEnd(next.promptId);
  }

  async read(): Promise<void> {
    if (!this.connected) return;
    await this.reconciler.read(
      (finding) => this.apply({ serverId: testServer.id, at: this.server.now(), ...finding }),
      new AbortController().signal,
    );
  }
}

describe('what the socket says while the queue is asked for', () => {
  it('is newer than the answer: an end is no new run of what still waits in it', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    const { liveJobs } = watch.server;
    let isOver = false;
    watch.server.liveJobs = async function liveJobsBefore() {
      const answer = await liveJobs.call(watch.server);
      if (isOver) return answer;
      isOver = true;
      watch.server.start();
      watch.tellSocket(event(watch.server.now(), 'prompt_started', { promptId, startedAt: null }));
      watch.server.finish('success');
      watch.tellSocket(
        event(watch.server.now(), 'prompt_finished', {
          promptId,
          outcome: 'success',
          finishedAt: null,
          error: null,
        }),
      );
      return answer;
    };
    await watch.read();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'success', run: 0 });
    expect(watch.news).toEqual([promptId]);
  });
});

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

  it('do not stay running when the socket speaks late of one that was listed, and forgotten by a restart', async () => {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.server.start();
    watch.server.finish('success');
    watch.tellStatus();
    const { historyOf } = watch.server;
    const cut = new AbortController();
    watch.server.historyOf = () => {
      cut.abort();
      return Promise.reject(new RestError(connectionProblem('closed', 'the connection ended')));
    };
    await expect(watch.reconciler.read(() => {}, cut.signal)).rejects.toThrow();
    watch.server.historyOf = historyOf;
    watch.tellSocket(event(watch.server.now(), 'step_reached', { promptId, nodeId: '3', step: 1, max: 2 }));
    expect(watch.job(promptId)?.state).toBe('running');
    watch.disconnect();
    watch.server.restart();
    watch.connect();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
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
    watch.server.history = () => Promise.reject(tooLarge);
    watch.disconnect();
    watch.connect();
    await expect(watch.read()).rejects.toMatchObject({ problem: tooLarge.problem });
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

/** Failures of answers, by what they are asked for: the routes of the model server as they begin. */
const routes = {
  live: /^\/api\/jobs$/,
  ended: /^\/api\/jobs ended/,
  job: /^\/api\/jobs\/p/,
  queue: /^\/queue$/,
  newest: /^\/history \d/,
  single: /^\/history\/p/,
};
type Route = keyof typeof routes;

const failures = {
  error: new RestError(connectionProblem('server-error', 'status 500', 500)),
  page: new RestError(connectionProblem('not-comfyui', 'a web page', 200)),
  large: new RestError(connectionProblem('protocol', 'more than 64 MiB')),
  late: new RestError(connectionProblem('timeout', 'no answer in time')),
};
type Failure = keyof typeof failures;

/** Lets answers fail, from now on. */
function failing(server: ModelServer, ...broken: Route[]): void {
  server.failing = (route) => (broken.some((name) => routes[name].test(route)) ? failures.error : null);
}

describe('a server of which one answer fails for good', () => {
  /** A watch that saw one prompt run, when the answers begin to fail. */
  async function running(options: { hasJobsRoute?: boolean } = {}) {
    const watch = new Watch(options);
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.server.start();
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('running');
    return { watch, promptId };
  }
  const over = (watch: Watch, outcome: 'success' | 'error' = 'success') => {
    watch.server.finish(outcome);
    watch.tellStatus();
  };
  async function readFor(watch: Watch, seconds: number): Promise<void> {
    for (let n = 0; n < seconds; n += 1) {
      watch.server.pass(1_000);
      await watch.read();
    }
  }

  it('tells of finished jobs all the same when their list fails', async () => {
    const { watch, promptId } = await running();
    failing(watch.server, 'ended');
    over(watch);
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'success', source: 'history' });
    expect(watch.reconciler.unreadable).toMatchObject([{ source: 'ended_jobs', problem: { status: 500 } }]);
    // Also of those that were never seen in the queue.
    const unseen = watch.server.submit();
    watch.server.start();
    over(watch);
    await watch.read();
    expect(watch.job(unseen)?.state).toBe('success');
    // A traceback on the server's terminal each time: less and less often.
    await readFor(watch, 60);
    expect(watch.server.asked.filter((route) => routes.ended.test(route)).length).toBeLessThan(10);
  });

  it('is read by queue and history when all of the jobs interface fails', async () => {
    const watch = new Watch();
    failing(watch.server, 'live', 'ended', 'job');
    watch.connect();
    const [first, second] = [watch.server.submit(), watch.server.submit()];
    watch.server.start();
    await watch.read();
    expect(watch.job(first)?.state).toBe('running');
    expect(watch.job(second)?.state).toBe('queued');
    over(watch);
    await watch.read();
    expect(watch.job(first)?.state).toBe('success');
  });

  it('costs the one prompt that cannot be read, and tells what the list says of it', async () => {
    const { watch, promptId } = await running();
    watch.server.failing = (route) => (route.endsWith(`/${promptId}`) ? failures.error : null);
    over(watch, 'error');
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'error', source: 'socket' });
    const next = watch.server.submit();
    watch.server.start();
    over(watch);
    await watch.read();
    expect(watch.job(next)).toMatchObject({ state: 'success', source: 'history' });
    await readFor(watch, 600);
    expect(watch.server.asked.filter((route) => route === `/history/${promptId}`).length).toBeLessThan(10);
    expect(watch.news).toEqual([promptId, next]);
  });

  it('reads the one prompt from the jobs where its history entry fails', async () => {
    const { watch, promptId } = await running();
    watch.server.failing = (route) => (route === `/history/${promptId}` ? failures.page : null);
    over(watch);
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'success', source: 'history' });
  });

  it('does not let a prompt run for ever of which nobody can say how it ended', async () => {
    const { watch, promptId } = await running({ hasJobsRoute: false });
    failing(watch.server, 'newest', 'single');
    over(watch);
    await watch.read();
    await readFor(watch, 10);
    expect(watch.job(promptId)).toMatchObject({ state: 'ended', finishedAt: null });
    expect(watch.reconciler.unreadable.map(({ source }) => source)).toEqual(['history', 'prompt']);
    // Until somebody can.
    failing(watch.server);
    await readFor(watch, 60);
    expect(watch.job(promptId)).toMatchObject({ state: 'success', source: 'history' });
    expect(watch.reconciler.unreadable).toEqual([]);
    expect(watch.news).toEqual([promptId]);
  });

  it('leaves the word of the socket as it is', async () => {
    const { watch, promptId } = await running({ hasJobsRoute: false });
    failing(watch.server, 'newest', 'single');
    watch.tellSocket(
      event(watch.server.now(), 'prompt_finished', {
        promptId,
        outcome: 'success',
        finishedAt: 5,
        error: null,
      }),
    );
    over(watch);
    await readFor(watch, 600);
    expect(watch.job(promptId)).toMatchObject({ state: 'success', finishedAt: 5 });
  });

  it('goes on finding jobs after a history that came too late once', async () => {
    const { watch, promptId } = await running({ hasJobsRoute: false });
    let late = true;
    watch.server.failing = (route) => (routes.newest.test(route) && late ? failures.late : null);
    over(watch);
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
    late = false;
    const unseen = watch.server.submit();
    watch.server.start();
    over(watch);
    await readFor(watch, 10);
    expect(watch.job(unseen)?.state).toBe('success');
  });

  it('is asked for all of what ended unseen as soon as it can tell so much again', async () => {
    const { watch } = await running({ hasJobsRoute: false });
    const many = /^\/history [2-9]|^\/history \d\d/;
    let late = true;
    watch.server.failing = (route) => (many.test(route) && late ? failures.late : null);
    over(watch);
    const unseen = [1, 2, 3].map(() => {
      const promptId = watch.server.submit();
      watch.server.start();
      watch.server.finish('success');
      return promptId;
    });
    watch.tellStatus();
    await readFor(watch, 5);
    late = false;
    await readFor(watch, 60);
    expect(unseen.map((promptId) => watch.job(promptId)?.state)).toEqual(['success', 'success', 'success']);
  });

  it('is asked back to what was known before, whatever newer one was looked up meanwhile', async () => {
    const { watch, promptId } = await running({ hasJobsRoute: false });
    over(watch);
    await watch.read();
    watch.disconnect();
    const unseen = watch.server.submit();
    watch.server.start();
    over(watch);
    const seen = watch.server.submit();
    watch.server.start();
    watch.server.failing = (route) => (routes.newest.test(route) ? failures.error : null);
    watch.connect();
    await watch.read();
    over(watch);
    await readFor(watch, 10);
    const last = watch.server.submit();
    watch.server.start();
    over(watch);
    watch.server.failing = () => null;
    watch.tellStatus();
    await readFor(watch, 60);
    const states = [promptId, unseen, seen, last].map((id) => watch.job(id)?.state);
    expect(states).toEqual(['success', 'success', 'success', 'success']);
  });

  it('that can tell its queue in no way is believed when it says that it is empty', async () => {
    const { watch, promptId } = await running();
    failing(watch.server, 'live', 'queue');
    over(watch);
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
  });

  it('is asked less often, and not given up, when nothing can be read', async () => {
    const { watch, promptId } = await running();
    watch.server.failing = () => failures.error;
    watch.server.submit();
    watch.server.finish('success');
    watch.server.start();
    watch.tellStatus();
    for (let n = 0; n < 60; n += 1) {
      watch.server.pass(1_000);
      await watch.read().catch(() => {});
    }
    expect(watch.job(promptId)?.state).toBe('running');
    const asked = watch.server.asked.length;
    failing(watch.server);
    await readFor(watch, 60);
    expect(watch.job(promptId)?.state).toBe('success');
    expect(asked).toBeLessThan(40);
  });

  it('is not told of more and more prompts that only the socket knows', async () => {
    const memory = new JobMemory();
    const server = new ModelServer({ hasJobsRoute: true });
    server.failing = () => failures.error;
    const reconciler = new JobReconciler(server, memory, { now: server.now, elapsed: server.now });
    for (let n = 0; n < 10_000; n += 1) {
      reconciler.noteRunning(`prompt ${n}`);
      if (n % 1_000 === 0) await reconciler.read(() => {}, new AbortController().signal).catch(() => {});
    }
    expect(memory.heard.size).toBeLessThanOrEqual(100);
    expect(memory.places.size).toBeLessThanOrEqual(100);
    expect([...memory.heard].at(-1)).toBe('prompt 9999');
  });
});

describe('a prompt id that is queued again', () => {
  async function once() {
    const watch = new Watch();
    watch.connect();
    await watch.read();
    const promptId = watch.server.submit();
    watch.server.start();
    watch.tellStatus();
    await watch.read();
    watch.server.finish('success');
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('success');
    watch.server.submitAgain(0);
    watch.tellStatus();
    return { watch, promptId };
  }

  it('waits, runs and ends again, and is news again', async () => {
    const { watch, promptId } = await once();
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'queued', outputs: [] });
    watch.server.start();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('running');
    watch.server.finish('error');
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('error');
    await watch.read();
    expect(watch.news).toEqual([promptId, `${promptId} again 1`]);
  });

  it('is noticed although it came and went between two reads', async () => {
    const { watch, promptId } = await once();
    watch.server.start();
    watch.server.finish('error');
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('error');
    expect(watch.news).toEqual([promptId, `${promptId} again 1`]);
  });

  it('is cancelled although the history still has its first run', async () => {
    const { watch, promptId } = await once();
    await watch.read();
    watch.server.clear();
    watch.tellStatus();
    await watch.read();
    expect(watch.job(promptId)?.state).toBe('cancelled');
  });

  it('is not one because of a late answer or late frames of its first run', async () => {
    const watch = new Watch();
    watch.connect();
    const promptId = watch.server.submit();
    watch.server.start();
    await watch.read();
    const { liveJobs } = watch.server;
    // The end comes over the socket while the answer that still shows it running is on its way.
    watch.server.liveJobs = async () => {
      const answer = await liveJobs.call(watch.server);
      watch.server.finish('success');
      watch.tellSocket(
        event(watch.server.now(), 'prompt_finished', {
          promptId,
          outcome: 'success',
          finishedAt: null,
          error: null,
        }),
      );
      watch.server.liveJobs = liveJobs;
      return answer;
    };
    await watch.read();
    watch.tellSocket(event(watch.server.now(), 'step_reached', { promptId, nodeId: '3', step: 1, max: 2 }));
    await watch.read();
    expect(watch.job(promptId)).toMatchObject({ state: 'success', run: 0 });
    expect(watch.news).toEqual([promptId]);
  });
});

describe('graphs of single prompts', () => {
  it('are read instead of those of the whole queue where the server gives them', async () => {
    const watch = new Watch();
    watch.server.givesGraphs = true;
    watch.connect();
    for (let n = 0; n < 50; n += 1) watch.server.submit();
    await watch.read();
    for (let n = 0; n < 10; n += 1) {
      watch.server.pass(10_000);
      const promptId = watch.server.submit();
      await watch.read();
      expect(watch.job(promptId)?.title).toBe(`Title of ${promptId}`);
    }
    expect(watch.server.asked.filter((route) => route === '/queue')).toHaveLength(1);
  });

  it('are all that there are where the whole queue is too large to be read', async () => {
    const watch = new Watch();
    watch.server.givesGraphs = true;
    watch.server.failing = (route) => (routes.queue.test(route) ? failures.large : null);
    watch.connect();
    const ids = Array.from({ length: 12 }, () => watch.server.submit());
    for (let n = 0; n < 5; n += 1) {
      watch.server.pass(700_000);
      await watch.read();
    }
    expect(ids.map((promptId) => watch.job(promptId)?.title)).toEqual(ids.map((id) => `Title of ${id}`));
  });
});

type Step =
  | {
      do:
        | 'submit'
        | 'again'
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
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'again' }) },
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
    case 'again':
      // Elsewhere the history does not show in its order that an entry is new.
      if (server.hasJobsRoute) server.submitAgain(server.submitted.length);
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

const faults = fc.record({
  /** Answers that fail, each in its way: for good, or so many times. */
  broken: fc.dictionary(
    fc.constantFrom<Route>('live', 'ended', 'job', 'queue', 'newest', 'single'),
    fc.record({
      how: fc.constantFrom<Failure>('error', 'page', 'large', 'late'),
      times: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 6 })),
    }),
  ),
  /** Prompts (`p1`, …) of which nothing can be read by their id. */
  bad: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
});

describe('however socket, REST and disconnects interleave', () => {
  async function runThrough(
    {
      hasJobsRoute,
      ours,
      outcomes,
      steps,
      reports,
      meanwhile,
    }: typeof course extends fc.Arbitrary<infer T> ? T : never,
    prepare: (server: ModelServer) => void = () => {},
  ): Promise<Watch> {
    const watch = new Watch({ hasJobsRoute });
    const { server } = watch;
    prepare(server);
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
      if (next.do === 'read') await watch.read().catch(expectRestError);
      else run(next);
    }
    watch.connect();
    watch.tellStatus();
    interruptions.length = 0;
    return watch;
  }

  function expectRestError(error: unknown): void {
    expect(error).toBeInstanceOf(RestError);
  }

  function expectEachOnce({ state, news }: Watch): void {
    const all = [...state.running, ...state.pending, ...state.finished].map(({ promptId }) => promptId);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(news).size).toBe(news.length);
  }

  it('the state ends up as queue and history say, and no job ends twice', async () => {
    await fc.assert(
      fc.asyncProperty(course, async (given) => {
        const watch = await runThrough(given);
        const { server } = watch;
        for (let n = 0; n < 3; n += 1) {
          await watch.read();
          server.pass(10_000);
        }

        const { running, pending, finished } = watch.state;
        expect(running.map(({ promptId }) => promptId)).toEqual(
          server.running === null ? [] : [server.running],
        );
        expect(pending.map(({ promptId }) => promptId)).toEqual(server.pending);
        const isLive = (promptId: string) => promptId === server.running || server.pending.includes(promptId);
        for (const [promptId, outcome] of server.outcomes) {
          if (isLive(promptId)) continue;
          const job = finished.find((candidate) => candidate.promptId === promptId);
          if (!job || !isRemovedRun(job)) expect(job?.state, promptId).toBe(outcome);
        }
        // What is neither in the queue nor in the history is over, if it was ever seen.
        for (const promptId of server.submitted) {
          const job = watch.job(promptId);
          if (job) expect(isFinished(job.state), promptId).toBe(!isLive(promptId));
        }
        expectEachOnce(watch);
      }),
      { numRuns: 1_000 },
    );
  });

  it('and whatever cannot be read, the state ends up as what can be read says', async () => {
    await fc.assert(
      fc.asyncProperty(course, faults, async (given, { broken, bad }) => {
        const left = new Map(Object.entries(broken).map(([name, { times }]) => [name, times]));
        const fails = (name: string, route: string): Failure | null => {
          const times = left.get(name) ?? 0;
          if (times <= 0 || !isRoute(name) || !routes[name].test(route)) return null;
          left.set(name, times - 1);
          return broken[name]?.how ?? null;
        };
        const watch = await runThrough(given, (server) => {
          server.failing = (route) => {
            if (bad.some((n) => route.endsWith(`/p${n}`))) return failures.error;
            const how = Object.keys(broken).reduce<Failure | null>(
              (found, name) => found ?? fails(name, route),
              null,
            );
            return how && failures[how];
          };
        });
        const { server } = watch;
        for (let n = 0; n < 30; n += 1) {
          watch.tellStatus();
          await watch.read().catch(expectRestError);
          watch.server.pass(310_000);
        }

        const works = (name: Route) => (left.get(name) ?? 0) <= 0;
        const jobs = server.hasJobsRoute && works('live');
        const isLive = (promptId: string) => promptId === server.running || server.pending.includes(promptId);
        expectEachOnce(watch);
        if (!jobs && !works('queue')) return;
        expect(watch.state.running.map(({ promptId }) => promptId)).toEqual(
          server.running === null ? [] : [server.running],
        );
        expect(watch.state.pending.map(({ promptId }) => promptId)).toEqual(server.pending);
        for (const promptId of server.submitted) {
          const job = watch.job(promptId);
          if (job) expect(isFinished(job.state), promptId).toBe(!isLive(promptId));
          const outcome = server.outcomes.get(promptId);
          if (isLive(promptId) || outcome === undefined) continue;
          const isBad = bad.some((n) => promptId === `p${n}`);
          const isReadable = works('single') && !isBad;
          // Only the list of ended jobs shows a run that came and went unseen of an id that was known.
          const isSeen = !server.submittedAgain.has(promptId) || (jobs && works('ended'));
          if (job && isReadable && isSeen && !isRemovedRun(job)) expect(job.state, promptId).toBe(outcome);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Of a later run that was taken out of the queue, the history knows only the one before. */
function isRemovedRun({ run, state }: Job): boolean {
  return run > 0 && (state === 'cancelled' || state === 'lost');
}

function isRoute(name: string): name is Route {
  return Object.hasOwn(routes, name);
}
