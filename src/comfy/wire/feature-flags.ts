import { parseJson } from './json.ts';
import { isObject, objectOf } from './wire-values.ts';

/** What we say to a server that we can do; it must be the first message of every connection. */
export const ourFeatures = { supports_preview_metadata: true, supports_progress_text_metadata: true };

/** What a server says it can do, as far as it changes how its frames are read. */
export interface ServerFeatures {
  /** Text frames carry a prompt id, at least those for clients that know it. */
  textsNamePrompts: boolean;
}

export const noFeatures: ServerFeatures = { textsNamePrompts: false };

/** Reads a `feature_flags` message; null if it is none. Never throws. */
export function readFeatures(text: string): ServerFeatures | null {
  if (!text.slice(0, 100).includes('feature_flags')) return null;
  try {
    const message = parseJson(text);
    if (!isObject(message) || message.type !== 'feature_flags') return null;
    return { textsNamePrompts: objectOf(message.data).supports_progress_text_metadata === true };
  } catch {
    return null;
  }
}
