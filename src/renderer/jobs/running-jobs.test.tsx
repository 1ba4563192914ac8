import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ended, event, queued, stateAfter } from '../../shared/testing.ts';
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

it('counts down what the prompt still takes by earlier ones of its kind, and says when it takes longer', async () => {
  vi.useFakeTimers({ now: start });
  const kind = { title: 'Portrait', nodeTotal: 7 };
  const earlier = ended('e', { ...kind, startedAt: start - 60_000, finishedAt: start - 46_000 });
  const page = await renderJobs(
    event(start, 'queue_read', { running: [queued('p', { ...kind, startedAt: start })], pending: [] }),
  );
  expect(screen.queryByText(/left$/)).toBeNull();
  await page.after((host) => host.happen(event(start, 'history_read', { entries: [earlier] })));
  expect(screen.getByText('about 14 s left')).toBeTruthy();
  expect(screen.getByText('the last one took 14 s')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(screen.getByText('about 9 s left')).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(11_000));
  expect(screen.getByText('longer than usual (14 s)')).toBeTruthy();
});
