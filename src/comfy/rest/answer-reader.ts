import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type AnswerContext, type AnswerName, type BodyReading, readBody } from './rest-answers.ts';

/** A body, and what is to be made of it. It is gone from where it was given away. */
export interface AnswerJob<N extends AnswerName> {
  name: N;
  context: AnswerContext;
  body: ArrayBuffer;
}

/** Bodies from this size (bytes) on are read elsewhere: this many take some 10 ms. */
const largeBytes = 2 ** 20;
/** How long one may take, ms; 64 MiB of real history take one or two seconds. */
const longestReading = 20_000;
/** How long the thread is kept for the next one, ms. */
const idleFor = 30_000;

/**
 * Reads answers without holding up whatever else the process does: large ones in a thread, one after the other. Where
 * no thread can be started they are read in place. Rejects if a body takes too much time.
 */
export class AnswerReader {
  readonly #file: URL | null;
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isBroken = false;

  /** Where the code of the thread is; found beside ours. */
  constructor(file: URL | null = threadFile()) {
    this.#file = file;
  }

  async read<N extends AnswerName>(job: AnswerJob<N>): Promise<BodyReading<N>> {
    if (job.body.byteLength < largeBytes) return readBody(job.name, job.context, job.body);
    const reading = this.#last.then(() => this.#readLarge(job));
    this.#last = reading.catch(() => {});
    return reading;
  }

  async #readLarge<N extends AnswerName>(job: AnswerJob<N>): Promise<BodyReading<N>> {
    const thread = this.#thread ?? (await this.#start());
    if (!thread) return readBody(job.name, job.context, job.body);
    if (this.#idle) clearTimeout(this.#idle);
    thread.ref();
    try {
      return await answerOf(thread, job);
    } catch (cause) {
      this.#drop(thread);
      throw cause;
    } finally {
      thread.unref();
      this.#idle = setTimeout(() => this.#drop(thread), idleFor);
      this.#idle.unref();
    }
  }

  async #start(): Promise<Worker | null> {
    if (!this.#file || this.#isBroken) return null;
    try {
      const thread = new Worker(this.#file);
      // Those that wait for an answer hear of it, too.
      thread.on('error', () => this.#forget(thread));
      thread.on('exit', () => this.#forget(thread));
      await new Promise((done, failed) => {
        thread.once('message', done);
        thread.once('error', failed);
        thread.once('exit', failed);
      });
      this.#thread = thread;
      return thread;
    } catch {
      this.#isBroken = true;
      return null;
    }
  }

  #forget(thread: Worker): void {
    if (this.#thread === thread) this.#thread = null;
  }

  #drop(thread: Worker): void {
    this.#forget(thread);
    void thread.terminate();
  }
}

function answerOf<N extends AnswerName>(thread: Worker, job: AnswerJob<N>): Promise<BodyReading<N>> {
  return new Promise((done, failed) => {
    const bytes = job.body.byteLength;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      thread.off('message', answered);
      thread.off('error', broke);
      thread.off('exit', broke);
      settle();
    };
    const answered = (reading: BodyReading<N>): void => end(() => done(reading));
    const broke = (): void => end(() => failed(new Error('the thread that reads large answers ended')));
    const timer = setTimeout(
      () => end(() => failed(new Error(`${bytes} bytes take too long to be read`))),
      longestReading,
    );
    thread.on('message', answered);
    thread.on('error', broke);
    thread.on('exit', broke);
    thread.postMessage(job, [job.body]);
  });
}

/** In the sources it is our neighbour; the build puts it beside the programs, and what they share below them. */
function threadFile(): URL | null {
  const places = ['./answer-thread.ts', './answer-thread.js', '../answer-thread.js'];
  return places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url)) ?? null;
}
