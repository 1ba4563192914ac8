import type { JsonObject } from '../protocol/json.ts';
import type { Artwork } from './artwork.ts';

/** What a file of the simulated server contains; its bytes are made when they are asked for. */
export type MediaContent =
  | {
      readonly kind: 'picture';
      readonly artwork: Artwork;
      readonly width: number;
      readonly height: number;
    }
  | {
      /** A short loop in which the light of the picture changes: a GIF. */
      readonly kind: 'animation';
      readonly artwork: Artwork;
      readonly width: number;
      readonly height: number;
      readonly frames: number;
      readonly framesPerSecond: number;
    }
  | { readonly kind: 'chord'; readonly seed: number; readonly seconds: number }
  | { readonly kind: 'text'; readonly text: string }
  /** The film that the simulator was given: it has no encoder of its own. */
  | { readonly kind: 'film' };

/** What ComfyUI writes into the text chunks of its PNGs: the prompt and the editor's workflow. */
export type EmbeddedTexts = Readonly<Record<string, JsonObject>>;

/** File name extension with its dot. */
export function extensionOf(content: MediaContent): string {
  if (content.kind === 'chord') return '.wav';
  if (content.kind === 'text') return '.txt';
  if (content.kind === 'film') return '.webm';
  return content.kind === 'animation' ? '.gif' : '.png';
}
