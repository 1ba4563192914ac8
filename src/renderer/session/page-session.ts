import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Attention } from '../../contract/attention.ts';
import type { Bridge } from '../../contract/bridge/bridge.ts';
import { createBridgeClient } from '../../contract/bridge/bridge-client.ts';
import type { Download } from '../../contract/download.ts';
import type { HostInfo } from '../../contract/host-info.ts';
import type { Notice } from '../../contract/notice.ts';
import { defaultPreferences, type PreferenceChanges, type Preferences } from '../../contract/preferences.ts';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { createMonitorStore, type MonitorStore } from '../../domain/store.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { doublingWait } from '../../domain/values/doubling-wait.ts';
import { hearHostTime } from '../ui/clock.ts';
import { followHost } from './link/follow-host.ts';
import type { LinkTransport } from './link/link-transport.ts';
import { createErrorReports } from './page-errors.ts';
import { createPreferenceChanges } from './preference-changes.ts';

/** Waits before a host that gave no snapshot is asked again, ms: they double from the first to the longest. */
const retryWaits = { first: 1_000, longest: 30_000 };

/** What the page knows besides the monitored state. */
export interface PageState {
  /** `starting` until the first snapshot, `lost` while the host cannot be reached. */
  link: 'starting' | 'linked' | 'lost';
  host: HostInfo | null;
  notices: Notice[];
  preferences: Preferences;
  /** Ms since the epoch; null when notifications are not paused. */
  notificationsPausedUntil: number | null;
  /** The job that the host asked to bring into view last; a new object for every request. */
  wantedJob: { serverId: string; promptId: string } | null;
  /** The host asked to show the settings; a new object for every request. */
  wantedSettings: object | null;
  /** The host asked for the wall mode; a new object for every request. */
  wantedWall: object | null;
  /** The output that was asked for elsewhere than in the gallery; a new object for every request. */
  wantedOutput: { serverId: string; promptId: string; output: ExecutedOutput } | null;
  /** Copies of outputs on their way to this computer, as far as they take their time. */
  downloads: Download[];
}

/** Everything the views work with. */
export interface PageSession {
  readonly monitor: MonitorStore;
  readonly page: StoreApi<PageState>;
  readonly bridge: Bridge;
  /** Changes show before the host has confirmed them, and are taken back if it never got them. Rejects then. */
  changePreferences(changes: PreferenceChanges): Promise<void>;
  /** Tells the host how the page is looked at. */
  setAttention(attention: Attention): void;
  /** Reports a failure in the page to the host, each only once. */
  reportError(cause: unknown): void;
}

/** Connects a page to its host and keeps it connected. */
export function startPageSession(transport: LinkTransport, report: (problem: string) => void): PageSession {
  const monitor = createMonitorStore();
  const page = createStore<PageState>(() => ({
    link: 'starting',
    host: null,
    notices: [],
    preferences: defaultPreferences,
    notificationsPausedUntil: null,
    wantedJob: null,
    wantedSettings: null,
    wantedWall: null,
    wantedOutput: null,
    downloads: [],
  }));
  const bridge = createBridgeClient(transport, report);
  const preferenceChanges = createPreferenceChanges(defaultPreferences, (preferences) =>
    page.setState({ preferences }),
  );
  let attention: Attention = 'focused';
  let broken = false;

  const lost = () => page.setState({ link: 'lost', downloads: [] });
  const tellAttention = () => {
    // Not worth a word if it fails: the host is gone, which shows elsewhere.
    bridge.call('setAttention', { attention }).catch(() => {});
  };
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const following = followHost(
    bridge,
    monitor,
    ({ preferences, ...change }) => {
      failures = 0;
      if (preferences) preferenceChanges.receive(preferences);
      page.setState({ link: 'linked', ...change });
    },
    (cause) => {
      report(`no snapshot: ${causeText(cause)}`);
      lost();
      // Whether or not the link breaks, too: what failed once may do the next time.
      clearTimeout(retry);
      retry = setTimeout(() => following.refresh(), doublingWait(failures, retryWaits));
      failures += 1;
    },
    hearHostTime,
  );
  transport.onLink((state) => {
    if (state === 'lost') {
      broken = true;
      lost();
    } else if (state === 'open' && broken) {
      broken = false;
      clearTimeout(retry);
      failures = 0;
      following.refresh();
      if (attention !== 'focused') tellAttention();
    }
  });
  bridge.on('showJob', (wantedJob) => page.setState({ wantedJob }));
  bridge.on('showSettings', () => page.setState({ wantedSettings: {} }));
  bridge.on('showWall', () => page.setState({ wantedWall: {} }));
  bridge.on('downloads', (downloads) => page.setState({ downloads }));

  return {
    monitor,
    page,
    bridge,
    async changePreferences(changes) {
      const settle = preferenceChanges.change(changes);
      try {
        await bridge.call('changePreferences', changes);
        settle(true);
      } catch (cause) {
        // The host says what holds if it got the change and could not write it.
        settle(false);
        throw cause;
      }
    },
    reportError: createErrorReports(bridge),
    setAttention(next) {
      if (next === attention) return;
      attention = next;
      tellAttention();
    },
  };
}
