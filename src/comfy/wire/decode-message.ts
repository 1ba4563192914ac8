import { decodeCompanionTelemetry } from './decode-companion-telemetry.ts';
import { type DecodedMachine, decodeCrystools } from './decode-crystools.ts';
import {
  decodeCached,
  decodeError,
  decodeExecuted,
  decodeExecuting,
  decodeInterrupted,
  decodeProgress,
  decodeProgressState,
  decodeStart,
  decodeSuccess,
} from './decode-execution.ts';
import { decodePlan } from './entries/decode-plan.ts';
import { parseJson } from './json.ts';
import type { MachineMeasured, MessageSource, Reading, WireEvent } from './message-source.ts';
import {
  countOf,
  exactTextOf,
  harmless,
  isObject,
  listOf,
  objectOf,
  textOf,
  type WireObject,
} from './wire-values.ts';

/** A message, or a part of one, that could not be understood. */
export interface Misunderstood {
  /** The message type as far as it could be read; one of a small, fixed set. */
  kind: string;
  /** Its first 200 characters. */
  sample: string;
}

/** What a message says. Both are null for messages that do not concern us. */
export interface Decoded {
  event: WireEvent | null;
  misunderstood: Misunderstood | null;
}

/** Characters of a message that was not understood. */
export const maxSampleLength = 200;

/** Characters; nearly all messages are shorter. */
const shortLength = 8_000;

/**
 * Decodes a text frame: `{"type": string, "data": object}`. Never throws. Types that we do not know are
 * other people's business (extensions send what they like) and are ignored without a word.
 */
export function decodeMessage(text: string, source: MessageSource): Decoded {
  // What is not needed here is not worth reading where it is long; short ones are read as fast as looked at.
  if (text.length > shortLength && isUnknown(text)) return ignored;
  let message: unknown;
  try {
    message = parseJson(text);
  } catch {
    return isUnknown(text) ? ignored : misunderstood('not JSON', text);
  }
  if (!isObject(message) || typeof message.type !== 'string') return misunderstood('no type', text);
  const { type } = message;
  const decode = decoders.get(type);
  if (!decode) return ignored;
  const reading = isObject(message.data) ? decode(message.data, source) : 'misunderstood';
  if (reading === 'nothing') return ignored;
  if (reading === 'misunderstood') return misunderstood(type, text);
  return 'partly' in reading
    ? { ...misunderstood(type, text), event: reading.partly }
    : { event: reading, misunderstood: null };
}

function isUnknown(text: string): boolean {
  const type = typeOf(text);
  return type !== null && !decoders.has(type);
}

/** The type as it stands in front, as ComfyUI puts it; null where that does not say it. */
function typeOf(text: string): string | null {
  return /^\s{0,20}\{\s{0,20}"type"\s{0,20}:\s{0,20}"([^"\\]{1,200})"/.exec(text)?.[1] ?? null;
}

const decoders: ReadonlyMap<string, (data: WireObject, source: MessageSource) => Reading> = new Map([
  ['status', decodeStatus],
  ['execution_start', decodeStart],
  ['execution_cached', decodeCached],
  ['executing', decodeExecuting],
  ['progress', decodeProgress],
  ['progress_state', decodeProgressState],
  ['executed', decodeExecuted],
  ['execution_success', decodeSuccess],
  ['execution_error', decodeError],
  ['execution_interrupted', decodeInterrupted],
  ['crystools.monitor', decodeTelemetry],
  ['feature_flags', decodeFeatureFlags],
  ['logs', decodeLogs],
  ['notification', decodeNotification],
  ['comfy_monitor.plan', decodePlan],
  ['comfy_monitor.telemetry', decodeOwnTelemetry],
]);

/** `status {status: {exec_info: {queue_remaining}}, sid?}`: running and pending prompts together. */
function decodeStatus(data: WireObject, { serverId, at }: MessageSource): Reading {
  const length = countOf(objectOf(objectOf(data.status).exec_info).queue_remaining);
  return length === null ? 'misunderstood' : { type: 'queue_length_changed', serverId, at, length };
}

function decodeTelemetry(data: WireObject, { at }: MessageSource): Reading {
  return measuredBy('crystools', decodeCrystools(data, at));
}

function decodeOwnTelemetry(data: WireObject, { at }: MessageSource): Reading {
  return measuredBy('companion', decodeCompanionTelemetry(data, at));
}

function measuredBy(source: MachineMeasured['source'], decoded: DecodedMachine | null): Reading {
  if (!decoded) return 'misunderstood';
  const event: MachineMeasured = { type: 'machine_measured', source, reading: decoded.reading };
  return decoded.complete ? event : { partly: event };
}

/** The server's answer to our flags; none of its flags changes what we do so far. */
function decodeFeatureFlags(): Reading {
  return 'nothing';
}

/** Entries of one message that are read, and characters of each; then characters of a line. */
const maxLogEntries = 200;
const maxLogEntry = 5_000;
const maxLogLine = 500;

/** `logs {entries: [{t, m}], size}`: terminal output, colours and progress bars included. */
function decodeLogs(data: WireObject, { serverId, at }: MessageSource): Reading {
  if (!Array.isArray(data.entries)) return 'misunderstood';
  const lines = listOf(data.entries.slice(-maxLogEntries), maxLogEntries).flatMap((entry) =>
    logLines(exactTextOf(objectOf(entry).m, maxLogEntry) ?? ''),
  );
  if (lines.length === 0) return 'nothing';
  return { type: 'log_lines_received', serverId, at, lines: lines.slice(-maxLogEntries) };
}

function logLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => harmless(lastDrawn(line.trimEnd()), maxLogLine))
    .filter((line) => line !== '');
}

/** A progress bar redraws its line after each carriage return. */
function lastDrawn(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1);
}

/** `notification {value, id?}`: a word from the server or an extension to people. */
function decodeNotification(data: WireObject, { serverId, at }: MessageSource): Reading {
  const text = textOf(data.value, 2_000);
  return text === null ? 'misunderstood' : { type: 'notification_received', serverId, at, text };
}

const ignored: Decoded = { event: null, misunderstood: null };

function misunderstood(kind: string, text: string): Decoded {
  return { event: null, misunderstood: { kind, sample: harmless(text, maxSampleLength) } };
}
