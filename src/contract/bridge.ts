import { z } from 'zod';
import { monitorEventSchema } from '../domain/monitor-event.ts';
import { monitorStateSchema } from '../domain/monitor-state.ts';
import { type MediaFile, mediaFileSchema } from '../domain/outputs/executed-output.ts';
import {
  authenticationSchema,
  connectionProblemSchema,
  deviceSchema,
  maxLoginHeaders,
  presenceSchema,
  serverColors,
} from '../domain/server.ts';
import type { CallName, PushName } from './bridge-names.ts';
import {
  type PreferenceChanges,
  type Preferences,
  preferenceChangesSchema,
  preferencesSchema,
} from './preferences.ts';

/** Something the host has to tell people that belongs to no server, for example damaged settings. */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  what: z.string(),
  why: z.string().nullable(),
  next: z.string().nullable(),
  /** What a button does about it. */
  action: z.enum(['restart_to_update']).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** What this host is and can do; the page offers only what its host is capable of. */
export const hostInfoSchema = z.object({
  kind: z.enum(['desktop', 'browser']),
  appVersion: z.string(),
  platform: z.string(),
  /** What the app runs on, for people: `Electron 45.4.1, Chromium …, Node …`. */
  runsOn: z.string().optional(),
  capabilities: z.object({
    /** `openOutput` shows the file in the system's viewer; otherwise the page opens a tab. */
    openInViewer: z.boolean(),
    /** The host itself shows native notifications. */
    notify: z.boolean(),
    /**
     * Passwords and tokens are kept in the system's key store; otherwise only until the host ends. Null while
     * that is not known: a key store that nobody needed yet is not opened.
     */
    keepSecrets: z.boolean().nullable(),
    /** The system can start the app at login. */
    startAtLogin: z.boolean(),
    /** The app can look for new versions, and tell of them at least. */
    findUpdates: z.boolean(),
    /** The app can replace itself by a new version. */
    updateItself: z.boolean(),
    /** `openLogs` shows the folder with the log files. */
    openLogs: z.boolean(),
    /** The system says whether another program has a shortcut, and gives one back; Wayland does neither. */
    ownsShortcut: z.boolean(),
    /** `setMiniMode` shows a small window of the host's own; otherwise the page has to open one. */
    miniWindow: z.boolean(),
  }),
  /** Where the page finds media, without a trailing slash; see `mediaUrl`. */
  mediaBase: z.string(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** The whole state after the event numbered `sequence`. */
export const snapshotSchema = z.object({
  sequence: z.number().int(),
  /** What the clock says by which all events and states are timed, ms since the epoch. */
  now: z.number(),
  state: monitorStateSchema,
  host: hostInfoSchema,
  notices: z.array(noticeSchema),
  preferences: preferencesSchema,
  /** No notifications before that, ms since the epoch; null when they are not paused. */
  notificationsPausedUntil: z.number().nullable(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * Consecutive events: `first` is the number of the first one, `last` of the last. A batch may leave out
 * events that a later one of the same batch replaces (preview frames), so the count can be smaller.
 */
export const eventBatchSchema = z.object({
  first: z.number().int(),
  last: z.number().int(),
  events: z.array(monitorEventSchema),
});
export type EventBatch = z.infer<typeof eventBatchSchema>;

/** JSON and some ways of IPC have no `undefined`. */
const nothing = z.preprocess((value) => value ?? undefined, z.undefined());
const serverId = z.string().min(1).max(64);
const promptId = z.string().min(1).max(200);
const url = z.string().min(1).max(2048);
const name = z.string().max(80);

/** How opening an output went: shown in the system's viewer, or why not. */
export const openResultSchema = z.object({
  opened: z.boolean(),
  /** One sentence for people, when it was not opened; null if they decided so. */
  message: z.string().nullable(),
});
export type OpenResult = z.infer<typeof openResultSchema>;

/** How a file came about, read from what its saver embedded into it. Null: it does not say. */
export const promptParametersSchema = z.object({
  /** The node that saved it, by its title or class. */
  node: z.string().nullable(),
  /** As text: seeds have more digits than numbers here. */
  seed: z.string().nullable(),
  steps: z.number().nullable(),
  model: z.string().nullable(),
  /** The words of the positive prompt. */
  prompt: z.string().nullable(),
});
export type PromptParameters = z.infer<typeof promptParametersSchema>;

/**
 * Why it is not known how a file was made: it says nothing of it, or only its workflow; what it says cannot be read;
 * or it was not read to its end, because its format is not known, it is damaged, or too large.
 */
export const untoldSchema = z.enum([
  'silent',
  'workflow-only',
  'unreadable',
  'unknown-format',
  'damaged',
  'too-large',
]);
export type Untold = z.infer<typeof untoldSchema>;

/** What there is to know about an executed file besides its looks. */
export const outputDetailsSchema = z.object({
  /** Size of the file. */
  bytes: z.number().nullable(),
  /** The beginning of a text file; null for everything else. */
  text: z.string().nullable(),
  parameters: promptParametersSchema.nullable(),
  /** Why there are no parameters; null if there are, or if nobody looked for them. */
  untold: untoldSchema.nullable(),
});
export type OutputDetails = z.infer<typeof outputDetailsSchema>;

/** A copy of an output that is on its way from a server. */
export const downloadSchema = z.object({
  id: z.string(),
  filename: z.string(),
  /** Bytes so far, and in all; null if the server does not say. */
  received: z.number(),
  total: z.number().nullable(),
});
export type Download = z.infer<typeof downloadSchema>;

/** Names an executed file of a job. */
const outputRequest = z.object({ serverId, promptId, file: mediaFileSchema });
type OutputRequest = z.infer<typeof outputRequest>;

const secretSchema = z
  .string()
  .max(8_192)
  .regex(/^\P{Cc}*$/u);

/** What can be set about a server besides its address and name. */
export const serverDetailsSchema = z.object({
  /** Null takes the next colour that is free. */
  color: z.enum(serverColors).nullable(),
  authentication: authenticationSchema,
  /** Token, password or header value; null keeps the one that is stored. Never sent back to a page. */
  secret: secretSchema.nullable(),
  /** The values of the further headers in their order; null keeps the one that is stored for that name. */
  moreSecrets: z
    .array(secretSchema.nullable())
    .max(maxLoginHeaders - 1)
    .optional(),
  certificate: z.string().max(20_000).nullable(),
  /** One that the server has already, or that `chooseOutputFolder` gave; null for none. */
  outputFolder: z.string().min(1).max(4_096).nullable(),
});
export type ServerDetails = z.infer<typeof serverDetailsSchema>;

/** A certificate that a server presented and no known authority vouches for. */
export const presentedCertificateSchema = z.object({
  pem: z.string().max(20_000),
  /** SHA-256 in hexadecimal pairs, as browsers show it. */
  fingerprint: z.string(),
  /** Who it was made out to. */
  subject: z.string(),
  /** Ms since the epoch. */
  validUntil: z.number(),
});
export type PresentedCertificate = z.infer<typeof presentedCertificateSchema>;

/** What a connection test found out. */
export const serverTestSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    comfyVersion: z.string().nullable(),
    devices: z.array(deviceSchema),
    crystools: presenceSchema,
    companion: presenceSchema,
    companionVersion: z.string().nullable(),
    /** Whether it could run the companion node. */
    canRunCompanion: z.boolean().optional(),
    /** From request to answer, ms. */
    roundTrip: z.number(),
    /** What keeps the socket from getting through; null if nothing does. */
    socket: connectionProblemSchema.nullable(),
  }),
  z.object({
    ok: z.literal(false),
    problem: connectionProblemSchema,
    /** Offered to be trusted, when the problem is that nobody knows it. */
    certificate: presentedCertificateSchema.nullable(),
  }),
]);
export type ServerTest = z.infer<typeof serverTestSchema>;

/** Where a server's companion node belongs, or one sentence that says why it cannot be put there. */
export const companionPlaceSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), path: z.string() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);
export type CompanionPlace = z.infer<typeof companionPlaceSchema>;

