import { z } from 'zod';

/** Colours a server can be marked with; the page maps them to its theme. */
export const serverColors = ['blue', 'green', 'orange', 'purple', 'red', 'teal', 'yellow', 'grey'] as const;

/** More headers than this are not sent with a login. */
export const maxLoginHeaders = 8;

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9-]+$/);

/**
 * How we prove who we are, to a server behind a login or a proxy. The token, password or header value
 * itself is a secret that stays in the host.
 */
export const authenticationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer') }),
  z.object({
    kind: z.literal('basic'),
    user: z
      .string()
      .max(200)
      .regex(/^[^:\p{Cc}]*$/u),
  }),
  z.object({
    kind: z.literal('header'),
    name: headerName,
    /** Further headers: Cloudflare Access wants two. */
    more: z
      .array(headerName)
      .max(maxLoginHeaders - 1)
      .optional(),
  }),
]);
export type Authentication = z.infer<typeof authenticationSchema>;

/** The names of the headers that a login consists of. */
export function loginHeaders(method: Authentication): string[] {
  return method.kind === 'header' ? [method.name, ...(method.more ?? [])] : [];
}

/**
 * A ComfyUI server as the user configured it. Holds no secrets: those stay in the host.
 * `url` is the server's base address without a trailing slash, path prefix included.
 */
export const serverSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(80),
  color: z.enum(serverColors),
  url: z.string().min(1).max(2048),
  enabled: z.boolean(),
  authentication: authenticationSchema,
  /** The one certificate (PEM) that is trusted for it; null trusts the usual authorities. */
  certificate: z.string().max(20_000).nullable(),
  /**
   * Absolute path of the folder on this computer that holds its output files, chosen by the user; null
   * leaves it to what the server reports. Settings files of earlier versions do not have it.
   */
  outputFolder: z.string().min(1).max(4_096).nullable().default(null),
  /** True for the built-in simulated server of the demo. */
  demo: z.boolean(),
});
export type Server = z.infer<typeof serverSchema>;

/** What can be wrong between us and a server; `explainProblem` turns it into sentences. */
export const problemKinds = [
  'address', // the address itself is not usable
  'name-not-found', // DNS knows no such host
  'refused', // nothing listens on that port
  'unreachable', // no route, network down, host down
  'timeout', // no answer in time
  'tls', // certificate or handshake
  'unauthorized', // 401
  'forbidden', // 403
  'login', // sent to a login page, or given one
  'moved', // sent to another address of the same, such as https
  'no-websocket', // REST works, but the socket does not get through
  'not-comfyui', // something answers, but it is not ComfyUI
  'server-error', // 5xx
  'protocol', // oversized or non-conforming WebSocket frames
  'silent', // connected, but nothing answers any more
  'closed', // the server closed the connection (restart, shutdown)
] as const;

/** One failed attempt to talk to a server. `detail` is technical, bounded and free of secrets. */
export const connectionProblemSchema = z.object({
  kind: z.enum(problemKinds),
  detail: z.string().max(500),
  /** HTTP status, where one was received. */
  status: z.number().int().nullable(),
  /** Where we were sent, without query: to a login, or (`moved`) to the base address to be used. */
  address: z.string().max(2_048).optional(),
});
export type ConnectionProblem = z.infer<typeof connectionProblemSchema>;

/**
 * Where the connection to a server stands. Times are ms since the epoch, host clock. `polling`: its socket does not
 * get through, for the reason given, and is tried again at `retryAt`; meanwhile REST is read every few seconds.
 */
export const connectionSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('disabled') }),
  z.object({ phase: z.literal('connecting'), attempt: z.number().int(), since: z.number() }),
  z.object({ phase: z.literal('connected'), since: z.number() }),
  z.object({
    phase: z.literal('waiting'),
    attempt: z.number().int(),
    since: z.number(),
    retryAt: z.number(),
    problem: connectionProblemSchema,
  }),
  z.object({
    phase: z.literal('polling'),
    attempt: z.number().int(),
    since: z.number(),
    retryAt: z.number(),
    problem: connectionProblemSchema,
  }),
]);
export type Connection = z.infer<typeof connectionSchema>;

/** Whether what a server sends reaches us, by its socket or by reading it every few seconds. */
export function isReached(phase: Connection['phase'] | 'unknown'): boolean {
  return phase === 'connected' || phase === 'polling';
}

/** A compute device as `/system_stats` reports it; sizes in bytes. */
export const deviceSchema = z.object({
  name: z.string(),
  type: z.string(),
  index: z.number().nullable(),
  vramTotal: z.number().nullable(),
});
export type Device = z.infer<typeof deviceSchema>;

/** True where ComfyUI is known to compute on the processor alone. */
export function isCpuOnly(devices: readonly Device[]): boolean {
  return devices.length > 0 && devices.every((device) => device.type === 'cpu');
}

/** An optional part of a server: found there, found missing, or not yet known. */
export const presenceSchema = z.enum(['unknown', 'present', 'absent']);
export type Presence = z.infer<typeof presenceSchema>;

/** The parts of the REST interface that can fail one by one. */
const restSources = [
  'live_jobs', // what runs and waits, /api/jobs
  'queue', // the same with graphs, /queue
  'ended_jobs', // what ended, /api/jobs
  'history', // the same with outputs, /history
  'prompt', // one prompt, /history/{id}
  'system_stats', // versions, devices, memory
] as const;
export type RestSource = (typeof restSources)[number];

/** A part of the REST interface that cannot be read now, and why. */
const unreadableSchema = z.object({ source: z.enum(restSources), problem: connectionProblemSchema });
export type Unreadable = z.infer<typeof unreadableSchema>;

/** Observed facts about a server; null where it has not said (yet). */
export const serverFactsSchema = z.object({
  comfyVersion: z.string().nullable(),
  os: z.string().nullable(),
  pythonVersion: z.string().nullable(),
  pytorchVersion: z.string().nullable(),
  devices: z.array(deviceSchema),
  /** True where ComfyUI was started without custom nodes. */
  customNodesOff: z.boolean().optional(),
  /** The Crystools extension, the source of GPU load and temperature. */
  crystools: presenceSchema,
  /** The REST interface (`/queue`, `/history`); absent behind some gateways. */
  rest: presenceSchema,
  /** Version of our companion custom node; null while absent or unknown. */
  companionVersion: z.string().nullable(),
  companion: presenceSchema,
  /** What cannot be read at present, each part once. */
  unreadable: z.array(unreadableSchema),
});
export type ServerFacts = z.infer<typeof serverFactsSchema>;

/** The facts about a server that we have not talked to yet. */
export const unknownFacts: ServerFacts = {
  comfyVersion: null,
  os: null,
  pythonVersion: null,
  pytorchVersion: null,
  devices: [],
  crystools: 'unknown',
  rest: 'unknown',
  companionVersion: null,
  companion: 'unknown',
  unreadable: [],
};
