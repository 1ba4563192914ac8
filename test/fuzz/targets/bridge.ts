import { isDeepStrictEqual } from 'node:util';
import { BridgeError, callReplySchema } from '../../../src/contract/bridge/bridge.ts';
import { createBridgeClient } from '../../../src/contract/bridge/bridge-client.ts';
import { answerCalls } from '../../../src/contract/bridge/bridge-host.ts';
import { calls, isCall } from '../../../src/contract/bridge/calls.ts';
import { type PushName, pushes } from '../../../src/contract/bridge/pushes.ts';
import { defaultPreferences } from '../../../src/contract/preferences.ts';
import { handlersThat } from '../../../src/contract/testing/call-handlers.ts';
import { desktopHost } from '../../../src/contract/testing/hosts.ts';
import type { MonitorEvent } from '../../../src/domain/monitor-event.ts';
import type { MonitorState } from '../../../src/domain/monitor-state.ts';
import { createMonitorStore } from '../../../src/domain/store.ts';
import { event, stateAfter } from '../../../src/domain/testing/builders.ts';
import { followHost } from '../../../src/renderer/session/link/follow-host.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { anyJson, mutateJson, mutateText, oddLeaf } from '../mutations.ts';
import { plainEvent } from './state.ts';

const details = {
  color: 'blue',
  authentication: { kind: 'header', name: 'X-Key', more: ['X-Other'] },
  secret: 'abc',
  moreSecrets: [null],
  certificate: null,
  outputFolder: '/out',
};
const file = { filename: 'a.png', subfolder: 'b', type: 'output' };
const about = { serverId: 's', promptId: 'p1' };

/** Requests as a page sends them. */
const requests: readonly unknown[] = [
  undefined,
  null,
  { visible: true },
  { serverId: 's' },
  { url: 'http://127.0.0.1:8188', name: 'x', details },
  { serverId: 's', url: 'https://x/y', name: 'n', enabled: false, details },
  { serverId: 's', index: 2 },
  { serverId: null, url: 'http://x', details },
  { current: '/out' },
  { ...about, file },
  { ...about, file, nodeId: '9' },
  { ...about, promptIds: ['p1', 'p2'] },
  { notifications: { finished: false }, charts: { window: '1h' }, cacheMebibytes: 100 },
  { until: 1_800_000_000_000 },
  { id: 'x' },
  { serverId: 's', path: '/comfy/custom_nodes' },
  { serverId: 's', on: true },
  { message: 'TypeError', stack: 'at x' },
];

const snapshot = {
  sequence: 3,
  now: 5_000,
  state: stateAfter(event(1, 'queue_length_changed', { length: 2 })),
  host: desktopHost,
  notices: [{ id: 'n', level: 'info', what: 'What', why: null, next: null }],
  preferences: defaultPreferences,
  notificationsPausedUntil: null,
};

const callNames = namesOf(calls);
const pushNames = namesOf(pushes);

const pushed: Record<PushName, unknown> = {
  events: { first: 4, last: 4, events: [event(2, 'queue_length_changed', { length: 3 })] },
  host: desktopHost,
  notices: snapshot.notices,
  preferences: defaultPreferences,
  notificationsPaused: { until: null },
  showJob: about,
  showSettings: undefined,
  showWall: undefined,
  downloads: [{ id: 'd', filename: 'a.png', received: 1, total: null }],
};

/** What a handler may throw. */
const causes: readonly [unknown, ...unknown[]] = [
  new BridgeError('No such server.'),
  new Error('inside'),
  null,
  'text',
  Object.create(null),
  {
    toString() {
      throw new Error('no text');
    },
  },
];

/** From the page: every request is answered in the agreed form, and no handler sees one that is not as agreed. */
export const callsTarget: FuzzTarget = {
  name: 'bridge-calls',
  share: 8,
  async attempt(chance) {
    const name = chance.chance(0.9) ? chance.pick(callNames) : oddLeaf(chance);
    const request = changed(chance, requests[chance.below(requests.length)]);
    const cause = chance.pick(causes);
    const heard: unknown[] = [];
    const answer = answerCalls(
      handlersThat((given) => {
        heard.push(given);
        throw cause;
      }),
      () => {},
    );
    const reply = callReplySchema.parse(JSON.parse(JSON.stringify(await answer(name, request))));
    mustHold(!reply.ok, 'a reply without an answer', reply);
    mustHold(reply.message.length > 0 && reply.message.length < 200, 'a long refusal', reply.message);
    for (const given of heard) {
      mustHold(isCall(name) && calls[name].request.safeParse(given).success, 'not as agreed', given);
      mustHold((JSON.stringify(given) ?? '').length <= 250_000, 'a request without bounds', given);
    }
  },
};

