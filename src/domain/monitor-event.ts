import { z } from 'zod';
import { jobErrorSchema, nodeNameSchema, outcomes } from './jobs/job.ts';
import { jobParametersSchema } from './jobs/job-parameters.ts';
import { learntTimesSchema } from './jobs/learnt/learnt-times.ts';
import { executedOutputSchema } from './outputs/executed-output.ts';
import { connectionSchema, serverFactsSchema, serverSchema } from './server.ts';
import { machineStateSchema } from './telemetry/machine-state.ts';
import { telemetrySampleSchema } from './telemetry/telemetry.ts';

/**
 * Everything that can happen, in our own words: what a server said (decoded), what REST reads found,
 * how connections stand. `at` is when the host learnt of it; all times are ms since the epoch in the
 * host's clock. A list of these, replayed through `reduce`, rebuilds the state exactly.
 */
const about = { serverId: z.string(), at: z.number() };
/** The prompt a message belongs to; null where the server did not say (older servers, plain previews). */
const promptId = z.string().nullable();

/** A prompt as the queue shows it. */
export const queueEntrySchema = z.object({
  promptId: z.string(),
  queueNumber: z.number().nullable(),
  queuedAt: z.number().nullable(),
  /** Only servers with `/api/jobs` tell it before the prompt ends. */
  startedAt: z.number().nullable(),
  title: z.string().nullable(),
  nodeTotal: z.number().int().nullable(),
  /** Only where its graph was read. */
  parameters: jobParametersSchema.nullable().optional(),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

/** A prompt as the history shows it: final and exact. */
export const historyEntrySchema = z.object({
  promptId: z.string(),
  outcome: z.enum([...outcomes, 'cancelled']),
  title: z.string().nullable(),
  queueNumber: z.number().nullable(),
  queuedAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  nodeTotal: z.number().int().nullable(),
  cachedNodeIds: z.array(z.string()).nullable(),
  /** Names of the nodes that failed or have outputs. */
  nodeNames: z.record(z.string(), nodeNameSchema),
  outputs: z.array(executedOutputSchema),
  error: jobErrorSchema.nullable(),
  parameters: jobParametersSchema.nullable().optional(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

export const monitorEventSchema = z.discriminatedUnion('type', [
  // Servers
  z.object({ ...about, type: z.literal('server_added'), server: serverSchema }),
  z.object({ ...about, type: z.literal('server_changed'), server: serverSchema }),
  z.object({ ...about, type: z.literal('server_removed') }),
  /** To this place of the list, counted from 0. */
  z.object({ ...about, type: z.literal('server_moved'), index: z.number().int().min(0) }),
  z.object({ ...about, type: z.literal('connection_changed'), connection: connectionSchema }),
  z.object({ ...about, type: z.literal('facts_learnt'), facts: serverFactsSchema }),
  z.object({
    ...about,
    type: z.literal('messages_misunderstood'),
    /** The message type as far as it could be read, for example `progress` or `not JSON`. */
    kind: z.string(),
    /** How many of this kind so far. */
    count: z.number().int(),
    /** The first 200 characters of the first one. */
    sample: z.string(),
  }),
  /** What was learnt of this server when it was watched before. */
  z.object({ ...about, type: z.literal('times_remembered'), learnt: learntTimesSchema }),
  // Telemetry and queue
  z.object({
    ...about,
    type: z.literal('telemetry_sampled'),
    sample: telemetrySampleSchema,
    machine: machineStateSchema,
  }),
  z.object({ ...about, type: z.literal('queue_length_changed'), length: z.number().int() }),
  z.object({
    ...about,
    type: z.literal('queue_read'),
    running: z.array(queueEntrySchema),
    pending: z.array(queueEntrySchema),
  }),
  z.object({ ...about, type: z.literal('history_read'), entries: z.array(historyEntrySchema) }),
  // One prompt
  z.object({
    ...about,
    type: z.literal('prompt_described'),
    promptId: z.string(),
    title: z.string().nullable(),
    nodeTotal: z.number().int().nullable(),
    /** Of those, how many have to run; known only once it has started. */
    nodesToRun: z.number().int().nullable().optional(),
    nodeNames: z.record(z.string(), nodeNameSchema),
    /** Not of a plan, which has no inputs. */
    parameters: jobParametersSchema.nullable().optional(),
  }),
  z.object({
    ...about,
    type: z.literal('prompt_started'),
    promptId: z.string(),
    startedAt: z.number().nullable(),
    /** As the server stamped it, ms of its own clock. */
    stamp: z.number().optional(),
  }),
  z.object({ ...about, type: z.literal('nodes_cached'), promptId: z.string(), nodeIds: z.array(z.string()) }),
  z.object({
    ...about,
    type: z.literal('node_started'),
    promptId,
    nodeId: z.string(),
    displayNodeId: z.string(),
  }),
  z.object({
    ...about,
    type: z.literal('step_reached'),
    promptId,
    nodeId: z.string().nullable(),
    step: z.number(),
    max: z.number(),
  }),
  z.object({
    ...about,
    type: z.literal('node_states_reported'),
    promptId: z.string(),
    running: z.array(
      z.object({
        nodeId: z.string(),
        displayNodeId: z.string(),
        step: z.number(),
        max: z.number(),
        /** What it is busy with, where the server says so: `loading`. */
        activity: z.string().nullable().optional(),
      }),
    ),
    finishedNodeIds: z.array(z.string()),
  }),
  z.object({ ...about, type: z.literal('node_text_shown'), promptId, nodeId: z.string(), text: z.string() }),
  z.object({
    ...about,
    type: z.literal('preview_received'),
    promptId,
    nodeId: z.string().nullable(),
    /** Grows by one with every frame of a server; names the frame when its bytes are fetched. */
    revision: z.number().int(),
  }),
  z.object({
    ...about,
    type: z.literal('node_executed'),
    promptId: z.string(),
    nodeId: z.string(),
    outputs: z.array(executedOutputSchema),
  }),
  z.object({
    ...about,
    type: z.literal('prompt_finished'),
    promptId: z.string(),
    outcome: z.enum(outcomes),
    finishedAt: z.number().nullable(),
    /** As the server stamped it, ms of its own clock. */
    stamp: z.number().optional(),
    error: jobErrorSchema.nullable(),
  }),
  /** `executing` with node null: over, and a success unless something else was said before. */
  z.object({ ...about, type: z.literal('prompt_ended'), promptId }),
  /** The same prompt id was queued again after it had ended: what follows is about a new run. */
  z.object({ ...about, type: z.literal('prompt_requeued'), promptId: z.string() }),
  /** Gone from the queue without a trace in the history (`ended`: the history cannot be read). */
  z.object({
    ...about,
    type: z.literal('prompt_vanished'),
    promptId: z.string(),
    fate: z.enum(['cancelled', 'lost', 'ended']),
  }),
  // Words for people
  /** About a prompt: by a node that is blocked, or by the server while the prompt ran (`nodeId` null). */
  z.object({
    ...about,
    type: z.literal('words_said'),
    promptId,
    nodeId: z.string().nullable(),
    text: z.string(),
  }),
  z.object({ ...about, type: z.literal('log_lines_received'), lines: z.array(z.string()) }),
  z.object({ ...about, type: z.literal('notification_received'), text: z.string() }),
]);

export type MonitorEvent = z.infer<typeof monitorEventSchema>;
export type MonitorEventType = MonitorEvent['type'];
/** The event of one type, for builders and handlers. */
export type MonitorEventOf<T extends MonitorEventType> = Extract<MonitorEvent, { type: T }>;
