import { LRUCache } from 'lru-cache';
import { type RefObject, useLayoutEffect, useState } from 'react';
import { type ExecutedOutput, type OutputKind, outputKey } from '../../../domain/outputs/executed-output.ts';
import type { OutputGroup } from '../output-groups.ts';
import {
  arrangedRows,
  type GalleryMeasures,
  groupWidth,
  type OutputRows,
  type RatioOf,
  thumbnailHeight,
} from './output-rows.ts';
import { createPictureShapes } from './picture-shapes.ts';

/** CSS px; the style sheet has it, too. */
const gap = 8;
/** Before anything is laid out, CSS px. */
const unknownRoom: Room = { width: 800, rem: 16 };

interface Room {
  width: number;
  /** The font size that the user chose, CSS px. */
  rem: number;
}

export interface OutputArrangement {
  measures: GalleryMeasures;
  rows: OutputRows;
  /** The shape of an output's place, the same for as long as the gallery keeps its width. */
  ratioOf: RatioOf;
}

interface Standing extends OutputArrangement {
  room: Room;
  groups: readonly OutputGroup[];
}

const shapes = createPictureShapes();

/** Gives outputs their places in a container: in rows, each with the shape of its picture as far as that is known. */
export function useOutputRows(
  container: RefObject<HTMLElement | null>,
  groups: readonly OutputGroup[],
): OutputArrangement {
  const room = useRoom(container);
  const [standing, setStanding] = useState(() => arranged(room, groups));
  const next = standing.room === room ? followed(standing, groups) : arranged(room, groups);
  if (next !== standing) setStanding(next);
  return next;
}

/** A picture came: the next time, its place has its shape. */
export function learnShape(promptId: string, output: ExecutedOutput, ratio: number): void {
  shapes.learn(shapeKey(promptId, output), ratio);
}

function shapeKey(promptId: string, output: ExecutedOutput): string {
  return `${promptId}/${outputKey(output)}`;
}

/** All of them anew. */
function arranged(room: Room, groups: readonly OutputGroup[]): Standing {
  const ratioOf = newPlaces();
  const enlarged = Math.min(1.5, Math.max(1, room.rem / unknownRoom.rem));
  const height = thumbnailHeight(room.width, gap, commonRatio(groups, ratioOf), enlarged);
  const measures = { width: room.width, height, gap, narrowest: Math.min(room.width, 7 * room.rem) };
  const widthOf = (group: OutputGroup) => groupWidth(group, ratioOf, measures);
  return { room, groups, measures, rows: arrangedRows([], groups, widthOf, measures), ratioOf };
}

/** Those that stand stay. */
function followed(before: Standing, groups: readonly OutputGroup[]): Standing {
  if (groups === before.groups) return before;
  if (before.groups.length === 0) return arranged(before.room, groups);
  const { measures, ratioOf } = before;
  const widthOf = (group: OutputGroup) => groupWidth(group, ratioOf, measures);
  return { ...before, groups, rows: arrangedRows(before.rows, groups, widthOf, measures) };
}

/** Places keep the shape that they were first given, whatever is learnt of their pictures later. */
function newPlaces(): RatioOf {
  const given = new LRUCache<string, number>({ max: 5_000 });
  return (group, output) => {
    const key = shapeKey(group.promptId, output);
    const known = given.get(key);
    if (known !== undefined) return known;
    const ratio = shapes.of(key) ?? (pictured.has(output.kind) ? group.ratio : null) ?? 1;
    given.set(key, ratio);
    return ratio;
  };
}

const pictured: ReadonlySet<OutputKind> = new Set(['image', 'animation', 'video']);

/** The shape that most of the newest have. */
function commonRatio(groups: readonly OutputGroup[], ratioOf: RatioOf): number {
  const counts = new Map<number, number>();
  for (const group of groups.slice(0, 40))
    for (const output of group.outputs.slice(0, 4)) {
      const ratio = Math.round(ratioOf(group, output) * 20) / 20;
      counts.set(ratio, (counts.get(ratio) ?? 0) + 1);
    }
  let common = { ratio: 1, count: 0 };
  for (const [ratio, count] of counts) if (count > common.count) common = { ratio, count };
  return common.ratio;
}

function useRoom(container: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState(unknownRoom);
  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const measure = (): void => {
      const width = Math.floor(element.clientWidth) || unknownRoom.width;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || unknownRoom.rem;
      setRoom((before) => (before.width === width && before.rem === rem ? before : { width, rem }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container]);
  return room;
}
