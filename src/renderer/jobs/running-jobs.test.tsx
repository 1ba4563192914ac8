import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { unknownFacts } from '../../domain/server.ts';
import { ended, event, image, queued, stateAfter } from '../../domain/testing/builders.ts';
import { Gallery } from '../outputs/gallery.tsx';
import { renderPart } from '../testing/render.tsx';
import { FinishedJobs } from './finished/finished-jobs.tsx';
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
  screen.getByText('Nothing is running');
  screen.getByText(/Queue a prompt in ComfyUI/);
});

it('does not claim to know what runs while there is no connection', async () => {
  await renderJobs(lost);
  screen.getByText('What runs is shown as soon as the server is connected.');
});

it('does not claim that nothing runs where the queue cannot be read, and says why', async () => {
  const problem = { kind: 'server-error' as const, detail: '', status: 500 };
  const unreadable = [
    { source: 'live_jobs' as const, problem },
    { source: 'queue' as const, problem },
  ];
  await renderJobs(event(start, 'facts_learnt', { facts: { ...unknownFacts, unreadable } }));
  expect(screen.queryByText('Nothing is running')).toBeNull();
  screen.getByText('Not known');
  screen.getByText(/The queue cannot be read: the server has an error \(status 500\)/);
});

it('is between prompts while the next one waits', async () => {
  await renderJobs(event(start, 'queue_read', { running: [], pending: [queued('next')] }));
  screen.getByText('Between prompts');
});

/** Somebody else's prompt, of which only the queue tells. */
const others = event(start, 'queue_read', { running: [queued('p', { startedAt: start })], pending: [] });
const noCompanion = event(start, 'facts_learnt', {
  facts: { ...unknownFacts, rest: 'present', companion: 'absent', comfyVersion: '0.27.0' },
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
  screen.getByRole('button', { name: 'Install the companion node' });
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
  screen.getByText('Last known before the connection broke');
  expect(elapsed()).toBe('5 s');
});

describe('the last result, while nothing runs', () => {
  const lake = image('lake.png');
  const preview = { ...image('x'), file: { filename: 'preview.png', subfolder: '', type: 'temp' as const } };
  const at = { startedAt: start, finishedAt: start + 6_000 };
  const finished = (part: Parameters<typeof ended>[1]) =>
    event(start, 'history_read', { entries: [ended('p', { title: 'Lake', ...at, ...part })] });

  it('is told with how long it took, and leads to its output', async () => {
    const { user } = await renderPart(
      <>
        <RunningJobs serverId="s" />
        <Gallery serverId="s" />
      </>,
      { state: stateAfter(finished({ outputs: [preview, lake] })) },
    );
    const last = within(screen.getByRole('article', { name: 'Last result: Lake' }));
    last.getByText('Done');
    last.getByText('took 6 s');
    screen.getByText('Nothing is running');
    await user.click(last.getByRole('button', { name: 'View' }));
    screen.getByRole('dialog', { name: 'Viewer: lake.png' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(last.getByRole('button', { name: 'View lake.png' }));
    screen.getByRole('dialog', { name: 'Viewer: lake.png' });
  });

  it('says why it failed, and leads to the whole of it', async () => {
    const error = {
      nodeId: '3',
      nodeType: 'KSampler',
      exceptionType: 'OutOfMemoryError',
      message: 'Allocation failed',
      traceback: [],
    };
    const { user } = await renderPart(
      <>
        <RunningJobs serverId="s" />
        <FinishedJobs serverId="s" />
      </>,
      { state: stateAfter(finished({ outcome: 'error', error })) },
    );
    const last = within(screen.getByRole('article', { name: 'Last result: Lake' }));
    last.getByText('Allocation failed');
    expect(last.queryByRole('button', { name: 'View' })).toBeNull();
    expect(screen.getByRole('group').hasAttribute('open')).toBe(false);
    await user.click(last.getByRole('button', { name: 'Why it failed' }));
    expect(screen.getByRole('group').hasAttribute('open')).toBe(true);
  });

  it('is not what was cancelled before it ran', async () => {
    const page = await renderJobs(finished({ outputs: [lake] }));
    const waiting = event(start, 'queue_read', { running: [], pending: [queued('q')] });
    const cleared = event(start + 9_000, 'prompt_vanished', { promptId: 'q', fate: 'cancelled' });
    await page.after((host) => host.happen(waiting, cleared));
    screen.getByRole('article', { name: 'Last result: Lake' });
  });

  it('gives way to what runs, and is not told of a server out of reach', async () => {
    const page = await renderJobs(finished({ outputs: [lake] }));
    await page.after((host) =>
      host.happen(event(start, 'prompt_started', { promptId: 'q', startedAt: start })),
    );
    expect(screen.queryByRole('article', { name: /Last result/ })).toBeNull();
    await page.after((host) =>
      host.happen(event(start, 'prompt_vanished', { promptId: 'q', fate: 'cancelled' }), lost),
    );
    expect(screen.queryByRole('article', { name: /Last result/ })).toBeNull();
  });
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
  screen.getByText('about 14 s left');
  screen.getByText('by the last run');
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  screen.getByText('about 9 s left');
  await act(() => vi.advanceTimersByTimeAsync(11_000));
  screen.getByText('longer than usual (14 s)');
});
