import { cleanup, screen, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { ended, event, stateAfter } from '../../../domain/testing/builders.ts';
import { renderPart } from '../../testing/render.tsx';
import { FinishedJobs } from '../finished/finished-jobs.tsx';
import { RunningJobs } from '../running-jobs.tsx';

const start = 1_700_000_000_000;

function failed(promptId: string, at: number) {
  const message = `No room for ${promptId}`;
  const error = { nodeId: '3', nodeType: 'KSampler', exceptionType: null, message, traceback: [] };
  return ended(promptId, { outcome: 'error', title: `Lake ${promptId}`, finishedAt: at, error });
}

const page = (
  <>
    <RunningJobs serverId="s" />
    <FinishedJobs serverId="s" />
  </>
);

function renderJobs(...entries: ReturnType<typeof ended>[]) {
  return renderPart(page, { state: stateAfter(event(start, 'history_read', { entries })) });
}

const notice = () => screen.queryByRole('region', { name: 'Failures not seen yet' });

beforeEach(() => {
  localStorage.clear();
});

it('keeps a failure in sight while others run, until its error is opened', async () => {
  const part = await renderJobs(failed('a', start));
  await part.after((host) =>
    host.happen(event(start + 1, 'prompt_started', { promptId: 'next', startedAt: start + 1 })),
  );
  const shown = within(screen.getByRole('region', { name: 'Failures not seen yet' }));
  shown.getByText('Lake a failed');
  shown.getByText('No room for a');
  await part.user.click(shown.getByRole('button', { name: 'Why' }));
  expect(screen.getByRole('group').hasAttribute('open')).toBe(true);
  expect(notice()).toBeNull();
});

it('stacks several, and dismisses them together, also for a page that is loaded later', async () => {
  const part = await renderJobs(failed('a', start), failed('b', start + 5));
  within(screen.getByRole('region', { name: 'Failures not seen yet' })).getByText('2 failed, last: Lake b');
  await part.user.click(screen.getByRole('button', { name: 'Dismiss 2 failures' }));
  expect(notice()).toBeNull();
  cleanup();
  await renderJobs(failed('a', start), failed('b', start + 5), failed('c', start + 9));
  within(screen.getByRole('region', { name: 'Failures not seen yet' })).getByText('Lake c failed');
});

it('shows none that ended before the server was watched', async () => {
  await renderPart(page, {
    state: stateAfter(event(start, 'history_read', { entries: [failed('old', -5_000)] })),
  });
  expect(notice()).toBeNull();
});

it('counts what was done and what failed', async () => {
  await renderJobs(failed('a', start), ended('b', { finishedAt: start }), ended('c', { finishedAt: start }));
  screen.getByText('2 done');
  screen.getByText('1 failed');
});
