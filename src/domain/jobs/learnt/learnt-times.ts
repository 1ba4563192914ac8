import { z } from 'zod';
import type { Job } from '../job.ts';
import { digestOf } from './digest.ts';
import { measured, nodeSampleSchema } from './pace.ts';

/** ms; what is said to have taken years did not. */
export const longestRun = 1e11;

/** A whole run: how long it took (ms), the digest of what was cached (-1: not known), and the sum of its nodes' times (ms; 0: they are not all known). */
const runSampleSchema = z.tuple([z.number().min(0).max(longestRun), measured, measured]);

/** What is known of one kind of prompt: the same nodes, whatever their seeds and texts. */
const learntKindSchema = z.object({
  /** A digest of its graph; null where only its title is known. */
  shape: z.number().nullable(),
  title: z.string().nullable(),
  nodeTotal: z.number().nullable(),
  /** Whole runs, newest first. */
  runs: z.array(runSampleSchema),
  /** Its nodes in the order in which they began, each with its newest runs first. */
  nodes: z.array(z.object({ id: z.string(), samples: z.array(nodeSampleSchema) })),
});
export type LearntKind = z.infer<typeof learntKindSchema>;

/** How long nodes and prompts take on a server, learnt from runs that were watched. */
export const learntTimesSchema = z.object({
  /** By node class. */
  classes: z.record(z.string(), z.array(nodeSampleSchema)),
  /** The newest first. */
  kinds: z.array(learntKindSchema),
  /** Digests of the runs it was learnt from, newest first: the history tells them once more. */
  learntFrom: z.array(z.number()),
});
export type LearntTimes = z.infer<typeof learntTimesSchema>;

export const nothingLearnt: LearntTimes = { classes: {}, kinds: [], learntFrom: [] };

/** Bounds: what is beyond them was not seen for the longest time, or is the quickest. */
export const learntLimits = {
  classes: 120,
  kinds: 40,
  nodesPerKind: 24,
  learntFrom: 200,
  /** Characters of ids, class names and titles. */
  nameLength: 100,
  /** Of all kinds together as JSON. */
  kindBytes: 96 * 1_024,
} as const;

/** The kind of a prompt among those that are known: by its graph, else by its title and how many nodes it has. */
export function kindOf(
  { kinds }: LearntTimes,
  job: Pick<Job, 'title' | 'nodeTotal' | 'nodeNames' | 'graphKnown'>,
): LearntKind | null {
  const shape = shapeOf(job);
  const title = job.title?.slice(0, learntLimits.nameLength) ?? null;
  return (
    (shape === null ? undefined : kinds.find((kind) => kind.shape === shape)) ??
    (title === null || job.nodeTotal === null
      ? undefined
      : kinds.find(
          (kind) =>
            (shape === null || kind.shape === null) &&
            kind.title === title &&
            kind.nodeTotal === job.nodeTotal,
        )) ??
    null
  );
}

const shapes = new WeakMap<Job['nodeNames'], number>();

/** A digest of a graph's nodes and their classes; null while the graph is not known. */
export function shapeOf({ nodeNames, graphKnown }: Pick<Job, 'nodeNames' | 'graphKnown'>): number | null {
  if (!graphKnown) return null;
  const known = shapes.get(nodeNames);
  if (known !== undefined) return known;
  let shape = 0;
  for (const [id, { classType }] of Object.entries(nodeNames))
    shape = (shape + digestOf(`${id} ${classType}`)) >>> 0;
  shapes.set(nodeNames, shape);
  return shape;
}