/** From the host: whatever arrives, a page hears what is as agreed, or a refusal in few words. */
export const pushesTarget: FuzzTarget = {
  name: 'bridge-pushes',
  share: 8,
  async attempt(chance) {
    let deliver: (name: string, payload: unknown) => void = () => {};
    const value = changed(chance, chance.chance(0.7) ? snapshot : { serverId: 's', text: 'x' });
    const reply = chance.chance(0.8) ? { ok: true, value } : changed(chance, { ok: false, message: 'no' });
    const problems: string[] = [];
    const bridge = createBridgeClient(
      {
        call: async () => reply,
        onPush(listener) {
          deliver = listener;
          return () => {};
        },
      },
      (problem) => problems.push(problem),
    );
    const name = chance.pick<'getSnapshot' | 'startDemo' | 'getDiagnostics' | 'openLogs'>([
      'getSnapshot',
      'startDemo',
      'getDiagnostics',
      'openLogs',
    ]);
    const request = bridge.call(name, undefined);
    await request.then(
      (given) => calls[name].response.parse(given),
      (cause: unknown) => mustHold(cause instanceof BridgeError, `rejected with ${String(cause)}`),
    );
    const push = chance.pick(pushNames);
    bridge.on(push, (payload) => void pushes[push].parse(payload));
    deliver(chance.chance(0.05) ? 'nonsense' : push, changed(chance, pushed[push]));
    for (const problem of problems)
      mustHold(problem.length <= 500, `a report of ${problem.length} characters`, problem);
  },
};

/** A page whose way to the host loses, doubles, reorders and damages batches shows in the end what the host has. */
export const pageTarget: FuzzTarget = {
  name: 'page-follows',
  share: 3,
  async attempt(chance) {
    const host = createMonitorStore(stateAfter());
    let sequence = 0;
    let deliver: (name: string, payload: unknown) => void = () => {};
    let isSound = false;
    const bridge = createBridgeClient(
      {
        async call() {
          if (!isSound && chance.chance(0.2)) return { ok: false, message: 'later' };
          const value = { ...snapshot, sequence, state: host.getState() };
          return { ok: true, value: JSON.parse(JSON.stringify(isSound ? value : changed(chance, value))) };
        },
        onPush(listener) {
          deliver = listener;
          return () => {};
        },
      },
      () => {},
    );
    const page = createMonitorStore();
    const following = followHost(
      bridge,
      page,
      () => {},
      () => {},
    );
    const waiting: unknown[] = [];
    const tell = (events: MonitorEvent[]): void => {
      const first = sequence + 1;
      sequence += events.length;
      host.apply(events);
      waiting.push({ first, last: sequence, events });
    };
    for (let index = 0; index < 12; index += 1) {
      const events = Array.from({ length: 1 + chance.below(3) }, () => plainEvent(chance, index)).filter(
        (made) => made !== null,
      );
      if (events.length > 0) tell(events);
      if (chance.chance(0.2)) waiting.shift();
      if (chance.chance(0.2) && waiting.length > 1) waiting.reverse();
      while (waiting.length > 0 && chance.chance(0.7)) {
        const batch = waiting.shift();
        deliver(
          'events',
          JSON.parse(JSON.stringify(chance.chance(0.1) ? mutateJson(chance, batch) : batch)) ?? null,
        );
        if (chance.chance(0.1)) deliver('events', batch);
      }
      await settled();
    }
    // What was damaged so that it looks sound cannot be known: the way was interrupted, and the page starts anew.
    isSound = true;
    following.refresh();
    await settled();
    const more = plainEvent(chance, 99);
    if (more) tell([more]);
    for (const batch of waiting) deliver('events', batch);
    await settled();
    following.stop();
    mustHold(
      isDeepStrictEqual(plain(page.getState()), plain(host.getState())),
      'the page shows something else',
    );
  },
};

/** Until everything that waits for nothing but its turn had it. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** As it may arrive: in most cases changed. */
function changed(chance: Seeded, value: unknown): unknown {
  const kind = chance.below(10);
  if (kind < 3) return value;
  if (kind === 3) return anyJson(chance, 4);
  if (kind === 4) return readable(mutateText(chance, JSON.stringify(value) ?? ''));
  return mutateJson(chance, value);
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The names in a table of the bridge, of which it has at least one. */
function namesOf<T extends object>(table: T): [keyof T & string, ...(keyof T & string)[]] {
  const names: (keyof T & string)[] = [];
  for (const name in table) names.push(name);
  const [first, ...others] = names;
  if (first === undefined) throw new Error('an empty table');
  return [first, ...others];
}

/** A state as it crosses to a page, in which the order of an object's fields says nothing. */
function plain(state: MonitorState): unknown {
  return JSON.parse(JSON.stringify(state));
}
