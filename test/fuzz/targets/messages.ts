import { eventsBy } from '../../../src/comfy/testing/decoding.ts';
import { decodeBinary } from '../../../src/comfy/wire/decode-binary.ts';
import { decodeMessage, maxSampleLength } from '../../../src/comfy/wire/decode-message.ts';
import { readFeatures } from '../../../src/comfy/wire/feature-flags.ts';
import { parseJson } from '../../../src/comfy/wire/json.ts';
import { type MonitorEvent, monitorEventSchema } from '../../../src/domain/monitor-event.ts';
import { jsonBytes } from '../../../src/domain/text/json-bytes.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { binaryFrame, message } from '../comfy-grammar.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { mutateBytes, mutateJson, mutateText } from '../mutations.ts';
import { otherTexts, recordedFrames, sampleFiles } from '../recordings.ts';
import { checkWords } from '../state-check.ts';

const texts = [...recordedFrames.filter((frame) => typeof frame === 'string'), ...otherTexts];
const binaries = recordedFrames.filter((frame) => typeof frame !== 'string');
const pictures = [...sampleFiles.values()];
const source = { serverId: 's', at: 1_800_000_000_000, hostTime: (time: number) => time };

/** A text frame: one that was recorded or made by the grammar, in most cases changed. As UTF-8, which has no halves. */
export function textFrame(chance: Seeded): string {
  return Buffer.from(madeText(chance)).toString('utf8');
}

function madeText(chance: Seeded): string {
  const given = texts[chance.below(texts.length)] ?? '';
  const kind = chance.below(10);
  if (kind < 2) return mutateText(chance, given);
  if (kind < 4) return JSON.stringify(mutateJson(chance, JSON.parse(given))) ?? '';
  const made = message(chance);
  if (kind < 7) return JSON.stringify(made);
  const changed = JSON.stringify(mutateJson(chance, made)) ?? '';
  return kind < 9 ? changed : mutateText(chance, changed);
}

/** A binary frame, in most cases changed. */
export function bytesFrame(chance: Seeded): Buffer {
  const given =
    binaries.length > 0 && chance.chance(0.3) ? binaries[chance.below(binaries.length)] : undefined;
  const frame = given ?? binaryFrame(chance);
  return chance.chance(0.3) ? frame : mutateBytes(chance, frame, pictures);
}

/** Decoding never throws, and gives nothing but what the rest of the monitor accepts, bounded and fit to be read. */
export const textTarget: FuzzTarget = {
  name: 'text-frames',
  share: 24,
  attempt(chance) {
    const text = textFrame(chance);
    readFeatures(text);
    const { event, misunderstood } = decodeMessage(text, source);
    const told = eventsBy()(event);
    if (told) checkEvent(told, text.length);
    if (!misunderstood) return;
    mustHold(misunderstood.sample.length <= maxSampleLength, 'a long sample', misunderstood.sample);
    checkWords(misunderstood.sample.replaceAll(/hunter2\S*/g, ''), 'sample');
  },
};

export const binaryTarget: FuzzTarget = {
  name: 'binary-frames',
  share: 12,
  attempt(chance) {
    const frame = bytesFrame(chance);
    const { event, preview, misunderstood } = decodeBinary(frame, {
      ...source,
      textsNamePrompts: chance.chance(0.5),
    });
    if (event) checkEvent(event, frame.length);
    if (preview) mustHold(preview.bytes.length <= frame.length, 'a preview larger than its frame');
    if (misunderstood) mustHold(misunderstood.sample.length <= maxSampleLength, 'a long sample');
  },
};

/** The repair of Python's JSON: what is JSON stays what it is, and nothing but a `SyntaxError` is thrown. */
export const jsonTarget: FuzzTarget = {
  name: 'json-repair',
  share: 8,
  attempt(chance) {
    const text = textFrame(chance);
    let plain: unknown;
    try {
      plain = JSON.parse(text);
    } catch {
      plain = undefined;
    }
    let repaired: unknown;
    try {
      repaired = parseJson(text);
    } catch (cause) {
      mustHold(cause instanceof SyntaxError, `parseJson threw ${String(cause)}`, text);
      mustHold(plain === undefined, 'parseJson refused JSON', text);
      return;
    }
    const json = JSON.stringify(repaired);
    mustHold(!/\\ud[89a-f]/i.test(json.replaceAll('\\\\', '')), 'a lone surrogate is left', text);
    if (plain !== undefined && !/\\ud/i.test(text))
      mustHold(JSON.stringify(plain) === json, 'parseJson changed JSON', text);
  },
};

function checkEvent(event: MonitorEvent, given: number): void {
  const parsed = monitorEventSchema.safeParse(event);
  mustHold(parsed.success, 'an event that the monitor refuses', event);
  const json = JSON.stringify(event);
  mustHold(jsonBytes(json) <= 20_000 + 20 * given, `an event of ${json.length} characters from ${given}`);
  // What echoes the secret is cleaned behind the decoder.
  checkWords(JSON.parse(json.replaceAll(/hunter2-of-the-proxy/g, '')), event.type);
}