/** What went wrong in a page. */
export const pageErrorSchema = z.object({
  message: z.string().max(500),
  /** Where, as far as the browser says. */
  stack: z.string().max(4_000).nullable(),
});
export type PageError = z.infer<typeof pageErrorSchema>;

/** Requests and responses of every call from the page to its host. */
export interface Calls {
  /** The state as it is now; batches that follow continue from its number. */
  getSnapshot: { request: undefined; response: Snapshot };
  /** A hidden page gets one batch a second, a visible one up to twenty. */
  setVisible: { request: { visible: boolean }; response: undefined };
  /** Stops waiting and connects now. */
  retryConnection: { request: { serverId: string }; response: undefined };
  /** The network is back: tries every server now. */
  reconnectAll: { request: undefined; response: undefined };
  /** Starts watching a server and remembers it. Refused with a sentence for an unusable address. */
  addServer: {
    request: { url: string; name: string | null; details?: ServerDetails | undefined };
    response: { serverId: string };
  };
  /** Changes a remembered server; everything that is not mentioned stays as it is. */
  changeServer: {
    request: {
      serverId: string;
      url?: string | undefined;
      name?: string | undefined;
      enabled?: boolean | undefined;
      details?: ServerDetails | undefined;
    };
    response: undefined;
  };
  /** Puts a server at a place of the list, counted from 0. */
  moveServer: { request: { serverId: string; index: number }; response: undefined };
  /** Tries an address without watching it; with a server id, its stored secret is used. */
  testServer: {
    request: { serverId: string | null; url: string; details: ServerDetails };
    response: ServerTest;
  };
  /** Looks for ComfyUI on this computer, at the usual ports; gives addresses that are not watched yet. */
  findServers: { request: undefined; response: { url: string; comfyVersion: string | null }[] };
  /**
   * Asks the user for the folder that holds a server's output files; only with the capability
   * `openInViewer`. Null if they decided against it.
   */
  chooseOutputFolder: { request: { current: string | null }; response: { path: string | null } };
  removeServer: { request: { serverId: string }; response: undefined };
  /** Replaces some groups of preferences; all pages are told of the result. */
  changePreferences: { request: PreferenceChanges; response: undefined };
  /** No notifications until then (ms since the epoch); null ends a pause. All pages are told. */
  pauseNotifications: { request: { until: number | null }; response: undefined };
  /** Starts the simulated ComfyUI and watches it, next to the other servers. */
  startDemo: { request: undefined; response: { serverId: string } };
  stopDemo: { request: undefined; response: undefined };
  /** Opens an executed output in the system's viewer; only with the capability `openInViewer`. */
  openOutput: { request: OutputRequest; response: OpenResult };
  /** Shows an executed output in the system's file manager; only with the capability `openInViewer`. */
  revealOutput: { request: OutputRequest; response: OpenResult };
  /** Where the original lies on this computer; null unless that is proven. */
  outputPath: { request: OutputRequest; response: { path: string | null } };
  /** What is known about an executed file, read from the file itself. */
  outputDetails: { request: OutputRequest & { nodeId: string }; response: OutputDetails };
  /** The workflow that made an output, as text to be pasted into ComfyUI; null with a message where nobody knows it. */
  outputWorkflow: {
    request: { serverId: string; promptId: string; file: MediaFile | null };
    response: { workflow: string | null; message: string | null };
  };
  /** Asks where to save a copy, and saves it; only with the capability `openInViewer`, as what follows. */
  saveOutputAs: { request: OutputRequest; response: OpenResult };
  /** Puts an executed image on the clipboard. */
  copyOutputImage: { request: OutputRequest; response: OpenResult };
  /** Goes on with a drag that began in the page, so that the file can be dropped on other programs. */
  dragOutput: { request: OutputRequest; response: OpenResult };
  /** Opens ComfyUI's own page in the system's browser. */
  openServerPage: { request: { serverId: string }; response: OpenResult };
  /** Ends a download; whoever asked for it is told so. */
  cancelDownload: { request: { id: string }; response: undefined };
  /** Removes the downloaded copies of outputs. */
  clearOutputCache: { request: undefined; response: { freedBytes: number } };
  /** Commands to a server. They come back when it took them; what they did shows in the events. */
  interruptJob: { request: { serverId: string; promptId: string }; response: undefined };
  cancelJobs: { request: { serverId: string; promptIds: string[] }; response: undefined };
  clearQueue: { request: { serverId: string }; response: undefined };
  freeMemory: { request: { serverId: string }; response: undefined };
  /** Where our companion node would go, to be shown before anything is written. */
  findCompanionPlace: { request: { serverId: string }; response: CompanionPlace };
  /** Copies the companion node to the place that was shown; ComfyUI then has to be restarted. */
  installCompanion: { request: { serverId: string; path: string }; response: undefined };
  /** Ends the app and starts it again as the new version that a notice told of. */
  dismissNotice: { request: { id: string }; response: undefined };
  restartToUpdate: { request: undefined; response: undefined };
  /** Shows the folder with the log files; only with the capability `openLogs`. */
  openLogs: { request: undefined; response: undefined };
  /** Everything a bug report needs, as text for people; free of secrets. */
  getDiagnostics: { request: undefined; response: { text: string } };
  /** The licences of everything that the app is made of. */
  getLicences: { request: undefined; response: { text: string } };
  /** Asks a server for its terminal output, as long as a page shows it. */
  followLog: { request: { serverId: string; on: boolean }; response: undefined };
  /** Something failed in the page itself; the host writes it to its log. */
  reportPageError: { request: PageError; response: undefined };
  /** The small window instead of the full one, or the full one again; with the capability `miniWindow`. */
  setMiniMode: { request: { on: boolean }; response: undefined };
}
export type CallRequest<N extends CallName> = Calls[N]['request'];
export type CallResponse<N extends CallName> = Calls[N]['response'];

