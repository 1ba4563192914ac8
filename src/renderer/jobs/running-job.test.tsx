import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Job } from '../../domain/jobs/job.ts';
import type { JobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { event, queued, serverAfter } from '../../domain/testing/builders.ts';
import { RunningJob } from './running-job.tsx';

const started = event(1_000, 'prompt_started', { promptId: 'p', startedAt: 1_000 });
const sampler = event(2_000, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' });

function described(nodeTotal: number | null): MonitorEvent {
  const nodeNames = {
    1: { title: null, classType: 'CheckpointLoaderSimple' },
    2: { title: null, classType: 'CLIPTextEncode' },
    3: { title: 'Sampler', classType: 'KSampler' },
    4: { title: null, classType: 'SaveImage' },
  };
  return event(500, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal, nodeNames });
}

function step(at: number, reached: number, max = 20): MonitorEvent {
  return event(at, 'step_reached', { promptId: 'p', nodeId: '3', step: reached, max });
}

function jobAfter(...events: MonitorEvent[]): Job {
  const [job] = serverAfter(...events).running;
  if (!job) throw new Error('nothing runs');
  return job;
}

function show(job: Job, now = 5_000, preview: string | null = null) {
  const element = (address: string | null) => <RunningJob job={job} now={now} preview={address} prominent />;
  const { rerender } = render(element(preview));
  return { showPreview: (address: string | null) => rerender(element(address)) };
}

/** What a bar says to those who cannot see it: its value, or null while that is unknown. */
function bar(name: string): { value: string | null; text: string | null } {
  const element = screen.getByRole('progressbar', { name });
  return { value: element.getAttribute('aria-valuenow'), text: element.getAttribute('aria-valuetext') };
}

function figure(name: string): string | null | undefined {
  return screen.getByText(name).nextElementSibling?.textContent;
}

it('says how far the node and the whole prompt are', () => {
  const cached = event(1_500, 'nodes_cached', { promptId: 'p', nodeIds: ['1', '2'] });
  show(jobAfter(started, described(4), cached, sampler, step(3_000, 5)));
  screen.getByRole('heading', { name: 'Portrait' });
  expect(bar('Steps of Sampler')).toEqual({ value: '5', text: '5 of 20' });
  expect(bar('Whole prompt')).toEqual({ value: null, text: '2 of 4 nodes' });
  screen.getByText('step 5 of 20');
  expect(figure('Cached')).toBe('2 nodes');
});

it('shows a node that reports no steps as working, without a number', () => {
  show(jobAfter(started, described(4), sampler));
  expect(bar('Steps of Sampler')).toEqual({ value: null, text: null });
  screen.getByText('no steps reported');
});

it('shows no share of a prompt whose number of nodes is unknown', () => {
  show(jobAfter(started, sampler, step(3_000, 5)));
  expect(bar('Whole prompt')).toEqual({ value: null, text: 'nodes unknown' });
  expect(screen.queryByText(/%/)).toBeNull();
});

it('explains a prompt whose progress is told to somebody else', () => {
  const entry = queued('p', { title: 'From another tab', nodeTotal: 7 });
  show(jobAfter(event(1_000, 'queue_read', { running: [entry], pending: [] })));
  screen.getByText(/only to the page that queued it/);
  expect(screen.queryByRole('progressbar', { name: /Steps|Current node/ })).toBeNull();
  expect(bar('Whole prompt')).toEqual({ value: null, text: '7 nodes' });
  expect(screen.queryByText(/of 7/)).toBeNull();
  expect(figure('Elapsed')).toBe('–');
});

it('gives rate and time left only once they were measured', () => {
  show(jobAfter(started, described(4), sampler, step(3_000, 5)));
  expect(figure('Rate')).toBe('–');
  expect(figure('Left in this node')).toBe('–');
});

it('measures rate and time left from the steps', () => {
  show(jobAfter(started, described(4), sampler, step(3_000, 5), step(4_000, 7), step(5_000, 9)));
  expect(figure('Rate')).toBe('2.0 it/s');
  expect(figure('Left in this node')).toBe('6 s');
  expect(figure('Elapsed')).toBe('4 s');
});

it('says how long the whole prompt still takes, and how that is known', () => {
  const job = jobAfter(started, described(4), sampler, step(3_000, 5));
  const element = (leftMs: number | null) => (
    <RunningJob job={job} now={7_000} outlook={outlookWith(leftMs)} preview={null} prominent />
  );
  const { rerender } = render(element(8_000));
  expect(screen.getByText('about 8 s left').title).toBe('by the last 3 runs');
  screen.getByText('by the last 3 runs');
  expect(bar('Whole prompt').text).toBe('42%, 0 of 4 nodes, about 8 s left');
  rerender(element(null));
  screen.getByText('longer than usual (14 s)');
});

function outlookWith(leftMs: number | null): JobOutlook {
  return {
    fraction: 0.42,
    leftMs,
    doneAt: leftMs === null ? null : 7_000 + leftMs,
    isOverdue: leftMs === null,
    usualMs: 14_000,
    basis: { of: 'kind', runs: 3 },
    headline: 'time',
    activity: null,
  };
}

it('calls a prompt without a title by its id, and a node without a name by its number', () => {
  const id = '0123456789abcdef';
  show(
    jobAfter(
      event(1_000, 'prompt_started', { promptId: id, startedAt: null }),
      event(2_000, 'node_started', { promptId: id, nodeId: '17', displayNodeId: '17' }),
    ),
  );
  screen.getByRole('article', { name: 'Prompt 01234567' });
  screen.getByText('Node 17');
});

it('shows what a node says about its work', () => {
  const text = event(3_000, 'node_text_shown', { promptId: 'p', nodeId: '3', text: 'tile 3 of 9' });
  show(jobAfter(started, sampler, text));
  screen.getByText('tile 3 of 9');
});

it('asks for the next preview only after one has arrived, and then for the newest', () => {
  const { showPreview } = show(jobAfter(started), 5_000, null);
  screen.getByText('No preview yet');
  const shown = () => screen.getByRole('img', { name: 'Newest preview' }).getAttribute('src');
  showPreview('/preview?revision=1');
  showPreview('/preview?revision=2');
  showPreview('/preview?revision=3');
  expect(shown()).toBe('/preview?revision=1');
  fireEvent.load(screen.getByRole('img', { name: 'Newest preview' }));
  expect(shown()).toBe('/preview?revision=3');
});

it('shows no broken image for a preview that cannot be had, and goes on with the next', () => {
  const { showPreview } = show(jobAfter(started), 5_000, '/preview?revision=1');
  fireEvent.error(screen.getByRole('img', { name: 'Newest preview' }));
  expect(screen.queryByRole('img')).toBeNull();
  screen.getByText('No preview');
  showPreview('/preview?revision=2');
  screen.getByRole('img', { name: 'Newest preview' });
});
