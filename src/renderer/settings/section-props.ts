import type { HostInfo } from '../../contract/host-info.ts';
import type { PreferenceChanges, Preferences } from '../../contract/preferences.ts';

/** What every section of the settings gets. */
export interface SectionProps {
  preferences: Preferences;
  host: HostInfo;
  /** Applies at once; a failure is shown below. */
  change: (changes: PreferenceChanges) => void;
  /** Shows what else did not work. */
  fail: (cause: unknown) => void;
}
