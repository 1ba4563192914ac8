import type { MediaFile } from '../outputs/executed-output.ts';

/** Something to tell the user, by whatever the platform has for that. */
export interface Announcement {
  /** Names what it is about; a later one of the same tag may take its place. */
  tag: string;
  title: string;
  body: string;
  /** Stays until it is seen, where the platform can tell. */
  urgent: boolean;
  /** What a click brings into view; null for the window as it is. */
  job: { serverId: string; promptId: string } | null;
  /** An output of `job` that can be opened from it. */
  file: MediaFile | null;
  /** Shown with it where the platform can: the first image that came out. */
  picture: MediaFile | null;
}

/** One that is about no job. */
export function plainAnnouncement(tag: string, title: string, body: string): Announcement {
  return { tag, title, body, urgent: false, job: null, file: null, picture: null };
}

/** One that the user should see before it goes. */
export function warning(tag: string, title: string, body: string): Announcement {
  return { ...plainAnnouncement(tag, title, body), urgent: true };
}
