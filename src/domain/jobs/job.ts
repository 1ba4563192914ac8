import { z } from 'zod';
import { executedOutputSchema } from '../outputs/executed-output.ts';
import { vramUseSchema } from '../telemetry/telemetry.ts';
import { jobParametersSchema } from './job-parameters.ts';
import { nodeSetSchema, noNodes } from './node-set.ts';

/**
 * States of a job. `lost`: it ran or waited, and the server does not know it any more (it was restarted,
 * or a user deleted the entry). `cancelled`: removed from the queue before it ran. `ended`: it is over, and
 * how it ended cannot be read. The last six are terminal.
 */
const jobStates = [
  'queued',
  'running',
  'success',
  'error',
  'interrupted',
  'cancelled',
  'lost',
  'ended',
] as const;
export type JobState = (typeof jobStates)[number];

/** How a prompt ended, as far as the server itself says so. */
export const outcomes = ['success', 'error', 'interrupted'] as const;
export type Outcome = (typeof outcomes)[number];

/** What `execution_error` (or history) says about a failed node. Strings are bounded by the decoder. */
export const jobErrorSchema = z.object({
  nodeId: z.string().nullable(),
  nodeType: z.string().nullable(),
  exceptionType: z.string().nullable(),
  message: z.string(),
  traceback: z.array(z.string()),
});
export type JobError = z.infer<typeof jobErrorSchema>;

/** What people call a node: `_meta.title` where the editor wrote one, and its class. */
export const nodeNameSchema = z.object({ title: z.string().nullable(), classType: z.string() });
export type NodeName = z.infer<typeof nodeNameSchema>;

/** A measured step: `step` of the current node was reached at `at` (ms since the epoch, host clock). */
const stepMarkSchema = z.object({ step: z.number(), at: z.number() });
export type StepMark = z.infer<typeof stepMarkSchema>;

/**
 * A node that runs now. `step` and `max` are null until the node itself reports steps; otherwise `max` is more
 * than 0, and `step` from 0 to `max`.
 */
const runningNodeSchema = z.object({
  /** Null where the server says that a node works, but not which. */
  nodeId: z.string().nullable(),
  /** The node a person sees in the editor: for expanded nodes, the one that expanded. */
  displayNodeId: z.string().nullable(),
  startedAt: z.number(),
  step: z.number().nullable(),
  max: z.number().nullable(),
  /** A few recent measurements; the step rate and the ETA come from these alone. */
  marks: z.array(stepMarkSchema),
  /** Its first step in this run, and of how many; null before it. */
  begun: z.object({ step: z.number(), max: z.number(), at: z.number() }).nullable(),
  /** Steps of passes before this one: some nodes start over. */
  earlierSteps: z.number(),
  /** Text the node shows while it works (`progress_text`). */
  text: z.string().nullable(),
  /** What the server says it is busy with, for example `loading`. */
  activity: z.string().nullable(),
  /** Present of a node that ran before we heard of it: when it began is not known. */
  isJoined: z.literal(true).optional(),
});
export type RunningNode = z.infer<typeof runningNodeSchema>;

/** How long a node of the graph ran in this run; expanded nodes count with the one that expanded. */
const nodeTimeSchema = z.object({
  nodeId: z.string(),
  /** When it began, ms since the epoch. */
  at: z.number(),
  /** How long it worked, ms; of a node that was entered more than once, all of it. */
  took: z.number(),
  /** How many steps it made in all its passes; absent of a node that reports none. */
  steps: z.number().optional(),
  /** How many steps its first pass had. */
  firstMax: z.number().optional(),
  /** How long it took before it came to its first step, beyond what a step takes, ms. */
  lead: z.number().optional(),
});
export type NodeTime = z.infer<typeof nodeTimeSchema>;

/** Words for people that came while a job ran: of a node that is blocked, or of the server (`nodeId` null). */
const jobWordSchema = z.object({ nodeId: z.string().nullable(), text: z.string(), at: z.number() });
export type JobWord = z.infer<typeof jobWordSchema>;

/** The newest preview frame; its bytes stay in the host and are fetched by revision. */
const previewSchema = z.object({
  revision: z.number().int(),
  nodeId: z.string().nullable(),
  at: z.number(),
});

/**
 * What was measured of a running job up to `until` (ms), of a time from which no samples are kept; null for what was
 * not measured throughout.
 */
const figuresSoFarSchema = z.object({
  peakVram: vramUseSchema.nullable(),
  energyJoules: z.number().nullable(),
  until: z.number(),
});
export type FiguresSoFar = z.infer<typeof figuresSoFarSchema>;

/**
 * Our merged view of one prompt. Times are ms since the epoch in the host's clock (server clocks are
 * corrected before they get here); null means that the server has not said.
 */
