import { act, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { Explained } from './explained.tsx';

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});

function renderTwo() {
  const explain = vi.fn(() => 'Measured on this computer');
  render(
    <>
      <Explained explain={explain}>CPU</Explained>
      <Explained explain={() => 'From Crystools'}>Disk</Explained>
      <p>elsewhere</p>
    </>,
  );
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  return { explain, user, cpu: screen.getByRole('button', { name: 'CPU' }) };
}

const shown = () => screen.queryAllByRole('tooltip').map((tip) => tip.textContent);
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('asks for no explanation before somebody wants it', () => {
  const { explain } = renderTwo();
  expect(shown()).toEqual([]);
  expect(explain).not.toHaveBeenCalled();
});

it('says more once the pointer rests on it, for as long as it is there or on what is said', async () => {
  const { user, cpu } = renderTwo();
  await user.hover(cpu);
  expect(shown()).toEqual([]);
  await wait(300);
  expect(shown()).toEqual(['Measured on this computer']);
  await user.unhover(cpu);
  await user.hover(screen.getByRole('tooltip'));
  await wait(1_000);
  expect(shown()).toHaveLength(1);
  await user.unhover(screen.getByRole('tooltip'));
  await wait(300);
  expect(shown()).toEqual([]);
});

it('does not open for a pointer that only passes', async () => {
  const { user, cpu } = renderTwo();
  await user.hover(cpu);
  await wait(100);
  await user.unhover(cpu);
  await wait(1_000);
  expect(shown()).toEqual([]);
});

it('says more when the keyboard comes to it, as its description, and moves on with the focus', async () => {
  const { user, cpu } = renderTwo();
  await user.tab();
  expect(document.activeElement).toBe(cpu);
  expect(cpu.getAttribute('aria-describedby')).toBe(screen.getByRole('tooltip').id);
  await user.tab();
  expect(shown()).toEqual(['From Crystools']);
  await user.tab();
  expect(shown()).toEqual([]);
});

it('closes with Escape, which does nothing else then, and opens again with Enter', async () => {
  const { user } = renderTwo();
  const behind = vi.fn();
  document.addEventListener('keydown', behind);
  await user.tab();
  behind.mockClear();
  await user.keyboard('{Escape}');
  expect(shown()).toEqual([]);
  expect(behind).not.toHaveBeenCalled();
  await user.keyboard('{Enter}');
  expect(shown()).toEqual(['Measured on this computer']);
  await user.keyboard('{Enter}');
  expect(shown()).toEqual([]);
  document.removeEventListener('keydown', behind);
});

it('opens by a touch and closes by one elsewhere', async () => {
  const { user, cpu } = renderTwo();
  await user.pointer({ keys: '[TouchA]', target: cpu });
  expect(shown()).toEqual(['Measured on this computer']);
  await user.pointer({ keys: '[TouchA]', target: screen.getByText('elsewhere') });
  expect(shown()).toEqual([]);
});

it('stays with what the keyboard brings into view', async () => {
  const { user } = renderTwo();
  await user.tab();
  fireEvent.scroll(document);
  expect(shown()).toEqual(['Measured on this computer']);
});

it('shows one at a time, and none that was scrolled away', async () => {
  const { user } = renderTwo();
  await user.tab();
  await user.hover(screen.getByRole('button', { name: 'Disk' }));
  await wait(300);
  expect(shown()).toEqual(['From Crystools']);
  fireEvent.scroll(document);
  expect(shown()).toEqual([]);
});
