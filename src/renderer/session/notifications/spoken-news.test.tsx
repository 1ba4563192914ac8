import { act, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { ended, event, image, stateAfter } from '../../../domain/testing/builders.ts';
import { renderPart } from '../../testing/render.tsx';
import { SpokenNews } from './spoken-news.tsx';

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});

const passes = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));
const told = () => screen.getAllByRole('status')[0]?.textContent;
const runs = (name: string) => event(Date.now(), 'prompt_started', { promptId: name, startedAt: Date.now() });
const ends = (...names: string[]) =>
  event(Date.now(), 'history_read', {
    entries: names.map((name) =>
      ended(name, { title: name, finishedAt: Date.now(), outputs: [image(`${name}.png`)] }),
    ),
  });

it('tells each result once, and nothing of what was over before', async () => {
  const before = stateAfter(event(1, 'history_read', { entries: [ended('old', { finishedAt: 1 })] }));
  const { after } = await renderPart(<SpokenNews />, { state: before });
  await passes(5_000);
  expect(told()).toBe('');
  await after((host) => host.happen(runs('a')));
  await after((host) => host.happen(ends('a')));
  expect(told()).toContain('Finished: a');
  await passes(20_000);
  expect(told()).toBe('');
  await after((host) => host.happen(ends('a')));
  await passes(5_000);
  expect(told()).toBe('');
});

it('sums up what ends at once', async () => {
  const { after } = await renderPart(<SpokenNews />, { state: stateAfter() });
  await after((host) => host.happen(runs('a'), runs('b')));
  await after((host) => host.happen(ends('a', 'b')));
  expect(told()).toContain('2 prompts finished');
});
