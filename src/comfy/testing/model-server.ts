import type { Outcome } from '../../shared/job.ts';
import type { HistoryEntry, QueueEntry } from '../../shared/monitor-event.ts';
import { ended, queued } from '../../shared/testing.ts';
import { connectionProblem } from '../connection-problem.ts';
import type { JobSource } from '../job-reconciler.ts';
import { RestError } from '../rest-request.ts';

/**
 * The queue and the history of a ComfyUI, as small as they can be: what tests of reading jobs compare
 * with. An answer tells what holds at the moment it is asked for.
 */
export class ModelServer implements JobSource {
  running: string | null = null;
  pending: string[] = [];
  /** How each prompt ended, in the order in which they ended. */
  readonly outcomes = new Map<string, Outcome>();
  /** Every prompt there ever was. */
  readonly submitted: string[] = [];
  readonly hasJobsRoute: boolean;
  /** Called before every answer, so that tests can let things happen in between. */
  beforeAnswer: () => void = () => {};
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  #time = 1_000_000;
  readonly #finishedAt = new Map<string, number>();

  constructor({ hasJobsRoute }: { hasJobsRoute: boolean }) {
    this.hasJobsRoute = hasJobsRoute;
  }

  /** The time (ms) goes on with every look at it. */
  readonly now = (): number => {
    this.#time += 10;
    return this.#time;
  };

  /** Lets so much time (ms) pass. */
  pass(ms: number): void {
    this.#time += ms;
  }

  submit(): string {
    const promptId = `p${this.submitted.length + 1}`;
    this.submitted.push(promptId);
    this.pending.push(promptId);
    return promptId;
  }

  /** Starts the next prompt, unless one runs. */
  start(): string | null {
    if (this.running !== null) return null;
    this.running = this.pending.shift() ?? null;
    return this.running;
  }

  finish(outcome: Outcome): string | null {
    const promptId = this.running;
    if (promptId === null) return null;
    this.running = null;
    this.outcomes.set(promptId, outcome);
    this.#finishedAt.set(promptId, this.now());
    return promptId;
  }

  cancel(index: number): void {
    if (this.pending.length > 0) this.pending.splice(index % this.pending.length, 1);
  }

  clear(): void {
    this.pending = [];
  }

  /** Queue and history are kept in memory only. */
  restart(): void {
    this.running = null;
    this.pending = [];
    this.outcomes.clear();
  }

  queue: JobSource['queue'] = async () => {
    this.#answer('/queue');
    const { running, pending } = this.#live();
    const titled = (entry: QueueEntry) => ({ ...entry, title: titleOf(entry.promptId), nodeTotal: 3 });
    // As `decodeQueue` does it.
    const descriptions = [...running, ...pending.slice(0, 100)].map(({ promptId }) => ({
      promptId,
      title: titleOf(promptId),
      nodeTotal: 3,
      nodeNames: { '1': { title: null, classType: 'KSampler' } },
    }));
    return { running: running.map(titled), pending: pending.map(titled), descriptions };
  };

  async liveJobs() {
    this.#answer('/api/jobs');
    if (!this.hasJobsRoute) throw new RestError(connectionProblem('not-comfyui', 'no such route', 404));
    return { ...this.#live(), finished: [] };
  }

  async endedJobs({ limit }: { limit: number }) {
    this.#answer(`/api/jobs ended ${limit}`);
    return [...this.outcomes.keys()].reverse().slice(0, limit);
  }

  async history({ maxItems }: { maxItems: number }) {
    this.#answer(`/history ${maxItems}`);
    return [...this.outcomes.keys()].slice(-maxItems).map((promptId) => this.#entry(promptId));
  }

  async historyOf(promptId: string) {
    this.#answer(`/history/${promptId}`);
    return this.outcomes.has(promptId) ? this.#entry(promptId) : null;
  }

  #live(): { running: QueueEntry[]; pending: QueueEntry[] } {
    return {
      running: this.running === null ? [] : [queued(this.running)],
      pending: this.pending.map((promptId) => queued(promptId)),
    };
  }

  #entry(promptId: string): HistoryEntry {
    return ended(promptId, {
      outcome: this.outcomes.get(promptId) ?? 'success',
      finishedAt: this.#finishedAt.get(promptId) ?? null,
    });
  }

  #answer(route: string): void {
    this.beforeAnswer();
    this.asked.push(route);
  }
}

function titleOf(promptId: string): string {
  return `Title of ${promptId}`;
}
