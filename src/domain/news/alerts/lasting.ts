/** Something that is worth a word once it has lasted, and again only after it was over for a while. Times in ms. */
export interface Lasting {
  /** Since when it has been so without a break; null while it is not. */
  since: number | null;
  /** Since when it has not been so any more, after it was told; null while it is. */
  overSince: number | null;
  wasTold: boolean;
  /** When it was last known whether it is so. */
  knownAt: number | null;
}

export const notSo: Lasting = { since: null, overSince: null, wasTold: false, knownAt: null };

/** Without a measurement for longer than this (ms), it is not known to have lasted. */
const longestGap = 10_000;

interface LastingRules {
  /** How long it has to last to be told, and how long it has to be away to be over, ms. */
  lasts: number;
  away: number;
  /** Whether it may be told now; else it is told when it may be, if it is still so. */
  audible: boolean;
}

/** Looks again at `at` (ms); what is not known (null) neither begins nor ends it. */
export function stepLasting(
  before: Lasting,
  isSo: boolean | null,
  at: number,
  { lasts, away, audible }: LastingRules,
): { after: Lasting; isNews: boolean } {
  if (isSo === null) return { after: before, isNews: false };
  const hasGap = before.knownAt !== null && at - before.knownAt > longestGap;
  const known = before.knownAt === at ? before : { ...before, knownAt: at };
  if (isSo) {
    const since = before.since === null || hasGap ? at : before.since;
    const goesOn = known.since === since && known.overSince === null;
    const after = goesOn ? known : { ...known, since, overSince: null };
    const isNews = !known.wasTold && audible && at - since >= lasts;
    return { after: isNews ? { ...after, wasTold: true } : after, isNews };
  }
  if (!before.wasTold)
    return { after: known.since === null ? known : { ...known, since: null }, isNews: false };
  const overSince = before.overSince === null || hasGap ? at : before.overSince;
  if (at - overSince >= away) return { after: { ...notSo, knownAt: at }, isNews: false };
  const isSame = known.since === null && known.overSince === overSince;
  return { after: isSame ? known : { ...known, since: null, overSince }, isNews: false };
}
