import { doublingWait, jittered } from '../../domain/values/doubling-wait.ts';

/** First and longest wait between attempts to connect, ms. */
export const connectDelays = { first: 500, longest: 15_000 };

/** A connection that held this long (ms) was a success; losing it starts the waiting over. */
const settledAfter = 10_000;

/**
 * How long to wait after so many failures in a row (from 1), ms: it doubles up to 15 s. Half of it is
 * chance, so that many monitors do not rush at a restarted server in step. `random` is 0–1.
 */
export function backoffDelay(failures: number, random: number): number {
  return Math.round(jittered(doublingWait(failures, connectDelays), 0.5, random));
}

/**
 * Failures in a row after losing a connection that was up for `connectedFor` ms, or never came up
 * (null). A server that accepts and hangs up at once is treated like one that refuses.
 */
export function failuresAfter(failures: number, connectedFor: number | null): number {
  return connectedFor !== null && connectedFor >= settledAfter ? 1 : failures + 1;
}
