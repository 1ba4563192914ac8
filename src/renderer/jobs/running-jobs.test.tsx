import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { unknownFacts } from '../../shared/server.ts';
import { event, queued, stateAfter } from '../../shared/testing.ts';
import { renderPart } from '../testing/render.tsx';
import { RunningJobs } from './running-jobs.tsx';

const start = 1_700_000_000_000;
const started = event(start, 'prompt_started', { promptId: 'p', startedAt: start });
const lost = event(start + 5_000, 'connection_changed', {
  connection: { phase: 'connecting', attempt: 2, since: start + 5_000 },
});

function renderJobs(...events: Parameters<typeof stateAfter>) {
  return renderPart(<RunningJobs serverId="s" />, { state: stateAfter(...events) });
}

const elapsed = () => screen.getByText('Elapsed').nextElementSibling?.textContent;

it('says that nothing runs, and what would change that', async () => {
  await renderJobs();
  expect(screen.getByText('Nothing is running')).toBeTruthy();
  expect(screen.getByText(/Queue a prompt in ComfyUI/)).toBeTruthy();
});

it('does not claim to know what runs while there is no connection', async () => {
  await renderJobs(lost);
  expect(screen.getByText('What runs is shown as soon as the server is connected.')).toBeTruthy();
});

it('is between prompts while the next one waits', async () => {
  await renderJobs(event(start, 'queue_read', { running: [], pending: [queued('next')] }));
  expect(screen.getByText('Between prompts')).toBeTruthy();
});

/** Somebody else's prompt, of which only the queue tells. */
const others = event(start, 'queue_read', { running: [queued('p', { startedAt: start })], pending: [] });
const noCompanion = event(start, 'facts_learnt', {
  facts: { ...unknownFacts, rest: 'present', companion: 'absent' },
});

it('keeps the time of a prompt that nobody told of, however often it tries to connect again', async () => {
  vi.useFakeTimers({ now: start });
  const page = await renderJobs(noCompanion, others);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  await page.after((host) => host.happen(lost));
  expect(elapsed()).toBe('5 s');
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  const again = { phase: 'connecting', attempt: 3, since: start + 25_000 } as const;
  await page.after((host) => host.happen(event(start + 25_000, 'connection_changed', { connection: again })));
  expect(elapsed()).toBe('5 s');
});

it('knows when the connection broke, also if the page was opened later', async () => {
  vi.useFakeTimers({ now: start + 60_000 });
  await renderJobs(others, lost);
  expect(elapsed()).toBe('5 s');
});

it('keeps the time as well when the monitor itself is gone', async () => {
  vi.useFakeTimers({ now: start });
  const page = await renderJobs(others);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  await page.after((host) => host.link('lost'));
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(elapsed()).toBe('5 s');
});

it('claims no progress and offers nothing to install while there is no connection', async () => {
  const page = await renderJobs(noCompanion, others);
  const isStill = () => screen.getByRole('progressbar').hasAttribute('data-still');
  expect(screen.getByRole('button', { name: 'Install the companion node' })).toBeTruthy();
  expect(isStill()).toBe(false);
  await page.after((host) => host.happen(lost));
  expect(screen.queryByRole('button', { name: 'Install the companion node' })).toBeNull();
  expect(isStill()).toBe(true);
});

it('counts the time of a running prompt, and stops where the connection broke', async () => {
  vi.useFakeTimers({ now: start });
  const page = await renderJobs(started);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(elapsed()).toBe('5 s');
  await page.after((host) =>
    host.happen(
      event(start + 5_000, 'node_started', { promptId: 'p', nodeId: '3', displayNodeId: '3' }),
      lost,
    ),
  );
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(screen.getByText('Last known before the connection broke')).toBeTruthy();
  expect(elapsed()).toBe('5 s');
});
