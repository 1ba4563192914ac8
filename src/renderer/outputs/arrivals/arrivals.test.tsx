import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { ended, event, image, stateAfter } from '../../../domain/testing/builders.ts';
import type { FakeHost } from '../../testing/fake-host.ts';
import { renderPart } from '../../testing/render.tsx';
import { Gallery } from '../gallery.tsx';
import { letGoTime, restTime } from './use-arrivals.ts';

let at = 10;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  at = 10;
});

const finished = (name: string) => {
  at += 1;
  const entry = ended(name, { title: name, finishedAt: at * 1_000, outputs: [image(`${name}.png`)] });
  return event(at, 'history_read', { entries: [entry] });
};
const makes = (name: string) => (host: FakeHost) => host.happen(finished(name));
const shown = () =>
  within(screen.getByRole('toolbar', { name: 'Thumbnails' }))
    .getAllByRole('button')
    .map((button) => button.title);
const passes = (time: number) => act(() => vi.advanceTimersByTimeAsync(time));

async function openGallery() {
  const page = await renderPart(
    <>
      <Gallery serverId="s" />
      <button type="button">Elsewhere</button>
    </>,
    { state: stateAfter(finished('old')) },
  );
  return { ...page, user: userEvent.setup({ advanceTimers: vi.advanceTimersByTime }) };
}

it('new outputs are there at once while nobody is at the gallery, and then not more often than every few seconds', async () => {
  const { after } = await openGallery();
  await after(makes('a'));
  expect(shown()).toEqual(['a.png', 'old.png']);
  await after(makes('b'));
  await after(makes('c'));
  expect(shown()).toEqual(['a.png', 'old.png']);
  expect(screen.queryByRole('button', { name: /new/ })).toBeNull();
  await passes(restTime);
  expect(shown()).toEqual(['c.png', 'b.png', 'a.png', 'old.png']);
});

it('they wait while something is pointed at, and come when the pointer has left', async () => {
  const { user, after } = await openGallery();
  await user.hover(screen.getByRole('button', { name: 'old.png' }));
  await after(makes('a'));
  await after(makes('b'));
  await passes(2 * restTime);
  expect(shown()).toEqual(['old.png']);
  screen.getByRole('button', { name: '2 new: show them' });
  await user.hover(screen.getByRole('button', { name: 'Elsewhere' }));
  await passes(letGoTime);
  expect(shown()).toEqual(['b.png', 'a.png', 'old.png']);
  expect(screen.queryByRole('button', { name: /new/ })).toBeNull();
});

it('they wait while the keyboard is there; by wish they come, and the keyboard is at the first', async () => {
  const { user, after } = await openGallery();
  await user.tab();
  await after(makes('a'));
  await after(makes('b'));
  expect(shown()).toEqual(['old.png']);
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(screen.getByRole('button', { name: '2 new: show them' }));
  await user.keyboard('{Enter}');
  expect(shown()).toEqual(['b.png', 'a.png', 'old.png']);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'b.png' }));
});

it('that they wait is told once, however many they become', async () => {
  const { user, after } = await openGallery();
  const told = () => screen.getAllByRole('status').map((status) => status.textContent);
  await user.hover(screen.getByRole('button', { name: 'old.png' }));
  expect(told()).toEqual(['', '']);
  await after(makes('a'));
  const first = told();
  expect(first.join('')).toContain('New outputs wait');
  await after(makes('b'));
  expect(told()).toEqual(first);
});

it('nothing comes in behind the viewer or a menu, nor when the keyboard is back from there', async () => {
  const { user, after } = await openGallery();
  await user.tab();
  await user.keyboard(' ');
  await after(makes('a'));
  screen.getByRole('dialog');
  await user.keyboard('{Escape}');
  await passes(2 * letGoTime);
  expect(shown()).toEqual(['old.png']);
  await user.keyboard('{Shift>}{F10}{/Shift}');
  await passes(2 * letGoTime);
  await user.keyboard('{Escape}');
  await passes(2 * letGoTime);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'old.png' }));
  expect(shown()).toEqual(['old.png']);
});
