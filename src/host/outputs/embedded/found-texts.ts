import { parseExactJson } from '../../../comfy/wire/exact-json.ts';
import { parseJson } from '../../../comfy/wire/json.ts';
import { isObject, objectOf } from '../../../comfy/wire/wire-values.ts';

/** What says how a file was made. */
export type EmbeddedKey = 'prompt' | 'workflow' | 'parameters';

/** The longest text that is taken for what is looked for, bytes, also after it was unpacked. */
export const maxText = 4 * 2 ** 20;
/** Bytes of all texts of one file together; places in a file can be pointed to again and again. */
const maxTexts = 16 * 2 ** 20;
/** JSON within JSON, as in a comment that holds a prompt. */
const maxDepth = 5;

/**
 * Collects the texts of a file, and sorts them by what they are: savers put them under all kinds of keys. Of each
 * kind the first counts.
 */
export class FoundTexts {
  prompt: string | null = null;
  workflow: string | null = null;
  parameters: string | null = null;
  /** Whether a text was too long to be looked at. */
  isCut = false;
  readonly #wanted: EmbeddedKey;
  /** Those that are JSON, as far as they have to be: one that is none makes room for a later one. */
  readonly #sound = new Set<EmbeddedKey>();
  #left = maxTexts;

  constructor(wanted: EmbeddedKey) {
    this.#wanted = wanted;
  }

  /** Whether the rest of the file does not matter. */
  get isEnough(): boolean {
    return this.#sound.has(this.#wanted) || (this.#wanted !== 'workflow' && this.parameters !== null);
  }

  /** Whether a text of so many bytes may still be read. */
  mayRead(length: number): boolean {
    const may = length <= maxText && length <= this.#left;
    if (may) this.#left -= length;
    else this.isCut = true;
    return may;
  }

  /** Takes note of a text, and of the key that it stood under. */
  add(key: string, text: string): void {
    this.#addText(key.toLowerCase(), text.slice(0, maxText).replace(/\0+$/, ''), 0);
  }

  #addText(key: string, text: string, depth: number): void {
    // ComfyUI's own way in EXIF, where tags have no names; others write it with capitals.
    const [, prefix, rest] = /^\s*(prompt|workflow|parameters)\s*:\s*([{"].*)$/is.exec(text) ?? [];
    if (prefix !== undefined && rest !== undefined) this.#addText(prefix.toLowerCase(), rest, depth);
    else if (/^\s*\{/.test(text)) {
      if (key === 'prompt' || key === 'workflow') this.#keep(key, text);
      else this.#addJson(key, text, depth);
    } else if (/^\s*"/.test(text)) this.#addJson(key, text, depth);
    else if (key === 'parameters' || isParameters(text)) this.parameters ??= text;
  }

  #keep(key: 'prompt' | 'workflow', text: string): void {
    if (this.#sound.has(key)) return;
    const isSound = parsed(parseJson, text) !== undefined;
    if (isSound) this.#sound.add(key);
    if (isSound || this[key] === null) this[key] = text;
  }

  #addJson(key: string, text: string, depth: number): void {
    const plain = parsed(parseJson, text);
    if (plain === undefined || depth >= maxDepth) return;
    this.#addValue(key, plain, /\d{16}/.test(text) ? parsed(parseExactJson, text) : plain, depth + 1);
  }

  /** `exact` is the same value with all digits of its numbers: a prompt is read by us, a workflow by ComfyUI's page. */
  #addValue(key: string, plain: unknown, exact: unknown, depth: number): void {
    if (typeof plain === 'string') this.#addText(key, plain, depth);
    if (!isObject(plain) || depth > maxDepth) return;
    const kind = kindOf(plain) ?? (key === 'prompt' || key === 'workflow' ? key : null);
    if (kind === 'workflow') this.#keep(kind, JSON.stringify(plain));
    else if (kind === 'prompt') this.#keep(kind, JSON.stringify(exact));
    else
      for (const [name, part] of Object.entries(plain).slice(0, 100)) {
        const lower = name.toLowerCase();
        if (holders.has(lower)) this.#addValue(lower, part, objectOf(exact)[name], depth + 1);
      }
  }
}

/** What holds one of these, or is one: VideoHelperSuite's comments, glTF's assets. */
const holders = new Set(['prompt', 'workflow', 'parameters', 'extra_pnginfo', 'extras', 'asset']);

/** A prompt is nodes by id, a workflow is a list of them. */
function kindOf(value: Readonly<Record<string, unknown>>): 'prompt' | 'workflow' | null {
  if (Array.isArray(value.nodes) && 'links' in value) return 'workflow';
  const first = Object.values(value)[0];
  return isObject(first) && 'class_type' in first ? 'prompt' : null;
}

/** The line that Stable Diffusion web UI (A1111) ends its text with. */
function isParameters(text: string): boolean {
  return /(^|\n)Steps: \d+, /.test(text) || /(^|\n)Negative prompt: /.test(text);
}

function parsed(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** UTF-8, as almost everybody writes it, whatever a format asks for; otherwise Latin-1. */
export function wordsOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
