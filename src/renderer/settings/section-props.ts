import type { HostInfo } from '../../contract/host-info.ts';
import type { PreferenceChanges, Preferences } from '../../contract/preferences.ts';
import type { Host } from '../session/use-host.ts';

/** What every section of the settings gets. Also of what it asks the host for, a failure is shown below. */
export interface SectionProps extends Pick<Host, 'ask' | 'attempt'> {
  preferences: Preferences;
  host: HostInfo;
  /** Applies at once; a failure is shown below. */
  change: (changes: PreferenceChanges) => void;
}
