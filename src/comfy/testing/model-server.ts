import type { Outcome } from '../../domain/jobs/job.ts';
import type { QueueEntry } from '../../domain/monitor-event.ts';
import { ended, queued } from '../../domain/testing/builders.ts';
import type { JobSource } from '../jobs/job-finding.ts';
import { connectionProblem } from '../link/connection-problem.ts';
import { RestError } from '../rest/rest-request.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { EndedJob } from '../wire/entries/decode-jobs.ts';

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
  /** Those that were queued once more after their end. */
  readonly submittedAgain = new Set<string>();
  readonly hasJobsRoute: boolean;
  /** Whether `/api/jobs/{id}` gives graphs of prompts that run or wait, as newer servers do. */
  givesGraphs = false;
  /** What stands in the way of an answer to this request (as in `asked`), if anything does. */
  failing: (route: string) => RestError | null = () => null;
  /** Called before every answer, so that tests can let things happen in between. */
  beforeAnswer: () => void = () => {};
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  #time = 1_000_000;
  #number = 0;
  /** The numbers that queued prompts were given, by prompt id. */
  readonly #numbers = new Map<string, number>();
  readonly #ends = new Map<string, { number: number; finishedAt: number }>();

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
    this.#enqueue(promptId);
    return promptId;
  }

  /** Queues a prompt that has ended again under the same id, if there is one. */
  submitAgain(index: number): string | null {
    const over = [...this.outcomes.keys()].filter((id) => id !== this.running && !this.pending.includes(id));
    const promptId = over[index % over.length] ?? null;
    if (promptId === null) return null;
    this.submittedAgain.add(promptId);
    this.#enqueue(promptId);
    return promptId;
  }

  #enqueue(promptId: string): void {
    this.#number += 1;
    this.#numbers.set(promptId, this.#number);
    this.pending.push(promptId);
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
    this.#ends.set(promptId, { number: this.#numbers.get(promptId) ?? 0, finishedAt: this.now() });
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
    const descriptions = [...running, ...pending.slice(0, 100)].map(({ promptId }) =>
      descriptionOf(promptId),
    );
    return { running: running.map(titled), pending: pending.map(titled), descriptions };
  };

  async liveJobs() {
    this.#answer('/api/jobs');
    if (!this.hasJobsRoute) throw new RestError(connectionProblem('not-comfyui', 'no such route', 404));
    return { ...this.#live(), finished: [] };
  }

  /** Those queued last come first. */
  async endedJobs({ limit }: { limit: number }): Promise<EndedJob[]> {
    this.#answer(`/api/jobs ended ${limit}`);
    return [...this.outcomes]
      .map(([promptId, outcome]) => {
        const { number = 0, finishedAt = null } = this.#ends.get(promptId) ?? {};
        return { promptId, runKey: String(number), outcome, finishedAt, error: null };
      })
      .sort((a, b) => Number(b.runKey) - Number(a.runKey))
      .slice(0, limit);
  }

  async jobOf(promptId: string) {
    this.#answer(`/api/jobs/${promptId}`);
    if (this.running === promptId || this.pending.includes(promptId))
      return { entry: null, description: this.givesGraphs ? descriptionOf(promptId) : null };
    return this.outcomes.has(promptId) ? { entry: this.#entry(promptId), description: null } : null;
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
    const entry = (promptId: string) =>
      queued(promptId, { queueNumber: this.#numbers.get(promptId) ?? null });
    return {
      running: this.running === null ? [] : [entry(this.running)],
      pending: this.pending.map(entry),
    };
  }

  #entry(promptId: string): ReadEntry {
    const { number = null, finishedAt = null } = this.#ends.get(promptId) ?? {};
    const outcome = this.outcomes.get(promptId) ?? 'success';
    return { ...ended(promptId, { outcome, finishedAt, queueNumber: number }), runKey: String(number) };
  }

  #answer(route: string): void {
    this.beforeAnswer();
    this.asked.push(route);
    const failure = this.failing(route);
    if (failure) throw failure;
  }
}

function descriptionOf(promptId: string) {
  const nodeNames = { '1': { title: null, classType: 'KSampler' } };
  return { promptId, title: titleOf(promptId), nodeTotal: 3, nodeNames };
}

function titleOf(promptId: string): string {
  return `Title of ${promptId}`;
}
