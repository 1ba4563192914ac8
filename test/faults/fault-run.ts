import { type Clock, realClock } from '../../simulator/clock.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { countingPrompt, failingPrompt, sleepingPrompt } from '../../simulator/testing/prompts.ts';
import { hostNow } from '../../src/comfy/host-clock.ts';
import { accessTo } from '../../src/comfy/link/server-access.ts';
import { Monitors } from '../../src/comfy/monitors.ts';
import { defaultPreferences } from '../../src/contract/preferences.ts';
import type { Job, Outcome } from '../../src/domain/jobs/job.ts';
import type { MonitorEvent } from '../../src/domain/monitor-event.ts';
import { type MonitorState, type ServerState, serverStateOf } from '../../src/domain/monitor-state.ts';
import { type Announcer, announce, newAnnouncer } from '../../src/domain/news/announcer.ts';
import { finishedNews } from '../../src/domain/news/job-news.ts';
import { createMonitorStore } from '../../src/domain/store.ts';
import { testServer } from '../../src/domain/testing/builders.ts';
import { type ServerLists, serverLists } from '../server-lists.ts';
import { pass } from './fast-time.ts';
import { type AnswerFault, type FaultProxy, type Faults, noFaults, startFaultProxy } from './fault-proxy.ts';
import { type Seeded, seeded } from './seeded.ts';

/**
 * How long faults go on, and how long the monitor may take to make good afterwards, ms of the fast time. It takes some
 * tens of seconds, but on a busy machine the fast time leaves it little of the real one.
 */
const faultsFor = 20_000;
const healsWithin = 1_500_000;
const hour = 3_600_000;

export interface FaultRun {
  seed: number;
  /** What is wrong in the end; empty if nothing is. */
  wrong: string[];
  /** What was done to it, for people. */
  story: string[];
  prompts: number;
  restarts: number;
}

/** Watches a server through everything that can go wrong by this seed, and says what is wrong when all is well again. */
export async function runWithFaults(seed: number): Promise<FaultRun> {
  // What is planned does not depend on what happens to come first.
  const random = seeded(seed);
  const story: string[] = [];
  const clock = new SettableClock(random.chance(0.3) ? random.below(2 * hour) - hour : 0);
  const simulator = await startSimulator({
    scenario: 'idle',
    clock,
    seed,
    companion: random.chance(0.5),
    missingPaths: random.chance(0.25) ? ['/api/jobs'] : [],
  });
  const proxy = await startFaultProxy(simulator.port, seeded(seed + 1_000_000));
  proxy.clockShift = clock.shift;
  const watch = watchServer(proxy.url, seed);
  const server = new WatchedServer(simulator, clock, random, () => watch.clientId(), story);
  try {
    await watch.begun();
    await causeTrouble(proxy, server, random, story);
    proxy.faults = noFaults;
    proxy.setSilent(false);
    if (random.chance(0.5)) {
      story.push('all connections are cut, then all is well');
      proxy.cut();
    } else story.push('all is well');
    const wrong = await wrongInTheEnd(watch, server);
    return { seed, wrong, story, prompts: server.submitted.size, restarts: server.restarts };
  } finally {
    await watch.stop();
    await proxy.close();
    await simulator.stop();
  }
}

async function causeTrouble(
  proxy: FaultProxy,
  server: WatchedServer,
  random: Seeded,
  story: string[],
): Promise<void> {
  proxy.faults = someFaults(random);
  story.push(`faults: ${JSON.stringify(proxy.faults)}`);
  const setClock = (): void => {
    // What was stamped by a setting that the monitor never saw cannot be read.
    if (server.clock.wasSet) return;
    server.clock.set(random.below(2 * hour) - hour);
    proxy.clockShift = server.clock.shift;
    story.push(`the server's clock is set, to ${proxy.clockShift} ms from ours`);
  };
  for (let left = faultsFor; left > 0; ) {
    const wait = 200 + random.below(2_500);
    left -= wait;
    await pass(wait);
    const action = random.below(12);
    if (action < 5) server.submit();
    else if (action === 5) server.interrupt();
    else if (action === 6) await server.cancelOne();
    else if (action === 7 && server.restarts < 2 && random.chance(0.5)) await server.restart();
    else if (action === 8) {
      story.push('cut');
      proxy.cut();
    } else if (action === 9) {
      story.push('half-open');
      proxy.setSilent(true);
      await pass(random.below(12_000));
      proxy.setSilent(false);
    } else if (action === 10) setClock();
    else if (action === 11) proxy.faults = someFaults(random);
  }
}

