import { act, screen, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import type { Job } from '../../../domain/jobs/job.ts';
import { emptyState } from '../../../domain/monitor-state.ts';
import { reduce } from '../../../domain/reduce.ts';
import { ended, event, testServer } from '../../../domain/testing/builders.ts';
import { GlanceBar } from '../../frame/top/glance-bar.tsx';
import { ServerList } from '../../servers/server-list.tsx';
import { type Page, renderPart } from '../../testing/render.tsx';
import { hostNow } from '../../ui/clock.ts';
import { dismissFailures, markSeen } from './seen-failures.ts';

beforeEach(() => {
  localStorage.clear();
});

function failed(promptId: string, msAgo: number) {
  return ended(promptId, { outcome: 'error', finishedAt: hostNow() - msAgo });
}

/** A server that is watched for 10 ms, in the list of servers and at a glance. */
async function renderServer(
  ...entries: ReturnType<typeof failed>[]
): Promise<Page & { jobs: readonly Job[] }> {
  const since = hostNow() - 10;
  const state = [
    event(since, 'server_added', { server: testServer }),
    event(since, 'connection_changed', { connection: { phase: 'connected', since } }),
    event(since, 'history_read', { entries }),
  ].reduce(reduce, emptyState);
  const part = await renderPart(
    <>
      <ServerList serverIds={['s']} selected="s" onSelect={() => {}} />
      <GlanceBar serverId="s" />
    </>,
    { state },
  );
  return { ...part, jobs: state.servers[0]?.finished ?? [] };
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
  const { jobs } = await renderServer(failed('a', 5));
  act(() => dismissFailures('other', jobs));
  expect(row()).toContain('1 failed');
});

it('takes one whose error was opened in a list of jobs for seen, too', async () => {
  const { jobs } = await renderServer(failed('a', 5));
  expect(drawsTheEye()).toBe(true);
  act(() => jobs.forEach(markSeen));
  expect(drawsTheEye()).toBe(false);
  expect(row()).not.toContain('failed');
});
