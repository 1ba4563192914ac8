/** What holds of a state whatever was heard. */
import { isDeepStrictEqual } from 'node:util';
import { isFinished, type Job } from '../../src/domain/jobs/job.ts';
import { nodesDone, stepFraction } from '../../src/domain/jobs/job-progress.ts';
import { nodeSetLimits } from '../../src/domain/jobs/node-set.ts';
import {
  limits,
  type MonitorState,
  monitorStateSchema,
  type ServerState,
} from '../../src/domain/monitor-state.ts';
import { mustHold } from './fuzz-target.ts';
import { secret } from './mutations.ts';

/** Bytes of a server's state as JSON, whatever it sends: a page has to take it at once. */
const stateBytes = 6 * 2 ** 20;

/** Values in their range, lists within their bounds, each job in one place. Takes as long as there are jobs. */
export function checkServer(server: ServerState): void {
  const { running, pending, finished } = server;
  mustHold(running.length <= limits.runningJobs, `${running.length} running jobs`);
  mustHold(pending.length <= limits.pendingJobs, `${pending.length} pending jobs`);
  mustHold(finished.length <= limits.finishedJobs, `${finished.length} finished jobs`);
  mustHold(server.logLines.length <= limits.logLines, `${server.logLines.length} log lines`);
  const jobs = [...running, ...pending, ...finished];
  mustHold(new Set(jobs.map((job) => job.promptId)).size === jobs.length, 'a job stands in two places');
  for (const job of running) mustHold(job.state === 'running', `${job.state} among the running`);
  for (const job of pending) mustHold(job.state === 'queued', `${job.state} among the pending`);
  for (const job of finished) mustHold(isFinished(job.state), `${job.state} among the finished`);
  for (const job of jobs) checkJob(job);
}

function checkJob(job: Job): void {
  mustHold(job.runningNodes.length <= limits.runningNodes, `${job.runningNodes.length} running nodes`);
  mustHold(job.outputs.length <= limits.outputsPerJob, `${job.outputs.length} outputs`);
  mustHold(job.words.length <= limits.wordsPerJob, `${job.words.length} words`);
  mustHold(job.doneNodes.count <= nodeSetLimits.ids, `${job.doneNodes.count} done nodes`);
  mustHold(job.nodeTotal === null || job.nodeTotal >= 0, `${job.nodeTotal} nodes`);
  const done = nodesDone(job);
  mustHold(
    done === null || (done >= 0 && (job.nodeTotal === null || done <= job.nodeTotal)),
    `${done} of ${job.nodeTotal} nodes`,
  );
  const fraction = job.reached?.fraction ?? null;
  mustHold(fraction === null || (fraction >= 0 && fraction <= 1), `fraction ${fraction}`);
  for (const node of job.runningNodes) {
    const { step, max } = node;
    mustHold((step === null) === (max === null), `step ${step} of ${max}`);
    mustHold(
      max === null || step === null || (max > 0 && step >= 0 && step <= max),
      `step ${step} of ${max}`,
    );
    const part = stepFraction(node);
    mustHold(part === null || (part >= 0 && part <= 1), `step fraction ${part}`);
  }
}

/** What crosses to a page: of the agreed form, the same after the way, not too large, and fit to be shown. */
export function checkCrossing(state: MonitorState): void {
  for (const server of state.servers) {
    checkDetails(server.running, limits.runningBytes);
    checkDetails(server.finished, limits.finishedBytes);
  }
  const json = JSON.stringify(state);
  mustHold(json.length <= stateBytes, `a state of ${json.length} characters`);
  const arrived: unknown = JSON.parse(json);
  const parsed = monitorStateSchema.safeParse(arrived);
  mustHold(parsed.success, 'a state that no page accepts', parsed.error?.issues[0]);
  mustHold(isDeepStrictEqual(parsed.data, arrived), 'a state that is another one behind the way');
  checkWords(arrived, 'state');
}

/** Bytes around what is counted, of all jobs of a list. */
const slack = 50_000;

function checkDetails(jobs: readonly Job[], most: number): void {
  const sizes = jobs.map(({ outputs, words, nodeNames, error }) => {
    const bytes = Buffer.byteLength(JSON.stringify(outputs));
    mustHold(bytes <= limits.outputBytesPerJob + 10, `outputs of ${bytes} bytes`);
    return bytes + Buffer.byteLength(JSON.stringify({ words, nodeNames, error }));
  });
  const sum = sizes.reduce((total, bytes) => total + bytes, 0);
  mustHold(sum <= most + slack, `details of ${sum} bytes in a list of ${jobs.length} jobs`);
}

/** What names something has to stay as it is, so that it can be asked for. */
const exact: ReadonlySet<string> = new Set([
  ...['filename', 'subfolder', 'promptId', 'nodeId', 'displayNodeId', 'argv', 'kind', 'finishedNodeIds'],
  ...['nodeIds', 'cachedNodeIds', 'buckets', 'outputFolder', 'url', 'serverId', 'id'],
]);
const unsafe = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;

/** No text for people holds control characters or the secret that a server was reached with. */
export function checkWords(value: unknown, key: string): void {
  if (typeof value === 'string') {
    if (exact.has(key)) return;
    mustHold(!unsafe.test(value), `control characters in ${key}`, value);
    mustHold(!value.includes(secret), `the secret in ${key}`, value);
  } else if (Array.isArray(value)) for (const part of value) checkWords(part, key);
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) checkWords(part, name);
}

/** How many new objects, elements and fields one state has that the other has not: what an event made to be copied. */
export function stepsBetween(before: unknown, after: unknown): number {
  if (before === after || typeof after !== 'object' || after === null) return 0;
  if (Array.isArray(after)) {
    const known: ReadonlySet<unknown> = new Set(Array.isArray(before) ? before : []);
    return after.reduce<number>((sum, part, index) => {
      const old: unknown = Array.isArray(before) ? before[index] : undefined;
      return sum + 1 + (known.has(part) ? 0 : stepsBetween(old, part));
    }, 1);
  }
  const old: ReadonlyMap<string, unknown> = new Map(
    typeof before === 'object' && before !== null ? Object.entries(before) : [],
  );
  return Object.entries(after).reduce((sum, [key, part]) => sum + 1 + stepsBetween(old.get(key), part), 1);
}
