import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { fuzzTargets } from './fuzz-targets.ts';

/** What one target makes of how many inputs, from `seed` on. */
export interface FuzzWork {
  target: string;
  seed: number;
  count: number;
}

export interface FuzzFault {
  target: string;
  seed: number;
  message: string;
}

export interface FuzzResult {
  counts: ReadonlyMap<string, number>;
  faults: FuzzFault[];
}

export interface FuzzOptions {
  /** Inputs of all targets together. */
  count: number;
  seed: number;
  /** Threads that share the work. */
  threads: number;
  onProgress?: (done: number) => void;
}

/** An input that takes longer does not end, ms. Others may need the processor meanwhile. */
const patience = 60_000;

const workSchema = z.array(z.object({ target: z.string(), seed: z.number(), count: z.number() }));
const wordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('began'), target: z.string(), seed: z.number() }),
  z.object({ kind: z.literal('did'), target: z.string(), count: z.number() }),
  z.object({ kind: z.literal('fault'), target: z.string(), seed: z.number(), message: z.string() }),
]);
export type FuzzWord = z.infer<typeof wordSchema>;

/** Reads what a thread was given to do. */
export function workOf(data: unknown): FuzzWork[] {
  return workSchema.parse(data);
}

/**
 * Tries so many inputs, each target its share. In threads of their own: what does not end or eats all memory is a
 * fault like others, with the seed that it happened with.
 */
export async function runFuzz({ count, seed, threads, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const counts = new Map<string, number>();
  const faults: FuzzFault[] = [];
  const shares = fuzzTargets.reduce((sum, { share }) => sum + share, 0);
  const work: FuzzWork[][] = Array.from({ length: threads }, () => []);
  for (const { name, share } of fuzzTargets) {
    const inputs = Math.max(threads, Math.round((count * share) / shares));
    for (const [index, list] of work.entries()) {
      const from = Math.floor((inputs * index) / threads);
      const to = Math.floor((inputs * (index + 1)) / threads);
      list.push({ target: name, seed: seed + from, count: to - from });
    }
  }
  let done = 0;
  const hear = (word: FuzzWord): void => {
    if (word.kind === 'fault') faults.push(word);
    if (word.kind !== 'did') return;
    counts.set(word.target, (counts.get(word.target) ?? 0) + word.count);
    done += word.count;
    onProgress?.(done);
  };
  await Promise.all(work.map((list) => runThread(list, hear)));
  return { counts, faults };
}

/** `fuzz: 20000 inputs (…), 0 faults` */
export function summaryOf({ counts, faults }: FuzzResult): string {
  const each = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  const sum = [...counts.values()].reduce((total, count) => total + count, 0);
  return `fuzz: ${sum} inputs (${each}), ${faults.length} faults`;
}

/** How to have one again, and what it was. */
export function reportOf({ target, seed, message }: FuzzFault): string {
  return `FUZZ_TARGET=${target} FUZZ_SEED=${seed}\n${message}`;
}

function runThread(work: FuzzWork[], hear: (word: FuzzWord) => void): Promise<void> {
  const worker = new Worker(new URL('./fuzz-thread.ts', import.meta.url), {
    workerData: work,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 768 },
  });
  return new Promise((resolve) => {
    let current = { target: work[0]?.target ?? '', seed: work[0]?.seed ?? 0 };
    let heardAt = performance.now();
    let ended = false;
    const fail = (message: string): void => {
      if (!ended) hear({ kind: 'fault', ...current, message });
      ended = true;
      void worker.terminate();
    };
    const watch = setInterval(() => {
      if (performance.now() - heardAt > patience)
        fail(`does not end, at this seed or one of the next ${sayEvery}`);
    }, 1_000);
    worker.on('message', (data) => {
      const word = wordSchema.parse(data);
      heardAt = performance.now();
      if (word.kind === 'began') current = { target: word.target, seed: word.seed };
      else hear(word);
    });
    worker.once('error', (cause) =>
      fail(`ended the thread, at this seed or one of the next ${sayEvery}: ${String(cause)}`),
    );
    worker.once('exit', () => {
      ended = true;
      clearInterval(watch);
      resolve();
    });
  });
}

/** Inputs after which a thread says how far it is. */
export const sayEvery = 50;
