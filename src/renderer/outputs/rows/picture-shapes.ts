import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { keepItem, keptItem } from '../../ui/kept-item.ts';

/** The shapes (width ÷ height) of pictures that were loaded, by `shapeKey`. */
export interface PictureShapes {
  of(key: string): number | null;
  learn(key: string, ratio: number): void;
}

const key = 'picture-shapes';
const remembered = 600;
/** Names can be a thousand characters long; such a picture is measured anew. */
const longestKey = 200;
/** Learnt together, kept together: so long after the first of them, ms. */
const keepAfter = 2_000;

const keptSchema = z.array(z.tuple([z.string().max(longestKey), z.number().positive()])).max(remembered);

/** Remembers so many, also for the next time that the page is opened. */
export function createPictureShapes(): PictureShapes {
  const shapes = new LRUCache<string, number>({ max: remembered });
  for (const [name, ratio] of keptItem(key, keptSchema) ?? []) shapes.set(name, ratio);
  let isToBeKept = false;
  return {
    of: (name) => shapes.get(name) ?? null,
    learn(name, ratio) {
      if (name.length > longestKey || !Number.isFinite(ratio) || ratio <= 0) return;
      const rounded = Math.round(ratio * 1_000) / 1_000;
      if (shapes.get(name) === rounded) return;
      shapes.set(name, rounded);
      if (isToBeKept) return;
      isToBeKept = true;
      setTimeout(() => {
        isToBeKept = false;
        // From the one that was looked at least lately on, as they are read again.
        keepItem(key, [...shapes.entries()].reverse());
      }, keepAfter);
    },
  };
}
