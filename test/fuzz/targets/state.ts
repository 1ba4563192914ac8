import { TelemetryMixer } from '../../../src/comfy/machine/telemetry-mixer.ts';
import { redactionOf } from '../../../src/comfy/rest/redaction.ts';
import { eventsBy } from '../../../src/comfy/testing/decoding.ts';
import { decodeBinary } from '../../../src/comfy/wire/decode-binary.ts';
import { decodeMessage } from '../../../src/comfy/wire/decode-message.ts';
import { decodeHistory } from '../../../src/comfy/wire/entries/decode-history.ts';
import { decodeJobs } from '../../../src/comfy/wire/entries/decode-jobs.ts';
import { decodeQueue } from '../../../src/comfy/wire/entries/decode-queue.ts';
import { decodeSystemStats } from '../../../src/comfy/wire/system-stats.ts';
import { defaultPreferences } from '../../../src/contract/preferences.ts';
import { type MonitorEvent, monitorEventSchema } from '../../../src/domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../../../src/domain/monitor-state.ts';
import { type Announcer, announce, newAnnouncer } from '../../../src/domain/news/announcer.ts';
import { emptyLedger } from '../../../src/domain/news/prompt-ledger.ts';
import { reduce } from '../../../src/domain/reduce.ts';
import { testServer } from '../../../src/domain/testing/builders.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { historyEntry, job, message, promptId, queueItem } from '../comfy-grammar.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { mutateJson, secret } from '../mutations.ts';
import { recordedAnswers, recordedFrames } from '../recordings.ts';
import { checkCrossing, checkServer, checkWords, stepsBetween } from '../state-check.ts';
import { bytesFrame, textFrame } from './messages.ts';

const start = 1_800_000_000_000;
const hostTime = (time: number): number => time;
const redaction = redactionOf({ authorization: `Bearer ${secret}` });
/** New parts of the state that one event may need, beside those that it brings itself. */
const mostSteps = 6_000;

/** Characters of a notification, title and body together. */
const longestNotification = 2_000;
/** Somebody who wants to hear of everything. */
const curious = {
  ...defaultPreferences,
  notifications: { ...defaultPreferences.notifications, interrupted: true, queueEmpty: true },
  alerts: { ...defaultPreferences.alerts, gpuTemperatureC: 40, vramPercent: 50 },
};

/** From frames and answers to the state of a page, in whatever order they come. */
export const stateTarget: FuzzTarget = {
  name: 'message-to-state',
  share: 24,
  attempt(chance) {
    const walk = new Walk();
    const recorded = chance.chance(0.4) ? recordedFrames : [];
    const from = chance.below(recorded.length + 1);
    const length = 1 + chance.below(chance.chance(0.1) ? 60 : 14);
    for (let index = 0; index < length; index += 1) {
      const frame = recorded[from + index];
      if (frame !== undefined && chance.chance(0.8)) walk.frame(frame, index, chance);
      else if (chance.chance(0.25)) walk.take(answerEvent(chance, start + index * 100));
      else if (chance.chance(0.15)) walk.frame(bytesFrame(chance), index, chance);
      else walk.frame(textFrame(chance), index, chance);
    }
    walk.end();
  },
};

/** So many prompts, nodes, outputs and words that every bound is met; events cost what the first ones cost. */
export const floodTarget: FuzzTarget = {
  name: 'flood-to-state',
  share: 0.06,
  attempt(chance) {
    const walk = new Walk();
    const count = 100 + chance.below(chance.chance(0.2) ? 900 : 300);
    const prompts = chance.pick([1, 3, 1_000]);
    const long = 'ä'.repeat(chance.pick([1, 200, 9_000]));
    for (let index = 0; index < count; index += 1) {
      const id = `${chance.below(prompts)}-${prompts === 1 ? '' : long.slice(0, 180)}`;
      const node = chance.chance(0.5) ? `${index}` : `${index}${long.slice(0, 150)}`;
      const data = floodData(chance, id, node, long);
      if (data) walk.frame(JSON.stringify(data), index, chance);
      else walk.take(floodAnswer(chance, id, index, long));
      if (index % 50 === 0) walk.check();
    }
    walk.end();
  },
};

