import { english, type Messages, type TextKey } from './english.ts';
import type { Language } from './languages.ts';
import { type Message, parseMessage, type RichValues, type Values } from './message.ts';

/**
 * The language that this process or page speaks. It is one at a time, and what says something asks for it only
 * then: nothing that is evaluated once, when a module is loaded, may hold a text.
 */
let spoken: Language = 'en';
const known = new Map<Language, Messages>([['en', english]]);
/** What was said already in the language spoken: texts as they are, or messages that want values. */
let parsed = new Map<TextKey, string | Message>();
const listeners = new Set<() => void>();

/** The text of a key in the language spoken; its values fill the message. Never throws. */
export function t(key: TextKey, values: Values = {}): string {
  const message = parsed.get(key) ?? learn(key);
  if (typeof message === 'string') return message;
  const text = message.fill(values);
  if (text !== null) return text;
  const fallback = inEnglish(key);
  return typeof fallback === 'string' ? fallback : (fallback.fill(values) ?? key);
}

/** As `t`, in parts, of which some are elements: what stands within a tag (`<link>…</link>`) a function makes one. */
export function tRich<T>(key: TextKey, values: RichValues<T>): readonly (string | T)[] {
  const message = parsed.get(key) ?? learn(key);
  if (typeof message === 'string') return [message];
  const parts = message.fillRich(values);
  if (parts) return parts;
  const fallback = inEnglish(key);
  return typeof fallback === 'string' ? [fallback] : (fallback.fillRich(values) ?? [key]);
}

export function currentLanguage(): Language {
  return spoken;
}

/** Makes the texts of a language known, which is then to be spoken. English is known from the start. */
export function learnLanguage(language: Language, messages: Messages): void {
  known.set(language, messages);
  if (language === spoken) parsed = new Map();
}

export function isKnown(language: Language): boolean {
  return known.has(language);
}

/** Speaks another language from now on, and tells who listens. One that is not known is spoken in English words. */
export function setLanguage(language: Language): void {
  if (language === spoken) return;
  spoken = language;
  parsed = new Map();
  for (const listener of [...listeners]) listener();
}

/** Hears when another language is spoken; the result ends that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Parses a text when it is first said, and remembers it until another language is spoken. */
function learn(key: TextKey): string | Message {
  const own = known.get(spoken)?.[key];
  const message = (own === undefined ? null : parseMessage(own, spoken)) ?? inEnglish(key);
  parsed.set(key, message);
  return message;
}

function inEnglish(key: TextKey): string | Message {
  return parseMessage(english[key], 'en') ?? key;
}
