import { z } from 'zod';

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