function floodData(chance: Seeded, id: string, node: string, long: string): object | null {
  const data = { prompt_id: id, node, display_node: node };
  const many = (make: (index: number) => unknown): unknown[] =>
    Array.from({ length: 1 + chance.below(60) }, (_, n) => make(n));
  switch (chance.below(9)) {
    case 0:
      return { type: 'execution_cached', data: { ...data, nodes: many((n) => `${node}c${n}`) } };
    case 1: {
      const images = many((n) => ({ filename: `${node}${n}.png`, subfolder: '', type: 'output' }));
      return { type: 'executed', data: { ...data, output: { images, text: many((n) => `${n}${long}`) } } };
    }
    case 2:
      return {
        type: 'execution_error',
        data: { ...data, exception_message: long, traceback: many(() => long) },
      };
    case 3:
      return { type: 'execution_success', data };
    case 4:
      return { type: 'notification', data: { value: `${node} ${long}` } };
    case 5: {
      const state = chance.pick(['running', 'finished']);
      const nodes = many((n) => [
        `${node}s${n}`,
        { value: n, max: 9, state, node_id: `${node}s${n}`, prompt_id: id },
      ]);
      return {
        type: 'progress_state',
        data: { prompt_id: id, nodes: Object.fromEntries(nodes.map((entry) => listed(entry))) },
      };
    }
    case 6:
      return null;
    default:
      return { type: 'executing', data };
  }
}

function listed(entry: unknown): [string, unknown] {
  return Array.isArray(entry) ? [String(entry[0]), entry[1]] : ['', entry];
}

function floodAnswer(chance: Seeded, id: string, index: number, long: string): MonitorEvent | null {
  const at = start + index * 100;
  if (chance.chance(0.5)) {
    const entries = decodeHistory({ [id]: historyEntry(chance, id) }, at, hostTime) ?? [];
    return { type: 'history_read', serverId: testServer.id, at, entries };
  }
  const pending = Array.from({ length: 1 + chance.below(80) }, (_, n) =>
    queueItem(chance, `${id.slice(0, 100)}q${index}-${n}${long.slice(0, 20)}`),
  );
  const queue = decodeQueue({ queue_running: [], queue_pending: pending }, hostTime);
  return (
    queue && {
      type: 'queue_read',
      serverId: testServer.id,
      at,
      running: queue.running,
      pending: queue.pending,
    }
  );
}

/** An event as it comes of an answer over REST. */
function answerEvent(chance: Seeded, at: number): MonitorEvent | null {
  const about = { serverId: testServer.id, at };
  const ids = Array.from({ length: chance.below(4) }, () => promptId(chance));
  const maybe = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(chance.chance(0.3) ? mutateJson(chance, value) : value));
  switch (chance.below(5)) {
    case 0: {
      const items = ids.map((id) => queueItem(chance, id));
      const queue = decodeQueue(
        maybe({ queue_running: items.slice(0, 1), queue_pending: items.slice(1) }),
        hostTime,
      );
      return queue && { ...about, type: 'queue_read', running: queue.running, pending: queue.pending };
    }
    case 1: {
      const entries = Object.fromEntries(ids.map((id) => [id, historyEntry(chance, id)]));
      const answer = chance.chance(0.2) ? recordedAnswers.get('/history') : entries;
      return { ...about, type: 'history_read', entries: decodeHistory(maybe(answer), at, hostTime) ?? [] };
    }
    case 2: {
      const jobs = decodeJobs(maybe({ jobs: ids.map((id) => job(chance, id)) }), hostTime);
      return jobs && { ...about, type: 'queue_read', running: jobs.running, pending: jobs.pending };
    }
    case 3: {
      const stats = decodeSystemStats(maybe(recordedAnswers.get('/system_stats')), at);
      const mixed = stats && new TelemetryMixer().take('system_stats', stats.reading);
      return mixed && { ...about, type: 'telemetry_sampled', ...mixed };
    }
    default:
      return chance.chance(0.5)
        ? {
            ...about,
            type: 'prompt_vanished',
            promptId: promptId(chance),
            fate: chance.pick(['cancelled', 'lost', 'ended']),
          }
        : { ...about, type: 'prompt_requeued', promptId: promptId(chance) };
  }
}

