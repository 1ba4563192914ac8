import { expect, it } from 'vitest';
import { type Job, type JobState, unknownJob } from '../../../domain/jobs/job.ts';
import { jobSpans, spanAt, spanPaths } from './job-spans.ts';

const range = { since: 1_000, until: 2_000 };

function job(state: JobState, startedAt: number | null, finishedAt: number | null, title = 'Lake'): Job {
  return { ...unknownJob('s', 'p', 0), state, startedAt, finishedAt, title };
}

it('shades when each prompt ran, and a running one up to now', () => {
  const jobs = [job('running', 1_800, null), job('success', 1_100, 1_300), job('error', 1_300, 1_400)];
  expect(jobSpans(jobs, 1_900, range).map(({ kind, since, until }) => [kind, since, until])).toEqual([
    ['done', 1_100, 1_300],
    ['failed', 1_300, 1_400],
    ['running', 1_800, 1_900],
  ]);
});

it('leaves out what never ran, what nobody knows the time of, and another time', () => {
  const jobs = [
    job('queued', null, null),
    job('cancelled', null, 1_500),
    job('success', null, 1_500),
    job('lost', 1_200, null),
    job('success', 100, 900),
    job('success', 2_100, 2_200),
  ];
  expect(jobSpans(jobs, 3_000, range)).toEqual([]);
});

it('knows which prompt ran at a moment', () => {
  const spans = jobSpans([job('success', 1_100, 1_300, 'A'), job('error', 1_300, 1_400, 'B')], 2_000, range);
  expect([1_050, 1_200, 1_350, 1_500].map((at) => spanAt(spans, at)?.title)).toEqual([
    undefined,
    'A',
    'B',
    undefined,
  ]);
});

it('tells failed and stopped ones apart from others by more than a colour', () => {
  const paths = (state: JobState) => spanPaths(jobSpans([job(state, 1_100, 1_500)], 2_000, range), range);
  expect(paths('success')).toEqual({
    areas: 'M10.00 0H50.00V100H10.00Z',
    edges: 'M10.00 0V100',
    failed: '',
    stopped: '',
  });
  expect(paths('error').failed).toMatch(/^M10.00 0V100M11.20 0V100/);
  expect(paths('interrupted').stopped).toMatch(/^M10.00 10H50.00M10.00 30H50.00/);
});

it('stays within the plot, and draws no more of many than can be seen', () => {
  const long = spanPaths(jobSpans([job('success', 500, 5_000)], 5_000, range), range);
  expect(long.areas).toBe('M0.00 0H100.00V100H0.00Z');
  const many = Array.from({ length: 1_000 }, (_, n) => job('success', 1_000 + n, 1_000.9 + n));
  expect(spanPaths(jobSpans(many, 2_000, range), range).areas.match(/M/g)?.length).toBeLessThan(400);
});
