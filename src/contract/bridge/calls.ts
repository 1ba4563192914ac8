import { z } from 'zod';
import { mediaFileSchema } from '../../domain/outputs/executed-output.ts';
import { attentionSchema } from '../attention.ts';
import { openResultSchema, outputDetailsSchema } from '../output-details.ts';
import { preferenceChangesSchema } from '../preferences.ts';
import { companionPlaceSchema, serverDetailsSchema, serverTestSchema } from '../server-details.ts';
import { snapshotSchema } from '../snapshot.ts';
import { nothing } from './nothing.ts';

const serverId = z.string().min(1).max(64);
const promptId = z.string().min(1).max(200);
const url = z.string().min(1).max(2048);
const name = z.string().max(80);
const ofServer = z.object({ serverId });
/** Names an executed file of a job. */
const ofOutput = z.object({ serverId, promptId, file: mediaFileSchema });

/**
 * Every call from the page to its host, with what is asked and what is answered. Names, types, checks at both ends and
 * the list of the preload script follow from this; a new call needs besides only its handler in the host.
 */
const definitions = {
  /** The state as it is now; batches that follow continue from its number. */
  getSnapshot: { request: nothing, response: snapshotSchema },
  /** A hidden page gets one batch a second; one in sight up to ten, but mere movements once a second, twice when focused. */
  setAttention: { request: z.object({ attention: attentionSchema }), response: nothing },
  /** Stops waiting and connects now. */
  retryConnection: { request: ofServer, response: nothing },
  /** The network is back: tries every server now. */
  reconnectAll: { request: nothing, response: nothing },
  /** Starts watching a server and remembers it. Refused with a sentence for an unusable address. */
  addServer: {
    request: z.object({ url, name: name.nullable(), details: serverDetailsSchema.optional() }),
    response: ofServer,
  },
  /** Changes a remembered server; everything that is not mentioned stays as it is. */
  changeServer: {
    request: z.object({
      serverId,
      url: url.optional(),
      name: name.optional(),
      enabled: z.boolean().optional(),
      details: serverDetailsSchema.optional(),
    }),
    response: nothing,
  },
  /** Puts a server at a place of the list, counted from 0. */
  moveServer: {
    request: z.object({ serverId, index: z.number().int().min(0).max(1_000) }),
    response: nothing,
  },
  /** Tries an address without watching it; with a server id, its stored secret is used. */
  testServer: {
    request: z.object({ serverId: serverId.nullable(), url, details: serverDetailsSchema }),
    response: serverTestSchema,
  },
  /** Looks for ComfyUI on this computer, at the usual ports; gives addresses that are not watched yet. */
  findServers: {
    request: nothing,
    response: z.array(z.object({ url: z.string(), comfyVersion: z.string().nullable() })),
  },
  /** Desktop only: asks the user for the folder that holds a server's output files. Null if they decided against it. */
  chooseOutputFolder: {
    request: z.object({ current: z.string().max(4_096).nullable() }),
    response: z.object({ path: z.string().nullable() }),
  },
  removeServer: { request: ofServer, response: nothing },
  /** Replaces some groups of preferences; all pages hear the result. */
  changePreferences: { request: preferenceChangesSchema, response: nothing },
  /** No notifications until then (ms since the epoch); null ends a pause. All pages hear of it. */
  pauseNotifications: { request: z.object({ until: z.number().nullable() }), response: nothing },
  /** Starts the simulated ComfyUI and watches it, next to the other servers. */
  startDemo: { request: nothing, response: ofServer },
  stopDemo: { request: nothing, response: nothing },
  /** Desktop only: opens an executed output in the system's viewer. */
  openOutput: { request: ofOutput, response: openResultSchema },
  /** Desktop only: shows an executed output in the system's file manager. */
  revealOutput: { request: ofOutput, response: openResultSchema },
  /** Where the original lies on this computer; null unless that is proven. */
  outputPath: { request: ofOutput, response: z.object({ path: z.string().nullable() }) },
  /** What is known about an executed file, read from the file itself. */
  outputDetails: {
    request: ofOutput.extend({ nodeId: z.string().max(200) }),
    response: outputDetailsSchema,
  },
  /** The workflow that made an output, as text to be pasted into ComfyUI; null with a message where it is not known. */
  outputWorkflow: {
    request: z.object({ serverId, promptId, file: mediaFileSchema.nullable() }),
    response: z.object({ workflow: z.string().nullable(), message: z.string().nullable() }),
  },
  /** Desktop only: asks where to save a copy, and saves it. */
  saveOutputAs: { request: ofOutput, response: openResultSchema },
  /** Desktop only: puts an executed image on the clipboard. */
  copyOutputImage: { request: ofOutput, response: openResultSchema },
  /** Desktop only: goes on with a drag that began in the page, so that the file can be dropped on other programs. */
  dragOutput: { request: ofOutput, response: openResultSchema },
  /** Desktop only: opens ComfyUI's own page in the system's browser. */
  openServerPage: { request: ofServer, response: openResultSchema },
  /** Ends a download; whoever asked for it gets that answer. */
  cancelDownload: { request: z.object({ id: z.string().max(64) }), response: nothing },
  /** Removes the downloaded copies of outputs. */
  clearOutputCache: { request: nothing, response: z.object({ freedBytes: z.number() }) },
  /** Commands to a server come back when it took them; what they did shows in the events. */
  interruptJob: { request: z.object({ serverId, promptId }), response: nothing },
  cancelJobs: { request: z.object({ serverId, promptIds: z.array(promptId).max(1_000) }), response: nothing },
  clearQueue: { request: ofServer, response: nothing },
  freeMemory: { request: ofServer, response: nothing },
  /** Where our companion node would go, to be shown before anything is written. */
  findCompanionPlace: { request: ofServer, response: companionPlaceSchema },
  /** Copies the companion node to the place that was shown; ComfyUI then has to be restarted. */
  installCompanion: { request: z.object({ serverId, path: z.string().max(4_096) }), response: nothing },
  dismissNotice: { request: z.object({ id: z.string().min(1).max(2_300) }), response: nothing },
  /** Desktop only: ends the app and starts it again as the new version that a notice announced. */
  restartToUpdate: { request: nothing, response: nothing },
  /** Desktop only: shows the folder with the log files. */
  openLogs: { request: nothing, response: nothing },
  /** Everything a bug report needs, as text for people; free of secrets. */
  getDiagnostics: { request: nothing, response: z.object({ text: z.string() }) },
  /** The licences of everything that the app is made of. */
  getLicences: { request: nothing, response: z.object({ text: z.string() }) },
  /** Asks a server for its terminal output, as long as a page shows it. */
  followLog: { request: z.object({ serverId, on: z.boolean() }), response: nothing },
  /** Something failed in the page itself; the host writes it to its log. */
  reportPageError: {
    request: z.object({
      message: z.string().max(500),
      /** Where, as far as the browser says. */
      stack: z.string().max(4_000).nullable(),
    }),
    response: nothing,
  },
  /** Desktop only: gives the full window the whole screen, which then stays on, or ends that. */
  setWallMode: { request: z.object({ on: z.boolean() }), response: nothing },
  /** Desktop only: the small window instead of the full one, or the full one again. */
  setMiniMode: { request: z.object({ on: z.boolean() }), response: nothing },
} satisfies Record<string, { request: z.ZodType; response: z.ZodType }>;

type Definitions = typeof definitions;
export type CallName = keyof Definitions;
/** Calls that are about the page that makes them. */
export type PageCall = 'getSnapshot' | 'setAttention' | 'followLog' | 'reportPageError';
/** Calls that mean the same whoever makes them: a page, or the desktop around it. */
export type HostCall = Exclude<CallName, PageCall>;
type Requests = { [N in CallName]: z.infer<Definitions[N]['request']> };
type Responses = { [N in CallName]: z.infer<Definitions[N]['response']> };
export type CallRequest<N extends CallName> = Requests[N];
export type CallResponse<N extends CallName> = Responses[N];

/** What is checked of each call, by its name. */
export const calls: {
  [N in CallName]: { request: z.ZodType<Requests[N]>; response: z.ZodType<Responses[N]> };
} = definitions;

/** Whether there is a call of that name. */
export function isCall(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}
