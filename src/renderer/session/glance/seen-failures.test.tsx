import { screen, within } from '@testing-library/react';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { emptyState } from '../../../domain/monitor-state.ts';
import { reduce } from '../../../domain/reduce.ts';
import { ended, event, testServer } from '../../../domain/testing/builders.ts';
import { GlanceBar } from '../../frame/top/glance-bar.tsx';
import { ServerList } from '../../servers/server-list.tsx';
import { type Page, renderPart } from '../../testing/render.tsx';
import { hostNow } from '../../ui/clock.ts';
import { markFailuresSeen } from './seen-failures.ts';

beforeEach(() => {
  // What is seen is of the page, which all tests here share.
  markFailuresSeen('s', 0);
  onTestFinished(() => localStorage.clear());
});

function failed(promptId: string, msAgo: number) {
  return ended(promptId, { outcome: 'error', finishedAt: hostNow() - msAgo });
}

/** A server that is watched for 10 ms, in the list of servers and at a glance. */
function renderServer(...entries: ReturnType<typeof failed>[]): Promise<Page> {
  const since = hostNow() - 10;
  const state = [
    event(since, 'server_added', { server: testServer }),
    event(since, 'connection_changed', { connection: { phase: 'connected', since } }),
    event(since, 'history_read', { entries }),
  ].reduce(reduce, emptyState);
  return renderPart(
    <>
      <ServerList serverIds={['s']} selected="s" onSelect={() => {}} />
      <GlanceBar serverId="s" />
    </>,
    { state },
  );
}

const row = () => screen.getByRole('button', { name: /^Test/ }).textContent;
const failedCount = () =>
  within(screen.getByRole('region', { name: 'At a glance' })).getByRole('button', { name: /failed/ });
const drawsTheEye = () => failedCount().closest('[data-new]') !== null;

it('tells of a failure until it is looked at, and of the next one again', async () => {
  const part = await renderServer(failed('a', 5));
  expect(row()).toContain('1 failed');
  expect(drawsTheEye()).toBe(true);
  await part.user.click(failedCount());
  expect(row()).not.toContain('failed');
  expect(drawsTheEye()).toBe(false);
  // The next one fails later than that was.
  await part.after((host) =>
    host.happen(event(hostNow() + 50, 'history_read', { entries: [failed('a', 5), failed('b', -50)] })),
  );
  expect(row()).toContain('2 failed');
  expect(drawsTheEye()).toBe(true);
});

it('takes what failed before the server was watched for known', async () => {
  await renderServer(failed('a', 60));
  expect(row()).not.toContain('failed');
  expect(drawsTheEye()).toBe(false);
});

it('keeps what was seen of each server apart', async () => {
  markFailuresSeen('other', hostNow());
  await renderServer(failed('a', 5));
  expect(row()).toContain('1 failed');
});
