import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { Presence, Unreadable } from '../../domain/server.ts';
import { hostNow } from '../host-clock.ts';
import { PacedRead } from '../rest/paced-read.ts';
import { RestError } from '../rest/rest-request.ts';
import type { JobFinding, JobSource } from './job-finding.ts';
import type { JobMemory } from './job-memory.ts';
import { JobReconciler } from './job-reconciler.ts';

/** From one read to the next, ms: at the least; while prompts run or wait; while nothing does. */
const shortestGap = 400;
const busyGap = 2_000;
const idleGap = 7_000;
/**
 * The same (ms) while no page is looked at: the socket reports changes of the queue all the same. The first is short enough
 * to know when a prompt started (`startedBetween` of the reconciler).
 */
const unseenBusyGap = 2_500;
const unseenIdleGap = 35_000;
/** Where every read carries all graphs, reading takes at most this share of the time. */
const graphShare = 0.1;
/** As long as that at the most, ms. */
const longestGap = 5_000;

export interface JobReaderOptions {
  serverId: string;
  rest: JobSource;
  /** What earlier readers of the same server knew. */
  memory: JobMemory;
  emit: (event: MonitorEvent) => void;
  /** Hears whether the server has a REST interface. */
  onPresence: (presence: Presence) => void;
  /** Hears after every read what cannot be read now. */
  onUnreadable: (unreadable: Unreadable[]) => void;
  onProblem: (error: unknown) => void;
}

/**
 * Reads what REST knows about jobs: whenever the queue changed, about once a second while it holds
 * something and a page is looked at, and now and then otherwise. This is the only way to hear of jobs that others queued.
 */
export class JobReader {
  readonly #options: JobReaderOptions;
  readonly #reads: PacedRead;
  readonly #reconciler: JobReconciler;
  #took = 0;
  #seen = true;
  #isReached = false;

  constructor(options: JobReaderOptions) {
    this.#options = options;
    this.#reconciler = new JobReconciler(options.rest, options.memory);
    this.#reads = new PacedRead({
      read: (signal) => this.#read(signal),
      minGap: () => this.#minGap(),
      again: () => this.#nextIn(),
      onFailure: (error) => {
        if (error instanceof RestError && error.missing) options.onPresence('absent');
        options.onProblem(error);
      },
    });
  }

  /** A connection was made: everything may have changed. */
  start(): void {
    this.#isReached = true;
    this.#reconciler.reconnected();
    this.#reads.start();
  }

  stop(): void {
    this.#isReached = false;
    this.#reads.stop();
  }

  /** Whether a page is looked at; what is read unasked is read less often otherwise. */
  setSeen(seen: boolean): void {
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (seen) this.request();
  }

  /** Asks for a read, as soon as the pace of reading allows. */
  request(): void {
    // The server cannot be asked.
    if (this.#isReached) this.#reads.request();
  }

  /** Takes note of what the socket says, and reads where that is not enough. */
  observe(event: MonitorEvent): void {
    const running = runningPrompt(event);
    if (running !== null) this.#reconciler.noteRunning(running);
    const isEnd = event.type === 'prompt_finished' || event.type === 'prompt_ended';
    if (isEnd && event.promptId !== null) this.#reconciler.noteEnd(event.promptId);
    if (event.type !== 'queue_length_changed') return;
    this.#reconciler.noteLength(event.length);
    // Two of these come for every change; the pace of reading takes care of that.
    this.#reads.request();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#reconciler.read((finding) => this.#report(finding), signal);
    } finally {
      if (!signal.aborted) this.#options.onUnreadable(this.#reconciler.unreadable);
    }
    this.#took = performance.now() - startedAt;
  }

  #minGap(): number {
    if (this.#reconciler.readsCheaply) return shortestGap;
    return Math.min(longestGap, Math.max(shortestGap, this.#took / graphShare));
  }

  #nextIn(): number {
    const graphsIn = this.#reconciler.graphsIn;
    if (graphsIn !== null) return Math.max(shortestGap, Math.min(busyGap, graphsIn));
    const isBusy = this.#reconciler.unsettled > 0;
    if (this.#seen) return isBusy ? busyGap : idleGap;
    return isBusy ? unseenBusyGap : unseenIdleGap;
  }

  #report(finding: JobFinding): void {
    if (finding.type === 'queue_read' || finding.type === 'history_read') this.#options.onPresence('present');
    this.#options.emit({ serverId: this.#options.serverId, at: hostNow(), ...finding });
  }
}

/** The prompt that an event shows running. What is shown running has to be looked for when it is gone. */
export function runningPrompt(event: MonitorEvent): string | null {
  switch (event.type) {
    case 'prompt_started':
    case 'nodes_cached':
    case 'node_started':
    case 'step_reached':
    case 'node_states_reported':
    case 'preview_received':
    case 'node_executed':
      return event.promptId;
    default:
      return null;
  }
}