/** Checks of what crosses, by call. Add a call here and in `Calls`; the compiler leads to the rest. */
export const callSchemas: {
  [N in CallName]: { request: z.ZodType<CallRequest<N>>; response: z.ZodType<CallResponse<N>> };
} = {
  getSnapshot: { request: nothing, response: snapshotSchema },
  setVisible: { request: z.object({ visible: z.boolean() }), response: nothing },
  retryConnection: { request: z.object({ serverId }), response: nothing },
  reconnectAll: { request: nothing, response: nothing },
  addServer: {
    request: z.object({ url, name: name.nullable(), details: serverDetailsSchema.optional() }),
    response: z.object({ serverId }),
  },
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
  moveServer: {
    request: z.object({ serverId, index: z.number().int().min(0).max(1_000) }),
    response: nothing,
  },
  testServer: {
    request: z.object({ serverId: serverId.nullable(), url, details: serverDetailsSchema }),
    response: serverTestSchema,
  },
  findServers: {
    request: nothing,
    response: z.array(z.object({ url: z.string(), comfyVersion: z.string().nullable() })),
  },
  chooseOutputFolder: {
    request: z.object({ current: z.string().max(4_096).nullable() }),
    response: z.object({ path: z.string().nullable() }),
  },
  removeServer: { request: z.object({ serverId }), response: nothing },
  changePreferences: { request: preferenceChangesSchema, response: nothing },
  pauseNotifications: { request: z.object({ until: z.number().nullable() }), response: nothing },
  startDemo: { request: nothing, response: z.object({ serverId }) },
  stopDemo: { request: nothing, response: nothing },
  openOutput: { request: outputRequest, response: openResultSchema },
  revealOutput: { request: outputRequest, response: openResultSchema },
  outputPath: { request: outputRequest, response: z.object({ path: z.string().nullable() }) },
  outputDetails: {
    request: outputRequest.extend({ nodeId: z.string().max(200) }),
    response: outputDetailsSchema,
  },
  outputWorkflow: {
    request: z.object({ serverId, promptId, file: mediaFileSchema.nullable() }),
    response: z.object({ workflow: z.string().nullable(), message: z.string().nullable() }),
  },
  saveOutputAs: { request: outputRequest, response: openResultSchema },
  copyOutputImage: { request: outputRequest, response: openResultSchema },
  dragOutput: { request: outputRequest, response: openResultSchema },
  openServerPage: { request: z.object({ serverId }), response: openResultSchema },
  cancelDownload: { request: z.object({ id: z.string().max(64) }), response: nothing },
  clearOutputCache: { request: nothing, response: z.object({ freedBytes: z.number() }) },
  interruptJob: { request: z.object({ serverId, promptId }), response: nothing },
  cancelJobs: { request: z.object({ serverId, promptIds: z.array(promptId).max(1_000) }), response: nothing },
  clearQueue: { request: z.object({ serverId }), response: nothing },
  freeMemory: { request: z.object({ serverId }), response: nothing },
  findCompanionPlace: { request: z.object({ serverId }), response: companionPlaceSchema },
  installCompanion: { request: z.object({ serverId, path: z.string().max(4_096) }), response: nothing },
  dismissNotice: { request: z.object({ id: z.string().min(1).max(2_300) }), response: nothing },
  restartToUpdate: { request: nothing, response: nothing },
  openLogs: { request: nothing, response: nothing },
  getDiagnostics: { request: nothing, response: z.object({ text: z.string() }) },
  getLicences: { request: nothing, response: z.object({ text: z.string() }) },
  followLog: { request: z.object({ serverId, on: z.boolean() }), response: nothing },
  reportPageError: { request: pageErrorSchema, response: nothing },
  setMiniMode: { request: z.object({ on: z.boolean() }), response: nothing },
};

