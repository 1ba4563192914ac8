import type { Job } from '../../domain/jobs/job.ts';
import { noNodes } from '../../domain/jobs/node-set.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { jsonSize } from './json-size.ts';

/** Characters of JSON that the jobs of all servers may be for a page: it reads them within a second. */
const maxPageState = 16 * 2 ** 20;

/** What a page gets of the state. */
export interface PageState {
  state: MonitorState;
  /** False if some jobs are there without what they made. */
  hasAll: boolean;
}

/**
 * The state as a page can take it: each server has its share, and jobs that do not fit into it, the oldest first, are
 * shown without outputs and node names. What else a state holds is bounded by itself.
 */
export function pageState(state: MonitorState, most = maxPageState): PageState {
  const share = most / Math.max(1, state.servers.length);
  const servers = state.servers.map((server) => fitting(server, share));
  const hasAll = servers.every((server, index) => server === state.servers[index]);
  return hasAll ? { state, hasAll } : { state: { ...state, servers }, hasAll };
}

function fitting(server: ServerState, share: number): ServerState {
  const { running, pending, finished } = server;
  let left = share;
  let isWhole = true;
  const fit = (job: Job): Job => {
    left -= sizeOf(job);
    if (left >= 0) return job;
    isWhole = false;
    return outline(job);
  };
  // In the order of what matters most to a user who looks.
  const jobs = { running: running.map(fit), finished: finished.map(fit), pending: pending.map(fit) };
  return isWhole ? server : { ...server, ...jobs };
}

/** What a line of a list says, and why the job failed. */
function outline(job: Job): Job {
  const { error } = job;
  return {
    ...job,
    nodeNames: {},
    cachedNodes: null,
    doneNodes: noNodes,
    progressKnown: false,
    outputs: [],
    outputsOmitted: job.outputsOmitted + job.outputs.length,
    error: error && { ...error, message: error.message.slice(0, 500), traceback: [] },
  };
}

/** A job that did not change is not measured again. */
const sizes = new WeakMap<Job, number>();

function sizeOf(job: Job): number {
  const known = sizes.get(job);
  if (known !== undefined) return known;
  const size = jsonSize(job);
  sizes.set(job, size);
  return size;
}
