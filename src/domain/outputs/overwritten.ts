import type { Job } from '../jobs/job.ts';
import type { ServerState } from '../monitor-state.ts';
import { type MediaFile, mediaFileKey } from './executed-output.ts';

/**
 * The files that later runs most likely wrote anew, so that what an earlier one saved under that name is gone: ComfyUI
 * gives a file name again once its file was deleted, and some nodes always save under the same one.
 */
export interface LaterFiles {
  /** Whether a later run most likely wrote this file of a job anew. False also where that cannot be known. */
  isOverwritten(promptId: string, file: MediaFile): boolean;
}

/** By the lists of finished jobs, which stay the same ones while nothing ends. */
const finishedWriters = new WeakMap<readonly Job[], Writers>();

interface Writers {
  /** The place of the newest job that wrote a file, by the file. */
  newest: ReadonlyMap<string, number>;
  /** The places of all jobs, the newest first. */
  places: ReadonlyMap<string, number>;
}

/** Finds what was overwritten on a server. Looks through its jobs only when one of them ended since. */
export function laterFiles({ running, finished }: Pick<ServerState, 'running' | 'finished'>): LaterFiles {
  const { newest, places } = writersOf(finished);
  return {
    isOverwritten(promptId, file) {
      const key = mediaFileKey(file);
      const place = places.get(promptId);
      // What runs is the newest.
      if (place === undefined) return false;
      const writer = newest.get(key);
      return (writer !== undefined && writer < place) || running.some((job) => isWriter(job, key));
    },
  };
}

function writersOf(finished: readonly Job[]): Writers {
  const known = finishedWriters.get(finished);
  if (known) return known;
  const newest = new Map<string, number>();
  const places = new Map<string, number>();
  finished.forEach((job, place) => {
    places.set(job.promptId, place);
    for (const { file, written } of job.outputs) {
      if (!file || !written) continue;
      const key = mediaFileKey(file);
      if (!newest.has(key)) newest.set(key, place);
    }
  });
  const writers = { newest, places };
  finishedWriters.set(finished, writers);
  return writers;
}

function isWriter({ outputs }: Job, key: string): boolean {
  return outputs.some(({ file, written }) => written === true && file !== null && mediaFileKey(file) === key);
}
