import type { Job, JobState } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import type { ServerState } from '../../domain/monitor-state.ts';
import { type ExecutedOutput, isTemporary, outputKey } from '../../domain/outputs/executed-output.ts';
import { type LaterFiles, laterFiles } from '../../domain/outputs/overwritten.ts';

/** The outputs of one job as the gallery shows them, newest first. */
export interface OutputGroup {
  promptId: string;
  title: string;
  state: JobState;
  startedAt: number | null;
  finishedAt: number | null;
  /** When the newest one was made, ms since the epoch. */
  newestAt: number;
  outputs: ExecutedOutput[];
  /** Width ÷ height of the pictures that it was to make; null where that is not told. */
  ratio: number | null;
  /** The keys of those whose files a later run wrote anew. */
  overwritten: ReadonlySet<string>;
  /** Outputs that were counted but not kept. */
  omitted: number;
}

/** One output of a job: what the keyboard is at, or what is looked at. */
export interface Selection {
  promptId: string;
  output: ExecutedOutput;
}

/**
 * Makes a selector for the groups of a server, newest group first. As long as nothing changes that the
 * gallery shows, it gives the very same objects: progress comes many times a second, images do not.
 */
export function createGroupSelector(): (server: ServerState) => OutputGroup[] {
  let groups: OutputGroup[] = [];
  let known = new Map<string, { source: ExecutedOutput[]; group: OutputGroup }>();

  return (server) => {
    const next: typeof known = new Map();
    const later = laterFiles(server);
    for (const job of [...server.running, ...server.finished]) {
      if (job.outputs.length === 0) continue;
      const before = known.get(job.promptId);
      const overwritten = overwrittenOf(job, later);
      const same =
        before &&
        before.source === job.outputs &&
        isShownAs(before.group, job) &&
        isSame(before.group.overwritten, overwritten);
      next.set(job.promptId, same ? before : { source: job.outputs, group: groupOf(job, overwritten) });
    }
    known = next;
    const current = [...next.values()].map((entry) => entry.group).sort((a, b) => b.newestAt - a.newestAt);
    const unchanged = current.length === groups.length && current.every((group, i) => group === groups[i]);
    if (!unchanged) groups = current;
    return groups;
  };
}

/** Leaves out what ComfyUI made only as a preview, and groups that then are empty. The same group gives the same. */
export function withoutTemporary(groups: readonly OutputGroup[]): OutputGroup[] {
  return groups.map(savedOf).filter((group) => group.outputs.length > 0);
}

const saved = new WeakMap<OutputGroup, OutputGroup>();

function savedOf(group: OutputGroup): OutputGroup {
  if (!group.outputs.some(isTemporary)) return group;
  const known = saved.get(group);
  if (known) return known;
  const left = { ...group, outputs: group.outputs.filter((output) => !isTemporary(output)) };
  saved.set(group, left);
  return left;
}

/** The first groups, cut off after `count` outputs. */
export function firstOutputs(groups: OutputGroup[], count: number): OutputGroup[] {
  let left = count;
  const shown: OutputGroup[] = [];
  for (const group of groups) {
    if (left <= 0) break;
    shown.push(group.outputs.length <= left ? group : { ...group, outputs: group.outputs.slice(0, left) });
    left -= group.outputs.length;
  }
  return shown;
}

const nothing: ReadonlySet<string> = new Set();

function overwrittenOf({ promptId, outputs }: Job, later: LaterFiles): ReadonlySet<string> {
  const found = outputs.filter(({ file }) => file && later.isOverwritten(promptId, file));
  return found.length === 0 ? nothing : new Set(found.map(outputKey));
}

function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some === others || (some.size === others.size && [...some].every((key) => others.has(key)));
}

function groupOf(job: Job, overwritten: ReadonlySet<string>): OutputGroup {
  const outputs = [...job.outputs].sort((a, b) => b.at - a.at);
  return {
    promptId: job.promptId,
    title: jobTitle(job),
    state: job.state,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    // What was read from the history was learnt later than it was made.
    newestAt: job.finishedAt ?? outputs[0]?.at ?? 0,
    outputs,
    ratio: ratioOf(job),
    overwritten,
    omitted: job.outputsOmitted,
  };
}

function ratioOf({ parameters }: Job): number | null {
  const { width, height } = parameters ?? { width: null, height: null };
  return width && height ? width / height : null;
}

function isShownAs(group: OutputGroup, job: Job): boolean {
  return (
    group.title === jobTitle(job) &&
    group.state === job.state &&
    group.startedAt === job.startedAt &&
    group.finishedAt === job.finishedAt &&
    group.omitted === job.outputsOmitted &&
    group.ratio === ratioOf(job)
  );
}