export const jobSchema = z.object({
  serverId: z.string(),
  promptId: z.string(),
  /** Which run of this prompt id it is, from 0 on: some clients queue the same id again. */
  run: z.number().int(),
  state: z.enum(jobStates),
  /** Name of the workflow, or of its first meaningful node. */
  title: z.string().nullable(),
  /** The number the queue is sorted by. */
  queueNumber: z.number().nullable(),
  queuedAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** When anything was last heard of it. */
  heardAt: z.number(),
  /** Nodes that will be looked at when it runs; null while the graph is unknown. */
  nodeTotal: z.number().int().nullable(),
  /** Names by node id; present from shortly before a job runs until it ends. */
  nodeNames: z.record(z.string(), nodeNameSchema),
  /** Names beyond what is kept of one prompt, counted only. */
  nodeNamesOmitted: z.number().int(),
  /** Whether the names are those of all nodes of the graph, so that other ids are none of it. */
  graphKnown: z.boolean(),
  /** Of those, how many have to run, results of earlier prompts being reused; only our companion says. */
  nodesToRun: z.number().int().nullable(),
  /** What its graph gives to the sampler; null while the graph is unknown, and where there is no room for them. */
  parameters: jobParametersSchema.nullable(),
  /** Whether we know which nodes are done: not when we came in the middle of it. */
  progressKnown: z.boolean(),
  /** Whether the server says of every node how it stands (`progress_state`); then that alone counts. */
  statesReported: z.boolean(),
  /** Nodes whose results were there from earlier prompts; null until the server says. */
  cachedNodes: nodeSetSchema.nullable(),
  /** How many nodes of the graph need not run, as far as we know. */
  reusedNodes: z.number().int(),
  /** Nodes of the graph that are done in this run, those that are cached aside. */
  doneNodes: nodeSetSchema,
  /** In the order in which they began. One at a time, but for nodes that wait for something outside. */
  runningNodes: z.array(runningNodeSchema),
  /** Running nodes beyond the cap, counted but not kept. */
  runningNodesOmitted: z.number().int(),
  /** Nodes that were left in this run, and how long they took; of a job that is over, nothing is kept of it. */
  nodeTimes: z.array(nodeTimeSchema),
  /** Present where we came in the middle of it, or were away for a while: its times are not all there. */
  isMissedInPart: z.literal(true).optional(),
  /**
   * How far it was (0–1, of its time) at a moment (`at`, ms), how much was left then (ms), and for how long it goes on
   * from there unless something else is heard (`span`, ms). Null while it is not known how long it takes. See `timeFraction`.
   */
  reached: z.object({ fraction: z.number(), at: z.number(), left: z.number(), span: z.number() }).nullable(),
  /** How long its kind usually took, ms, as it was known when it ended; null if it was not. */
  usual: z.number().nullable(),
  preview: previewSchema.nullable(),
  outputs: z.array(executedOutputSchema),
  /** Outputs beyond the cap, counted but not kept. */
  outputsOmitted: z.number().int(),
  /** What was said to people while it ran, from old to new. */
  words: z.array(jobWordSchema),
  /** Words beyond the cap, counted but not kept. */
  wordsOmitted: z.number().int(),
  error: jobErrorSchema.nullable(),
  /** Only of a job that has been running for longer than samples are kept. */
  figuresSoFar: figuresSoFarSchema.nullable(),
  /** The highest VRAM use while it ran, known only of a job that ended while we measured. */
  peakVram: vramUseSchema.nullable(),
  /** What the GPUs that ComfyUI computes on used while it ran, J; known only if that was measured throughout. */
  energyJoules: z.number().nullable(),
  /** Who said it last: history is final, the socket is live, the queue gives presence and order. */
  source: z.enum(['queue', 'socket', 'history']),
  /** The beginning as the server stamped it, ms of its own clock; absent if it did not say. */
  startStamp: z.number().optional(),
});
export type Job = z.infer<typeof jobSchema>;

/** A job of which nothing but its id is known. */
export function unknownJob(serverId: string, promptId: string, at: number): Job {
  return {
    serverId,
    promptId,
    run: 0,
    state: 'queued',
    title: null,
    queueNumber: null,
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
    heardAt: at,
    nodeTotal: null,
    nodeNames: {},
    nodeNamesOmitted: 0,
    graphKnown: false,
    nodesToRun: null,
    parameters: null,
    progressKnown: false,
    statesReported: false,
    cachedNodes: null,
    reusedNodes: 0,
    doneNodes: noNodes,
    runningNodes: [],
    runningNodesOmitted: 0,
    nodeTimes: [],
    reached: null,
    usual: null,
    preview: null,
    outputs: [],
    outputsOmitted: 0,
    words: [],
    wordsOmitted: 0,
    error: null,
    figuresSoFar: null,
    peakVram: null,
    energyJoules: null,
    source: 'queue',
  };
}

/** True for the states that a run never leaves; of `ended`, the outcome may still be learnt. */
export function isFinished(state: JobState): boolean {
  return state !== 'queued' && state !== 'running';
}

/**
 * True for a running job whose progress we do not hear of: ComfyUI reports it to the submitter alone.
 * Known is then only that it runs.
 */
export function lacksProgress(job: Job): boolean {
  return job.state === 'running' && job.source === 'queue' && job.runningNodes.length === 0;
}

/** Whether nothing of a prompt had to run, because all results were there from earlier ones. */
export function wasAllCached(job: Job): boolean {
  if (job.nodeTotal === null || job.nodeTotal === 0 || job.doneNodes.count > 0) return false;
  return job.nodesToRun === 0 || (job.cachedNodes !== null && job.cachedNodes.count >= job.nodeTotal);
}

/** How long a job ran or has been running, ms; null while it has not started, or if its end is not known. */
export function jobElapsed(job: Job, now: number): number | null {
  if (job.startedAt === null) return null;
  if (job.finishedAt === null && isFinished(job.state)) return null;
  return Math.max(0, (job.finishedAt ?? now) - job.startedAt);
}

/** When a finished job ended, or when it was last heard of if that is not known, ms: to sort by, not to be shown. */
export function endedAround(job: Job): number {
  return job.finishedAt ?? job.heardAt;
}
