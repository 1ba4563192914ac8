import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallName } from '../../contract/bridge/calls.ts';
import { calls } from '../../contract/bridge/calls.ts';
import type { PushName } from '../../contract/bridge/pushes.ts';
import type { HostInfo } from '../../contract/host-info.ts';
import type { Notice } from '../../contract/notice.ts';
import { defaultPreferences, type Preferences } from '../../contract/preferences.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { desktopHost } from '../../contract/testing/hosts.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../../domain/monitor-state.ts';
import { reduce } from '../../domain/reduce.ts';
import type { LinkState, LinkTransport } from '../session/link/link-transport.ts';

type Answer = (request: unknown) => unknown;

export interface FakeHostOptions {
  state?: MonitorState;
  host?: HostInfo;
  notices?: Notice[];
  preferences?: Preferences;
  notificationsPausedUntil?: number;
  /** What calls are answered with; throw a `BridgeError` to refuse. */
  answers?: Partial<Record<CallName, Answer>>;
}

/** The other end of the bridge: what the page is told, and what it asked for. */
export interface FakeHost {
  readonly transport: LinkTransport;
  /** Every call but those that the page makes by itself: for snapshots, and for servers to offer. */
  readonly asked: { name: CallName; request: unknown }[];
  /** Lets events happen: the page hears of them as of a real host's. */
  happen(...events: MonitorEvent[]): void;
  push(name: PushName, payload: unknown): void;
  link(state: LinkState): void;
}

export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const pushListeners = new Set<(name: string, payload: unknown) => void>();
  const linkListeners = new Set<(state: LinkState) => void>();
  const asked: FakeHost['asked'] = [];
  let state = options.state ?? emptyState;
  let sequence = 0;

  function answer(name: CallName, request: unknown): unknown {
    if (name === 'getSnapshot') {
      const { host = desktopHost, notices = [], preferences = defaultPreferences } = options;
      const { notificationsPausedUntil = null } = options;
      return {
        sequence,
        now: Date.now(),
        state,
        host,
        notices,
        preferences,
        notificationsPausedUntil,
      } satisfies Snapshot;
    }
    const checked = calls[name].request.parse(request);
    if (name === 'findServers') return options.answers?.findServers?.(checked) ?? [];
    asked.push({ name, request: checked });
    return options.answers?.[name]?.(request);
  }

  function push(name: PushName, payload: unknown): void {
    for (const listener of pushListeners) listener(name, payload);
  }

  return {
    asked,
    transport: {
      async call(name, request) {
        try {
          return { ok: true, value: await answer(name, request) };
        } catch (cause) {
          if (cause instanceof BridgeError) return { ok: false, message: cause.message };
          throw cause;
        }
      },
      onPush(listener) {
        pushListeners.add(listener);
        return () => pushListeners.delete(listener);
      },
      onLink(listener) {
        linkListeners.add(listener);
        return () => linkListeners.delete(listener);
      },
    },
    happen(...events) {
      const first = sequence + 1;
      sequence += events.length;
      state = events.reduce(reduce, state);
      push('events', { first, last: sequence, events });
    },
    push,
    link(next) {
      for (const listener of linkListeners) listener(next);
    },
  };
}
