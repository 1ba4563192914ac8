import { useState } from 'react';
import type { Job } from '../../domain/jobs/job.ts';

/** A job to be brought into view; a new object for every request. */
export type WantedJob = { promptId: string };

/**
 * Whether a list of jobs shows all of them, and how to change that. It unfolds by itself when a job is
 * `wanted` that is not among the first ones.
 */
export function useUnfolded(
  jobs: readonly Job[],
  shownAtFirst: number,
  wanted: WantedJob | null,
): [all: boolean, setAll: (all: boolean) => void] {
  const [all, setAll] = useState(false);
  const [led, setLed] = useState<WantedJob | null>(null);
  if (wanted !== null && wanted !== led) {
    setLed(wanted);
    if (jobs.findIndex((job) => job.promptId === wanted.promptId) >= shownAtFirst) setAll(true);
  }
  return [all, setAll];
}
