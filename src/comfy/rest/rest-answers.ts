import { type ClockSetting, hostTimeBy } from '../server-clock.ts';
import { decodeHistory, type ReadEntry } from '../wire/entries/decode-history.ts';
import { decodeJob, type JobAnswer } from '../wire/entries/decode-job.ts';
import { decodeJobs, type JobsAnswer } from '../wire/entries/decode-jobs.ts';
import { decodeQueue, type QueueAnswer } from '../wire/entries/decode-queue.ts';
import { workflowOfEntry } from '../wire/entries/workflow.ts';
import { parseJson } from '../wire/json.ts';
import { cutText, objectOf } from '../wire/wire-values.ts';

/** What is made of the answers that can be large. Null: ComfyUI does not send such JSON. */
export interface Answers {
  queue: QueueAnswer | null;
  jobs: JobsAnswer | null;
  job: JobAnswer | null;
  history: ReadEntry[] | null;
  /** One entry of `/history/{id}`; null if it is not there. */
  entry: { entry: ReadEntry | null } | null;
  /** Its workflow, as `workflowOfEntry` gives it. */
  workflow: { workflow: string | null };
}
export type AnswerName = keyof Answers;

/** What has to be known to read an answer. */
export interface AnswerContext {
  /** Now, ms since the epoch. */
  at: number;
  /** The server's clock. */
  clock: readonly ClockSetting[];
  /** The prompt that was asked for; empty where none was. */
  promptId: string;
}

/** Of a body that is no JSON, `start` is how it begins. One of too many parts is not read. */
export type BodyReading<N extends AnswerName> =
  | { ok: true; answer: Answers[N] }
  | { ok: false; why: 'not-json'; start: string }
  | { ok: false; why: 'too-many-parts' };

/**
 * Values and keys that a body may have. Each takes up to 250 bytes of memory, whatever it took on the line, and a
 * thread that runs out of memory ends the whole process (seen with Node 24). 40 MiB of real history have as many.
 */
const maxParts = 4_000_000;
/** A body of so many bytes cannot have too many. */
const smallBytes = maxParts;

/** As much as says what it is instead, characters. */
const maxStart = 100_000;

/** Reads a body as JSON and makes of that what is needed of it. Takes its time for a large one. */
export function readBody<N extends AnswerName>(
  name: N,
  context: AnswerContext,
  body: ArrayBuffer,
): BodyReading<N> {
  if (body.byteLength > smallBytes && partsOf(new Uint8Array(body)) > maxParts)
    return { ok: false, why: 'too-many-parts' };
  const text = Buffer.from(body).toString('utf8');
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return { ok: false, why: 'not-json', start: cutText(text, maxStart) };
  }
  return { ok: true, answer: readers[name](json, context) };
}

const readers: { [N in AnswerName]: (json: unknown, context: AnswerContext) => Answers[N] } = {
  queue: (json, context) => decodeQueue(json, hostTimeOf(context)),
  jobs: (json, context) => decodeJobs(json, hostTimeOf(context)),
  job: (json, context) => decodeJob(json, context.at, hostTimeOf(context)),
  history: (json, context) => decodeHistory(json, context.at, hostTimeOf(context)),
  entry(json, context) {
    const { promptId } = context;
    const entry = decodeHistory(json, context.at, hostTimeOf(context))?.find(
      (candidate) => candidate.promptId === promptId,
    );
    if (entry) return { entry };
    // Of a prompt that it does not know, a server says nothing; what is no entry, or something else, is not that.
    const isNothing = json === objectOf(json) && Object.keys(json).length === 0;
    return isNothing ? { entry: null } : null;
  },
  workflow(json, { promptId }) {
    const entries = objectOf(json);
    return { workflow: Object.hasOwn(entries, promptId) ? workflowOfEntry(entries[promptId]) : null };
  },
};

/** How many values and keys there are, counted by what stands between them. */
function partsOf(json: Uint8Array): number {
  let parts = 0;
  let isInside = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json[at];
    if (code === 0x22) isInside = !isInside;
    else if (isInside) at += code === 0x5c ? 1 : 0;
    // , : [ {
    else if (code === 0x2c || code === 0x3a || code === 0x5b || code === 0x7b) parts += 1;
  }
  return parts;
}

function hostTimeOf({ clock, at }: AnswerContext): (serverTime: number) => number {
  return (serverTime) => hostTimeBy(clock, serverTime, at);
}
