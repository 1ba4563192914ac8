/** When a connection counts as dead, ms. */
export interface LivenessTiming {
  /** After how long without one we ask for a sign of life. */
  pingEvery: number;
  /** How long nothing may be heard: no frame, no answer to a ping. */
  silentAfter: number;
  /** The same after something happened that breaks connections: waking up, another network. */
  silentAfterDoubt: number;
}

/** Two pings may stay unanswered; a half-open connection is noticed within 10 s. */
export const defaultLiveness: LivenessTiming = {
  pingEvery: 4_000,
  silentAfter: 9_000,
  silentAfterDoubt: 3_000,
};

/** What we know of a connection, times in ms of one clock that is never set. */
export interface Liveness {
  heardAt: number;
  pingedAt: number;
  /** When doubt arose; null while there is none. */
  doubtedAt: number | null;
}

/** Freshly connected: that was a sign of life. */
export function newLiveness(now: number): Liveness {
  return { heardAt: now, pingedAt: now, doubtedAt: null };
}

/** What is to be done now. */
export function livenessVerdict(
  { heardAt, pingedAt, doubtedAt }: Liveness,
  now: number,
  timing: LivenessTiming = defaultLiveness,
): 'fine' | 'ping' | 'dead' {
  if (now - heardAt >= timing.silentAfter) return 'dead';
  const inDoubt = doubtedAt !== null && heardAt <= doubtedAt;
  if (inDoubt && now - doubtedAt >= timing.silentAfterDoubt) return 'dead';
  return now >= pingDue({ heardAt, pingedAt }, timing) ? 'ping' : 'fine';
}

/** In how many ms the verdict may be another one, if nothing is heard until then. */
export function nextVerdictIn(
  { heardAt, pingedAt, doubtedAt }: Liveness,
  now: number,
  timing: LivenessTiming = defaultLiveness,
): number {
  const inDoubt = doubtedAt !== null && heardAt <= doubtedAt;
  const due = Math.min(
    pingDue({ heardAt, pingedAt }, timing),
    heardAt + timing.silentAfter,
    inDoubt ? doubtedAt + timing.silentAfterDoubt : Number.POSITIVE_INFINITY,
  );
  return Math.min(timing.pingEvery, Math.max(0, due - now));
}

/** A server that speaks by itself gives signs of life enough. */
function pingDue(
  { heardAt, pingedAt }: Pick<Liveness, 'heardAt' | 'pingedAt'>,
  timing: LivenessTiming,
): number {
  return Math.max(heardAt, pingedAt) + timing.pingEvery;
}
