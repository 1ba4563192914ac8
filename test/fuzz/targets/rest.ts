import { TelemetryMixer } from '../../../src/comfy/machine/telemetry-mixer.ts';
import { type AnswerName, readBody } from '../../../src/comfy/rest/rest-answers.ts';
import { decodeSystemStats } from '../../../src/comfy/wire/system-stats.ts';
import { objectOf } from '../../../src/comfy/wire/wire-values.ts';
import { jobErrorSchema } from '../../../src/domain/jobs/job.ts';
import { historyEntrySchema, queueEntrySchema } from '../../../src/domain/monitor-event.ts';
import { deviceSchema } from '../../../src/domain/server.ts';
import { machineStateSchema } from '../../../src/domain/telemetry/machine-state.ts';
import { telemetrySampleSchema } from '../../../src/domain/telemetry/telemetry.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { historyEntry, job, queueItem } from '../comfy-grammar.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { anyJson, mutateJson, mutateText } from '../mutations.ts';
import { recordedAnswers } from '../recordings.ts';
import { checkWords } from '../state-check.ts';

const at = 1_800_000_000_000;
const names: readonly [AnswerName, ...AnswerName[]] = [
  'queue',
  'jobs',
  'job',
  'history',
  'entry',
  'workflow',
];

/** A body of any kind, read as an answer of any kind: an answer of the agreed form, or none. */
export const restTarget: FuzzTarget = {
  name: 'rest-answers',
  share: 12,
  attempt(chance) {
    const given = answerOf(chance);
    const changed = chance.chance(0.8) ? mutateJson(chance, given) : anyJson(chance, 4);
    const json = JSON.stringify(changed) ?? '';
    const text = chance.chance(0.3) ? mutateText(chance, json) : json;
    const name = chance.pick(names);
    const reading = readBody(name, { at, clock: [], promptId: 'p1' }, bodyOf(text));
    if (!reading.ok) return;
    const size = JSON.stringify(reading.answer)?.length ?? 0;
    mustHold(size <= 20_000 + 20 * text.length, `${size} characters of ${text.length}`, text);
    checkAnswer(reading.answer);
    const stats = decodeSystemStats(JSON.parse(json || 'null'), at);
    if (!stats) return;
    const mixed = new TelemetryMixer().take('system_stats', stats.reading);
    telemetrySampleSchema.parse(mixed?.sample);
    machineStateSchema.parse(mixed?.machine);
    for (const device of stats.devices) deviceSchema.parse(device);
    checkWords(JSON.parse(withoutSecret(JSON.stringify(stats))), 'system_stats');
  },
};

/** In a list, one entry that is none costs itself alone: all others are read as without it. */
export const oneBadEntryTarget: FuzzTarget = {
  name: 'one-bad-entry',
  share: 6,
  attempt(chance) {
    const ids = Array.from({ length: 2 + chance.below(4) }, (_, index) => `good-${index}`);
    const bad = chance.below(ids.length);
    const nonsense = (good: unknown): unknown => {
      const value = chance.chance(0.5) ? mutateJson(chance, good) : anyJson(chance);
      // An entry that says it is another one is another matter.
      const text = JSON.stringify(value) ?? 'null';
      return text.includes('"good-') ? JSON.parse(text.replaceAll('"good-', '"bad-')) : value;
    };
    const kind = chance.pick<'queue' | 'jobs' | 'history'>(['queue', 'jobs', 'history']);
    const entries = ids.map((id): unknown =>
      kind === 'queue' ? queueItem(chance, id) : kind === 'jobs' ? job(chance, id) : historyEntry(chance, id),
    );
    const broken = entries.with(bad, nonsense(entries[bad]));
    const whole = read(kind, ids, entries);
    const rest = read(kind, ids, broken);
    for (const [index, id] of ids.entries()) {
      if (index === bad) continue;
      const expected = whole.get(id);
      mustHold(expected !== undefined, `${kind}: a good entry was not read`, entries[index]);
      mustHold(rest.get(id) === expected, `${kind}: a bad entry changed a good one`, broken[bad]);
    }
  },
};

/** What is read of each entry, as JSON by its prompt id. */
function read(
  kind: 'queue' | 'jobs' | 'history',
  ids: readonly string[],
  entries: readonly unknown[],
): Map<string, string> {
  const context = { at, clock: [], promptId: '' };
  const body = (value: unknown): ArrayBuffer => bodyOf(JSON.stringify(value));
  const found: { promptId: string }[] = [];
  if (kind === 'queue') {
    const reading = readBody(
      'queue',
      context,
      body({ queue_running: entries.slice(0, 1), queue_pending: entries.slice(1) }),
    );
    if (reading.ok && reading.answer) found.push(...reading.answer.running, ...reading.answer.pending);
  } else if (kind === 'jobs') {
    const reading = readBody('jobs', context, body({ jobs: entries }));
    if (reading.ok && reading.answer)
      found.push(...reading.answer.running, ...reading.answer.pending, ...reading.answer.finished);
  } else {
    const reading = readBody(
      'history',
      context,
      body(Object.fromEntries(ids.map((id, index) => [id, entries[index]]))),
    );
    if (reading.ok && reading.answer) found.push(...reading.answer);
  }
  return new Map(found.map((entry) => [entry.promptId, JSON.stringify(entry)]));
}

function answerOf(chance: Seeded): unknown {
  const recorded = [...recordedAnswers.values()];
  if (chance.chance(0.4)) return recorded[chance.below(recorded.length)];
  const ids = ['p1', 'p2', 'p3'].slice(0, 1 + chance.below(3));
  switch (chance.below(4)) {
    case 0:
      return {
        queue_running: ids.slice(0, 1).map((id) => queueItem(chance, id)),
        queue_pending: ids.slice(1).map((id) => queueItem(chance, id)),
      };
    case 1:
      return { jobs: ids.map((id) => job(chance, id)) };
    case 2:
      return job(chance, 'p1');
    default:
      return Object.fromEntries(ids.map((id) => [id, historyEntry(chance, id)]));
  }
}

/** Of whatever kind it is, everything in it that has a form of its own. */
function checkAnswer(answer: object | null): void {
  if (answer === null) return;
  if (Array.isArray(answer)) for (const entry of answer) historyEntrySchema.parse(entry);
  else {
    const parts = objectOf(answer);
    for (const entry of listOf(parts.running)) queueEntrySchema.parse(entry);
    for (const entry of listOf(parts.pending)) queueEntrySchema.parse(entry);
    for (const entry of listOf(parts.finished)) jobErrorSchema.nullable().parse(objectOf(entry).error);
    if (parts.entry) historyEntrySchema.parse(parts.entry);
    // A workflow is given to people as it is.
    if ('workflow' in parts) return;
  }
  checkWords(JSON.parse(withoutSecret(JSON.stringify(answer))), 'answer');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** That is taken out behind the decoders. */
function withoutSecret(json: string): string {
  return json.replaceAll('hunter2-of-the-proxy', '');
}

function bodyOf(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