/** A host's state and that of a page, side by side. */
class Walk {
  #state: MonitorState;
  #page: MonitorState;
  readonly #fractions = new Map<string, number>();
  readonly #told = eventsBy();
  #announcer: Announcer = newAnnouncer(emptyLedger);

  constructor() {
    const about = { serverId: testServer.id, at: start };
    const events: MonitorEvent[] = [
      { ...about, type: 'server_added', server: testServer },
      { ...about, type: 'connection_changed', connection: { phase: 'connected', since: start } },
    ];
    this.#state = events.reduce(reduce, emptyState);
    this.#page = this.#state;
  }

  frame(frame: string | Buffer, index: number, chance: Seeded): void {
    const source = {
      serverId: testServer.id,
      at: start + index * 100,
      hostTime,
      textsNamePrompts: chance.chance(0.5),
    };
    if (typeof frame === 'string') this.take(this.#told(decodeMessage(frame, source).event));
    else {
      const { event, preview } = decodeBinary(frame, source);
      this.take(event);
      if (preview) {
        const { promptId, nodeId } = preview;
        this.take({
          type: 'preview_received',
          serverId: testServer.id,
          at: source.at,
          promptId,
          nodeId,
          revision: index,
        });
      }
    }
  }

  take(told: MonitorEvent | null): void {
    if (!told) return;
    const event = redaction.event(told);
    const before = this.#state;
    this.#state = reduce(before, event);
    const arrived = monitorEventSchema.parse(JSON.parse(JSON.stringify(event)));
    this.#page = reduce(this.#page, arrived);
    const steps = stepsBetween(before, this.#state);
    const brought = stepsBetween(null, event);
    mustHold(steps <= mostSteps + 40 * brought, `${steps} steps for an event of ${brought}`, event);
    this.#checkFractions();
    this.#announce(before, event.at);
  }

  #announce(before: MonitorState, now: number): void {
    const about = { now, preferences: curious, focused: false, pausedUntil: null, minuteOfDay: 0 };
    const { announcer, announcements } = announce(this.#announcer, before, this.#state, about);
    this.#announcer = announcer;
    for (const { title, body } of announcements) {
      checkWords([title, body], 'a notification');
      const length = title.length + body.length;
      mustHold(length <= longestNotification, `a notification of ${length} characters`, title);
    }
  }

  /** A bar that goes back says that work was lost. */
  #checkFractions(): void {
    const [server] = this.#state.servers;
    for (const running of server?.running.slice(0, 3) ?? []) {
      const key = `${running.promptId} ${running.run}`;
      const fraction = running.reached?.fraction ?? 0;
      mustHold(fraction >= (this.#fractions.get(key) ?? 0), 'the progress of a run went back', running);
      this.#fractions.set(key, fraction);
    }
  }

  check(): void {
    for (const server of this.#state.servers) checkServer(server);
  }

  end(): void {
    this.check();
    checkCrossing(this.#state);
    mustHold(
      JSON.stringify(this.#state) === JSON.stringify(this.#page),
      'a page that shows something else than its host',
    );
  }
}

/** One message of the grammar, for those who need no more. */
export function plainEvent(chance: Seeded, index: number): MonitorEvent | null {
  const source = { serverId: testServer.id, at: start + index * 100, hostTime };
  return eventsBy()(decodeMessage(JSON.stringify(message(chance)), source).event);
}