function someFaults(random: Seeded): Faults {
  const often = random.pick([0.02, 0.1, 0.3, 1]);
  const paths = [
    '/api/jobs/',
    '/api/jobs',
    '/queue',
    '/history/',
    '/history',
    '/system_stats',
    '/prompt',
    '/',
  ] as const;
  const answers = paths.flatMap((path) =>
    random.chance(0.35)
      ? [
          {
            path,
            fault: random.pick<AnswerFault>([
              'status',
              'status',
              'hang',
              'cut',
              'cut inside',
              'half',
              'other',
              'late',
            ]),
            status: random.pick([400, 403, 404, 429, 500, 502, 503]),
            chance: random.pick([often, 0.2, 1]),
          },
        ]
      : [],
  );
  const kinds = ['lose', 'twice', 'swap', 'late', 'garble', 'half'] as const;
  const messages = kinds.flatMap((fault) =>
    random.chance(0.4) ? [{ fault, chance: random.pick([0.01, 0.05, 0.2]) }] : [],
  );
  return { answers, messages, refuseSocket: random.chance(0.1) ? random.pick([400, 403, 502]) : null };
}

/** The clock of the machine that the server is on. */
class SettableClock implements Clock {
  /** How far it is ahead of ours, ms. */
  shift: number;
  wasSet = false;

  constructor(shift: number) {
    this.shift = shift;
  }

  set(shift: number): void {
    this.shift = shift;
    this.wasSet = true;
  }

  now(): number {
    return Date.now() + this.shift;
  }

  after(ms: number, action: () => void): () => void {
    return realClock.after(ms, action);
  }
}

/** The server itself, what was queued there, and how each of it ended. */
class WatchedServer {
  readonly #simulator: Simulator;
  readonly #random: Seeded;
  readonly #ourClientId: () => string;
  readonly #story: string[];
  readonly clock: SettableClock;
  readonly submitted = new Set<string>();
  /** As the server said before it forgot it. */
  readonly outcomes = new Map<string, Outcome>();
  /** What was not over yet when the server was killed: it may have sent an end that its history never got. */
  readonly killed = new Set<string>();
  restarts = 0;

  constructor(
    simulator: Simulator,
    clock: SettableClock,
    random: Seeded,
    ourClientId: () => string,
    story: string[],
  ) {
    this.#simulator = simulator;
    this.clock = clock;
    this.#random = random;
    this.#ourClientId = ourClientId;
    this.#story = story;
  }

  submit(): void {
    const random = this.#random;
    const n = this.submitted.size + 1;
    const graph = random.pick([
      () => countingPrompt({ title: `Prompt ${n}`, seed: n, steps: 4, secondsPerStep: 0.2 }),
      () => countingPrompt({ title: `Prompt ${n}`, seed: n, steps: 20, secondsPerStep: 0.3 }),
      () => sleepingPrompt(`Prompt ${n}`, 1 + random.below(6)),
      () => failingPrompt(`Prompt ${n}`),
    ])();
    const submitter = random.pick(['no client', 'another client', 'us']);
    const clientId = submitter === 'us' ? this.#ourClientId() : submitter;
    const options = submitter === 'no client' || clientId === '' ? {} : { clientId };
    const promptId = this.#simulator.submit(graph, { ...options, front: random.chance(0.1) });
    this.submitted.add(promptId);
    this.#story.push(`${promptId} queued by ${submitter}`);
  }

  interrupt(): void {
    this.#story.push('interrupted');
    this.#simulator.interrupt();
  }

