import type { Job, JobState } from '../../../domain/jobs/job.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { placeOf } from './curve-paths.ts';
import type { TimeRange } from './plot-points.ts';

/** When a job ran. */
export interface JobSpan {
  title: string;
  kind: SpanKind;
  since: number;
  /** For one that still runs, the time at which this was asked. */
  until: number;
}

/** How it ended, as far as that is drawn. */
type SpanKind = 'running' | 'done' | 'failed' | 'stopped';

/** Paths of SVG in a square of 100. What failed has upright lines, what was stopped lies in stripes. */
export interface SpanPaths {
  /** All of them. */
  areas: string;
  /** Where each begins. */
  edges: string;
  failed: string;
  stopped: string;
}

/** So near to each other (of 100) they are drawn as one. */
const tooNear = 0.2;
/** Between the lines of those that failed, of 100. */
const hatch = 1.2;

const kinds: Record<JobState, SpanKind | null> = {
  queued: null,
  running: 'running',
  success: 'done',
  ended: 'done',
  error: 'failed',
  interrupted: 'stopped',
  cancelled: null,
  lost: 'stopped',
};

/** The jobs that ran in a stretch of time, from old to new. Those of which nobody knows when, are left out. */
export function jobSpans(jobs: readonly Job[], now: number, range: TimeRange): JobSpan[] {
  return jobs
    .flatMap((job): JobSpan[] => {
      const kind = kinds[job.state];
      const until = job.finishedAt ?? (job.state === 'running' ? now : null);
      if (kind === null || job.startedAt === null || until === null) return [];
      if (job.startedAt > range.until || until < range.since) return [];
      return [{ title: jobTitle(job), kind, since: job.startedAt, until }];
    })
    .sort((a, b) => a.since - b.since);
}

/** The job that ran at a time, the last one if there were several; null if none did. */
export function spanAt(spans: readonly JobSpan[], at: number): JobSpan | null {
  return spans.findLast(({ since, until }) => since <= at && at <= until) ?? null;
}

export function spanPaths(spans: readonly JobSpan[], range: TimeRange): SpanPaths {
  const paths: SpanPaths = { areas: '', edges: '', failed: '', stopped: '' };
  let last: { kind: SpanKind; from: number; to: number } | null = null;
  const finish = () => {
    if (!last) return;
    const { kind, from, to } = last;
    const [left, right] = [from.toFixed(2), Math.max(to, from + tooNear).toFixed(2)];
    paths.areas += `M${left} 0H${right}V100H${left}Z`;
    paths.edges += `M${left} 0V100`;
    if (kind === 'failed') for (let x = from; x < to; x += hatch) paths.failed += `M${x.toFixed(2)} 0V100`;
    if (kind === 'stopped') for (let y = 10; y < 100; y += 20) paths.stopped += `M${left} ${y}H${right}`;
  };
  for (const { kind, since, until } of spans) {
    const from = Math.max(0, placeOf(since, range));
    const to = Math.min(100, placeOf(until, range));
    if (last && last.kind === kind && to - last.from < 3 * tooNear) last.to = Math.max(last.to, to);
    else {
      finish();
      last = { kind, from, to };
    }
  }
  finish();
  return paths;
}