/** Everything the host sends on its own. */
export interface Pushes {
  events: EventBatch;
  /** What this host can do now: the key store may open long after the page. */
  host: HostInfo;
  /** All notices that hold now, replacing the earlier ones. */
  notices: Notice[];
  /** What the user has set, after every change. */
  preferences: Preferences;
  /** Until when notifications are paused, ms since the epoch; null when they are not. */
  notificationsPaused: { until: number | null };
  /** The user asked for this job elsewhere (tray, notification): bring it into view. */
  showJob: { serverId: string; promptId: string };
  /** The user asked for the settings elsewhere: in the tray or the menu bar. */
  showSettings: undefined;
  /** The downloads that take their time, replacing the earlier ones. */
  downloads: Download[];
}
export type PushPayload<N extends PushName> = Pushes[N];

export const pushSchemas: { [N in PushName]: z.ZodType<PushPayload<N>> } = {
  events: eventBatchSchema,
  host: hostInfoSchema,
  notices: z.array(noticeSchema),
  preferences: preferencesSchema,
  notificationsPaused: z.object({ until: z.number().nullable() }),
  showJob: z.object({ serverId, promptId }),
  showSettings: nothing,
  downloads: z.array(downloadSchema),
};

/** How every call is answered, so that a refusal arrives as a sentence and not as a stack. */
export const callReplySchema = z.discriminatedUnion('ok', [
  // JSON has no undefined: a reply to a call that gives nothing arrives without it.
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type CallReply = z.infer<typeof callReplySchema>;

/** The page's only way to the outside world. */
export interface Bridge {
  /** Asks the host. Rejects with `BridgeError`, whose message is fit for people. */
  call<N extends CallName>(name: N, request: CallRequest<N>): Promise<CallResponse<N>>;
  /** Listens for a push; returns what ends it. */
  on<N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): () => void;
}

/** A call that the host refused or could not carry out. */
export class BridgeError extends Error {
  override name = 'BridgeError';
}
