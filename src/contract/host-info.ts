import { z } from 'zod';

/** What only a host with a desktop can do. Each of them opens files, shows its logs, and has a small window. */
const desktopAbilitiesSchema = z.object({
  /** The host itself shows native notifications. */
  notifies: z.boolean(),
  /**
   * Passwords and tokens are kept in the system's key store; otherwise only until the host ends. Null while
   * that is not known: a key store that was not needed yet is not opened.
   */
  keepsSecrets: z.boolean().nullable(),
  /** The system can start the app at login. */
  startsAtLogin: z.boolean(),
  /** The app can look for new versions, and tell of them at least. */
  findsUpdates: z.boolean(),
  /** The app can replace itself by a new version. */
  updatesItself: z.boolean(),
  /** The system says whether another program has a shortcut, and gives one back; Wayland does neither. */
  ownsShortcut: z.boolean(),
});
export type DesktopAbilities = z.infer<typeof desktopAbilitiesSchema>;

/** What this host is and can do; the page offers only what its host is capable of. */
export const hostInfoSchema = z.object({
  appVersion: z.string(),
  /** As Node names it. */
  platform: z.string(),
  /** What the app runs on, for people: `Electron 45.4.1, Chromium …, Node …`. */
  runsOn: z.string().optional(),
  /** Null for a host without a desktop, whose pages are tabs of a browser. */
  desktop: desktopAbilitiesSchema.nullable(),
  /** Where the page finds media, without a trailing slash; see `mediaUrl`. */
  mediaBase: z.string(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;
