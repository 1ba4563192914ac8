import { defaultPreferences, type Preferences } from '../../../contract/preferences.ts';
import type { MonitorEvent } from '../../monitor-event.ts';
import type { MonitorState } from '../../monitor-state.ts';
import { reduce } from '../../reduce.ts';
import { event, stateAfter } from '../../testing/builders.ts';
import { announce, type Circumstances, ledgerFor, newAnnouncer } from '../announcer.ts';
import { emptyLedger, type PromptLedger } from '../prompt-ledger.ts';

type Wishes = Partial<Preferences['notifications']>;

/** An announcer at work: what happens is told by events, and time passes by hand. */
export function listen(
  state: MonitorState = stateAfter(),
  options: { ledger?: PromptLedger; notifications?: Wishes; alerts?: Partial<Preferences['alerts']> } = {},
) {
  let before = state;
  let announcer = newAnnouncer(options.ledger ?? emptyLedger);
  let about: Omit<Circumstances, 'now'> = {
    preferences: {
      ...defaultPreferences,
      notifications: { ...defaultPreferences.notifications, ...options.notifications },
      alerts: { ...defaultPreferences.alerts, ...options.alerts },
    },
    focused: false,
    pausedUntil: null,
    minuteOfDay: 12 * 60,
  };
  const titles: string[] = [];
  const bodies: string[] = [];
  let again: number | null = null;
  function step(after: MonitorState, now: number): void {
    const next = announce(announcer, before, after, { ...about, now });
    before = after;
    ({ announcer, again } = next);
    titles.push(...next.announcements.map(({ title }) => title));
    bodies.push(...next.announcements.map(({ body }) => body));
  }
  step(state, 0);
  return {
    titles,
    bodies,
    again: () => again,
    happen(...events: MonitorEvent[]) {
      for (const next of events) step(reduce(before, next), next.at);
    },
    /** The page hears all at once from a host. */
    replace: (after: MonitorState, now: number) => step(after, now),
    wait: (now: number) => step(before, now),
    change(part: Partial<Omit<Circumstances, 'now'>>) {
      about = { ...about, ...part };
    },
    close: () => ledgerFor(announcer, before),
  };
}

/** The connection to server `s` is lost, or there again. */
export const lost = (at: number) =>
  event(at, 'connection_changed', {
    connection: {
      phase: 'waiting',
      attempt: 1,
      since: at,
      retryAt: at + 1_000,
      problem: { kind: 'closed', detail: '', status: null },
    },
  });
export const back = (at: number) =>
  event(at, 'connection_changed', { connection: { phase: 'connected', since: at } });
