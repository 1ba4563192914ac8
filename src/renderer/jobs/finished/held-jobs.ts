import { type FocusEvent, type PointerEvent, useState } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';

export interface HeldJobs {
  jobs: Job[];
  /** How many came since, and are not among them yet. */
  fresh: number;
  /** Lets them in, as whoever rests in the list asks for. */
  letIn: () => void;
  /** For the list itself. */
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/**
 * A list of jobs, newest first, that stands still under the hand: as long as a pointer or the focus is in it, new ones
 * wait, so that nobody presses what has just slid there.
 */
export function useHeldJobs(jobs: Job[], wanted: string | null): HeldJobs {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  /** What was there when it was first touched. */
  const [kept, setKept] = useState<ReadonlySet<string> | null>(null);
  const isTouched = pointed || focused;
  const isHeld = isTouched && (wanted === null || kept === null || kept.has(wanted));
  if (isHeld && kept === null) setKept(new Set(jobs.map(({ promptId }) => promptId)));
  if (!isHeld && kept !== null) setKept(null);
  const shown = isHeld && kept !== null ? jobs.filter(({ promptId }) => kept.has(promptId)) : jobs;
  return {
    jobs: shown.length === jobs.length ? jobs : shown,
    fresh: jobs.length - shown.length,
    letIn: () => setKept(new Set(jobs.map(({ promptId }) => promptId))),
    handlers: {
      onPointerEnter: ({ pointerType }) => pointerType !== 'touch' && setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setFocused(false);
      },
    },
  };
}
