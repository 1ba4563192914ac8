import type { NewsPreferences } from './news-preferences.ts';

/** What a look at a server depends on besides the server. */
export interface WatchCircumstances {
  /** ms since the epoch, host clock. */
  now: number;
  preferences: NewsPreferences;
  /** False while the user wants no word about anything. */
  audible: boolean;
}
