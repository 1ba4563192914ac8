/** What the check found out, and what that means; pure. */

/** `not here`: this system cannot have it; `figure`: known, but nothing to judge. */
export type Verdict = 'ok' | 'failed' | 'not here' | 'figure';

export interface Finding {
  group: string;
  what: string;
  verdict: Verdict;
  /** What was seen, or why it could not be. */
  seen: string;
}

/** A picture that was taken: the name of its file beside the report. */
export interface Picture {
  file: string;
  caption: string;
}

export interface Report {
  /** ISO date. */
  startedAt: string;
  /** The program that was checked. */
  program: string;
  system: string;
  findings: readonly Finding[];
  pictures: readonly Picture[];
}

/** Success only if nothing failed; nothing looked at is no success. */
export function exitCodeOf({ findings }: Pick<Report, 'findings'>): 0 | 1 {
  const failed = findings.some(({ verdict }) => verdict === 'failed');
  return failed || !findings.some(({ verdict }) => verdict === 'ok') ? 1 : 0;
}

/** For example `41 ok, 2 failed, 3 not here`. */
export function summaryOf({ findings }: Pick<Report, 'findings'>): string {
  const count = (verdict: Verdict): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return (['ok', 'failed', 'not here'] as const).map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
}

/** What the app may cost: percent of one processor core, and memory. */
export interface CostLimit {
  cpuPercent: number;
  /** Null for no limit, MB (1000²). */
  memoryMb: number | null;
}

export const costLimits = {
  'hidden, with a job': { cpuPercent: 1, memoryMb: 160 },
  'hidden, idle': { cpuPercent: 0.3, memoryMb: null },
  'shown, with a job': { cpuPercent: 8, memoryMb: null },
  'shown, idle': { cpuPercent: 8, memoryMb: null },
} satisfies Record<string, CostLimit>;

/** How long a hidden window may take to be seen again, ms. */
export const showingLimit = 500;
/** How long the app may take to quit, ms. */
const quitLimit = 3_000;

/** A figure against its limit; a mere figure where there is none, or limits are not asked for. */
export function limited(
  value: number,
  limit: number | null,
  unit: string,
  areLimitsOn: boolean,
): Pick<Finding, 'verdict' | 'seen'> {
  const figure = `${rounded(value)} ${unit}`;
  if (limit === null) return { verdict: 'figure', seen: figure };
  const isOver = value > limit;
  const seen = `${figure}, ${isOver ? 'more than' : 'within'} the limit of ${limit} ${unit}`;
  return { verdict: areLimitsOn ? (isOver ? 'failed' : 'ok') : 'figure', seen };
}

/** Three digits, and no decimals where they say nothing. */
export function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** How the app ended after it was asked to quit. */
export interface QuitOutcome {
  /** Null if it had not ended when it was given up. */
  ms: number | null;
  code: number | null;
  signal: string | null;
  /** Processes of the app that were still there when it had ended. */
  leftBehind: number;
  /** What it said last. */
  lastWords: string;
}

/** It has to be soon, with code 0, and with nothing left behind. */
export function quitFinding(outcome: QuitOutcome): Pick<Finding, 'verdict' | 'seen'> {
  const { ms, code, signal, leftBehind, lastWords } = outcome;
  const said = lastWords === '' ? '' : `; it said last: ${lastWords}`;
  if (ms === null) return { verdict: 'failed', seen: `did not end, and was killed${said}` };
  const faults = [
    ...(ms > quitLimit ? [`more than ${quitLimit / 1000} s`] : []),
    ...(code === 0 ? [] : [signal === null ? `code ${code}` : `ended by ${signal}`]),
    ...(leftBehind === 0 ? [] : [`${leftBehind} of its processes left behind`]),
  ];
  const time = `after ${Math.round(ms)} ms`;
  return faults.length === 0
    ? { verdict: 'ok', seen: `${time}, code 0, nothing left behind` }
    : { verdict: 'failed', seen: `${time}: ${faults.join(', ')}${said}` };
}
