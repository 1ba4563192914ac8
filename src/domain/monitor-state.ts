import { z } from 'zod';
import { type Job, jobSchema } from './jobs/job.ts';
import { learntTimesSchema, nothingLearnt } from './jobs/learnt/learnt-times.ts';
import { connectionSchema, type Server, serverFactsSchema, serverSchema, unknownFacts } from './server.ts';
import { emptySeries, telemetrySeriesSchema } from './telemetry/telemetry.ts';

/** A kind of message that the decoder could not understand. */
const misunderstoodSchema = z.object({
  kind: z.string(),
  count: z.number().int(),
  sample: z.string(),
});

/** The kind of those that were not looked into, because they are too large. */
export const tooLarge = 'too large';

/** Everything known about one server. Job lists hold every job exactly once. */
const serverStateSchema = z.object({
  server: serverSchema,
  connection: connectionSchema,
  facts: serverFactsSchema,
  /** Running + pending as the server counts them; null until it has said. */
  queueLength: z.number().int().nullable(),
  /** Most recently active first; ComfyUI runs one prompt at a time, but old evidence may linger. */
  running: z.array(jobSchema),
  /** In queue order. */
  pending: z.array(jobSchema),
  /** Newest first. */
  finished: z.array(jobSchema),
  /** How long its prompts and nodes take. */
  learnt: learntTimesSchema,
  telemetry: telemetrySeriesSchema,
  misunderstood: z.array(misunderstoodSchema),
  /** Last lines of the server's terminal, from old to new. */
  logLines: z.array(z.string()),
  /** The server's last message to people, if any. */
  notification: z.object({ text: z.string(), at: z.number() }).nullable(),
  /** When we first got through, ms; what finished earlier is history, not news. */
  watchedSince: z.number().nullable(),
  /** When the last connection ended, ms: as long as there is none, what is known is of then. */
  lostAt: z.number().nullable(),
});
export type ServerState = z.infer<typeof serverStateSchema>;

export const monitorStateSchema = z.object({ servers: z.array(serverStateSchema) });
export type MonitorState = z.infer<typeof monitorStateSchema>;

export const emptyState: MonitorState = { servers: [] };

/**
 * Bounds of what is kept per server, so that a month of watching costs what an hour costs. With the bytes bounded as
 * well, all of it takes a few MiB as JSON at most, whatever a server sends.
 */
export const limits = {
  finishedJobs: 200,
  /** Of those that ended before we came. */
  finishedAtFirst: 50,
  pendingJobs: 1_000,
  runningJobs: 20,
  outputsPerJob: 200,
  runningNodes: 16,
  wordsPerJob: 20,
  /** Characters. */
  wordLength: 500,
  nodeTextLength: 2_000,
  /** Bytes of a job as JSON: of its outputs, of which texts may take a part only; of its failure; of its nodes' names. */
  outputBytesPerJob: 128 * 1_024,
  textBytesPerJob: 96 * 1_024,
  errorBytes: 48 * 1_024,
  nodeNameBytes: 400 * 1_024,
  /** Of all running jobs of a server together, and of all finished ones, besides what every job has. */
  runningBytes: 1.5 * 2 ** 20,
  finishedBytes: 1.5 * 2 ** 20,
  /** Of the parameters of all jobs that wait. */
  pendingParameterBytes: 256 * 1_024,
  misunderstoodKinds: 20,
  logLines: 200,
} as const;

/** A server before the first word from it. */
export function newServerState(server: Server, at: number): ServerState {
  return {
    server,
    connection: server.enabled ? { phase: 'connecting', attempt: 1, since: at } : { phase: 'disabled' },
    facts: unknownFacts,
    queueLength: null,
    running: [],
    pending: [],
    finished: [],
    learnt: nothingLearnt,
    telemetry: emptySeries,
    misunderstood: [],
    logLines: [],
    notification: null,
    watchedSince: null,
    lostAt: null,
  };
}

/** The state of one server, if it is known. */
export function serverStateOf(state: MonitorState, serverId: string): ServerState | undefined {
  return state.servers.find((candidate) => candidate.server.id === serverId);
}

/** Finds a job wherever it stands. */
export function findJob(server: ServerState, promptId: string): Job | undefined {
  const isIt = (job: Job) => job.promptId === promptId;
  return server.running.find(isIt) ?? server.pending.find(isIt) ?? server.finished.find(isIt);
}