  async cancelOne(): Promise<void> {
    const { pending } = await this.lists();
    const promptId = pending[this.#random.below(pending.length)];
    if (promptId === undefined) return;
    this.#story.push(`${promptId} cancelled`);
    await fetch(`${this.#simulator.url}/queue`, {
      method: 'POST',
      body: JSON.stringify({ delete: [promptId] }),
    });
  }

  async restart(): Promise<void> {
    this.#story.push('restarted');
    const { running, pending, finished } = await this.lists();
    for (const [promptId, outcome] of finished) this.outcomes.set(promptId, outcome);
    for (const promptId of [...running, ...pending]) this.killed.add(promptId);
    this.restarts += 1;
    await this.#simulator.restart();
  }

  lists(): Promise<ServerLists> {
    return serverLists(this.#simulator.url);
  }
}

interface Watch {
  state(): ServerState;
  /** How often each prompt was announced. */
  announced: ReadonlyMap<string, number>;
  clientId(): string;
  /** Resolves when queue and history were read once: what ended before is no news. */
  begun(): Promise<void>;
  stop(): Promise<void>;
}

/** The monitor as the hosts compose it, as far as it watches and tells. */
function watchServer(url: string, seed: number): Watch {
  const store = createMonitorStore();
  const announced = new Map<string, number>();
  const server = { ...testServer, id: `s${seed}`, url };
  const emit = (...events: MonitorEvent[]): void => store.apply(events);
  let announcer: Announcer = newAnnouncer({ told: [], live: [] });
  const unsubscribe = store.subscribe((after: MonitorState, before: MonitorState) => {
    const now = hostNow();
    for (const { promptId } of finishedNews(before, after, now, announcer))
      announced.set(promptId, (announced.get(promptId) ?? 0) + 1);
    const circumstances = {
      now,
      preferences: defaultPreferences,
      focused: false,
      pausedUntil: null,
      minuteOfDay: 720,
    };
    announcer = announce(announcer, before, after, circumstances).announcer;
  });
  const monitors = new Monitors({ accessTo: (one) => accessTo(one, null), emit, log: () => {} });
  emit({ type: 'server_added', serverId: server.id, at: hostNow(), server });
  monitors.add(server);
  return {
    state() {
      const found = serverStateOf(store.getState(), server.id);
      if (!found) throw new Error('the server is not watched');
      return found;
    },
    announced,
    clientId: () => monitors.get(server.id)?.clientId ?? '',
    async begun() {
      while (serverStateOf(store.getState(), server.id)?.facts.rest !== 'present') await pass(500);
      await pass(1_500);
    },
    async stop() {
      unsubscribe();
      await monitors.stop();
    },
  };
}

/** Waits until nothing is wrong any more; gives what is, if that takes too long. */
async function wrongInTheEnd(watch: Watch, server: WatchedServer): Promise<string[]> {
  const waitUntil = performance.now() + healsWithin;
  for (;;) {
    const lists = await server.lists();
    const wrong = [...disagreements(watch.state(), lists, server), ...misannounced(watch, server)];
    const isBusy = lists.running.length + lists.pending.length > 0;
    if (wrong.length === 0 && !isBusy) return [];
    if (performance.now() > waitUntil && !isBusy) return wrong;
    await pass(1_000);
  }
}

/** In what the state differs from what the server says, and where it says what never was. */
function disagreements(state: ServerState, lists: ServerLists, server: WatchedServer): string[] {
  const wrong: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      wrong.push(`${what}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs)} there`);
  };
  compare('phase', state.connection.phase, 'connected');
  compare('running', idsOf(state.running), lists.running);
  compare('pending', idsOf(state.pending), lists.pending);
  compare('queue length', state.queueLength, lists.running.length + lists.pending.length);
  compare(
    'unreadable',
    state.facts.unreadable.map(({ source }) => source),
    [],
  );
  for (const [promptId, outcome] of lists.finished)
    compare(promptId, state.finished.find((job) => job.promptId === promptId)?.state, outcome);
  for (const job of state.finished) {
    const outcome = lists.finished.get(job.promptId) ?? server.outcomes.get(job.promptId);
    const isTold = job.state === 'success' || job.state === 'error' || job.state === 'interrupted';
    // Of a server that forgot it before it could be read, the last word is what came through of the socket.
    const isForgotten = server.outcomes.has(job.promptId) || server.killed.has(job.promptId);
    if (isForgotten && job.source === 'socket' && !lists.finished.has(job.promptId)) continue;
    if (isTold && server.submitted.has(job.promptId) && job.state !== outcome)
      wrong.push(`${job.promptId} is ${job.state} here, and was ${outcome ?? 'never over'} there`);
  }
  const ids = idsOf([...state.running, ...state.pending, ...state.finished]);
  if (new Set(ids).size !== ids.length) wrong.push(`twice: ${ids.join(' ')}`);
  return wrong;
}

/** Which prompts were announced more than once, or not at all. */
function misannounced({ announced, state }: Watch, server: WatchedServer): string[] {
  const twice = [...announced]
    .filter(([, times]) => times > 1)
    .map(([id, times]) => `${id} was announced ${times} times`);
  const { finished, watchedSince } = state();
  const never = finished
    .filter(({ promptId }) => server.submitted.has(promptId) && !announced.has(promptId))
    // What was stamped by a clock that was set meanwhile can pass for older than our watch.
    .filter(({ finishedAt }) => !server.clock.wasSet || (finishedAt ?? 0) >= (watchedSince ?? 0))
    .map(({ promptId, state: how }) => `${promptId} is ${how}, and was not announced`);
  return [...twice, ...never];
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ promptId }) => promptId);
}
