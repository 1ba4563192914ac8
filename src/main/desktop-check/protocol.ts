/**
 * What `npm run desktop:check` and the app say to each other, over the private channel that Node opens between a
 * process and the one that it starts. The words are few and fixed: nothing here runs what the other side sends,
 * and nothing leads to passwords.
 */
import { z } from 'zod';

/** The two pages that the app can show. */
const checkedPages = ['main', 'mini'] as const;
export type CheckedPage = (typeof checkedPages)[number];

/** What is done to the main window. */
const windowActs = ['show', 'hide', 'close', 'minimise', 'restore', 'mini mode', 'full window'] as const;
export type WindowAct = (typeof windowActs)[number];

/** Ways to quit that need a hand inside; signals come from outside. */
const innerQuits = ['tray command', 'application menu', 'close window', 'while loading'] as const;
export type InnerQuit = (typeof innerQuits)[number];

/** A shortcut that no desktop has by itself. */
export const checkedShortcut = 'Control+Alt+Shift+F9';

/** What is found out in the page, by the name of its probe. Places in a video are s. */
export interface ProbeAnswers {
  /** Comes when the page is painted with its content, as its user sees it. */
  painted: { heading: string };
  thumbnail: { width: number; source: string };
  'view video': { name: string };
  seek: { duration: number; from: number; to: number; ms: number };
  'full screen': { full: boolean; why: string };
  'leave full screen': { full: boolean };
  'leave viewer': { left: boolean };
}
export type ProbeName = keyof ProbeAnswers;
export const probeSchemas: { [N in ProbeName]: z.ZodType<ProbeAnswers[N]> } = {
  painted: z.object({ heading: z.string() }),
  thumbnail: z.object({ width: z.number(), source: z.string() }),
  'view video': z.object({ name: z.string() }),
  seek: z.object({ duration: z.number(), from: z.number(), to: z.number(), ms: z.number() }),
  'full screen': z.object({ full: z.boolean(), why: z.string() }),
  'leave full screen': z.object({ full: z.boolean() }),
  'leave viewer': z.object({ left: z.boolean() }),
};
const probeNames: [ProbeName, ...ProbeName[]] = [
  'painted',
  'thumbnail',
  'view video',
  'seek',
  'full screen',
  'leave full screen',
  'leave viewer',
];

export const orderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('look') }),
  z.object({ do: z.literal('capture'), page: z.enum(checkedPages) }),
  z.object({ do: z.literal('window'), act: z.enum(windowActs) }),
  z.object({ do: z.literal('probe'), probe: z.enum(probeNames), page: z.enum(checkedPages) }),
  z.object({ do: z.literal('shortcut'), wanted: z.boolean() }),
  z.object({ do: z.literal('crash page') }),
  z.object({ do: z.literal('quit'), way: z.enum(innerQuits) }),
]);
export type CheckOrder = z.infer<typeof orderSchema>;
export type OrderName = CheckOrder['do'];
export type OrderOf<K extends OrderName> = Extract<CheckOrder, { do: K }>;

/** An order on its way, numbered for its answer. */
export const sentOrderSchema = z.object({ id: z.number(), order: orderSchema });

/** A process of the app as Electron's `app.getAppMetrics` has it. */
const processLook = z.object({
  pid: z.number(),
  type: z.string(),
  name: z.string().nullable(),
  /** Only Windows and macOS tell. */
  sandboxed: z.boolean().nullable(),
  integrityLevel: z.string().nullable(),
  /** Seconds of processor time since its start; null where this Electron does not tell. */
  cpuSeconds: z.number().nullable(),
  /** Memory that is its own, or else all that it has in RAM, bytes. */
  memory: z.number(),
});

const lookSchema = z.object({
  versions: z.object({ app: z.string(), electron: z.string(), chromium: z.string(), node: z.string() }),
  isPackaged: z.boolean(),
  processes: z.array(processLook),
  /** What Chromium lets the GPU do, for example `gpu_compositing: enabled`. */
  gpuFeatures: z.record(z.string(), z.string()),
  /** Null where this Electron does not say. */
  hardwareAcceleration: z.boolean().nullable(),
  windows: z.array(
    z.object({
      page: z.enum(checkedPages),
      title: z.string(),
      visible: z.boolean(),
      minimised: z.boolean(),
      fullScreen: z.boolean(),
    }),
  ),
  hasTray: z.boolean(),
  /** What the system was told to show in the tray, and how large the icon is there; Linux does not say that. */
  tray: z.object({
    tooltip: z.string(),
    menu: z.array(z.string()),
    bounds: z.object({ width: z.number(), height: z.number() }),
  }),
  shortcutRegistered: z.boolean(),
  /** Where Chromium would keep passwords; null where this Electron or system does not tell. */
  keyStore: z.string().nullable(),
  servers: z.array(z.object({ connected: z.boolean(), queueLength: z.number().nullable() })),
  faults: z.object({
    /** Of the page's Content-Security-Policy. */
    policy: z.array(z.string()),
    page: z.array(z.string()),
    console: z.array(z.string()),
  }),
});
export type CheckLook = z.infer<typeof lookSchema>;

const done = z.object({});

/** What each order is answered with. */
export interface CheckAnswers {
  look: CheckLook;
  capture: { png: string };
  window: z.infer<typeof done>;
  probe: unknown;
  shortcut: { registered: boolean };
  'crash page': z.infer<typeof done>;
  quit: z.infer<typeof done>;
}
export const answerSchemas: { [K in keyof CheckAnswers]: z.ZodType<CheckAnswers[K]> } = {
  look: lookSchema,
  capture: z.object({ png: z.string() }),
  window: done,
  probe: z.unknown(),
  shortcut: z.object({ registered: z.boolean() }),
  'crash page': done,
  quit: done,
};

/** What the app tells by itself. */
const newsSchema = z.discriminatedUnion('news', [
  /** Why it does not let itself be checked; it ends then. */
  z.object({ news: z.literal('refused'), why: z.string() }),
  z.object({ news: z.literal('ready') }),
  z.object({ news: z.literal('started') }),
  z.object({ news: z.literal('page loaded'), page: z.enum(checkedPages) }),
  z.object({ news: z.literal('window shown'), page: z.enum(checkedPages) }),
  z.object({
    news: z.literal('notification'),
    title: z.string(),
    /** Null when it was shown. */
    failure: z.string().nullable(),
  }),
]);
export type CheckNews = z.infer<typeof newsSchema>;

/** Everything that the app sends. */
export const sentByAppSchema = z.union([
  newsSchema,
  z.object({ id: z.number(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(false), message: z.string() }),
]);
export type SentByApp = z.infer<typeof sentByAppSchema>;
