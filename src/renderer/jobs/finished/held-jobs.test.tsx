import { fireEvent, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ended, event, serverAfter } from '../../../domain/testing/builders.ts';
import { FinishedList } from './finished-jobs.tsx';

const jobs = (...ids: string[]) =>
  serverAfter(
    event(1, 'history_read', {
      entries: ids.map((id, index) => ended(id, { title: id, finishedAt: 1_000 - index })),
    }),
  ).finished;

const titles = () =>
  screen.getAllByRole('listitem').map((row) => within(row).getByText(/^(new|first|second)$/).textContent);

it('keeps the rows where they are while a pointer is on them, and says how many came', () => {
  const { rerender } = render(<FinishedList jobs={jobs('first', 'second')} />);
  fireEvent.pointerEnter(screen.getByRole('list'));
  rerender(<FinishedList jobs={jobs('new', 'first', 'second')} />);
  expect(titles()).toEqual(['first', 'second']);
  screen.getByRole('button', { name: '1 new: show' });
  fireEvent.pointerLeave(screen.getByRole('list'));
  expect(titles()).toEqual(['new', 'first', 'second']);
  expect(screen.queryByRole('button', { name: '1 new: show' })).toBeNull();
});

it('shows a new one that is asked for all the same', () => {
  const { rerender } = render(<FinishedList jobs={jobs('first', 'second')} />);
  fireEvent.pointerEnter(screen.getByRole('list'));
  rerender(<FinishedList jobs={jobs('new', 'first', 'second')} wanted={{ promptId: 'new' }} />);
  expect(titles()).toEqual(['new', 'first', 'second']);
});

it('lets new ones in for whoever stays in the list and asks for them, and holds what comes later', () => {
  const { rerender } = render(<FinishedList jobs={jobs('first', 'second')} />);
  fireEvent.pointerEnter(screen.getByRole('list'));
  rerender(<FinishedList jobs={jobs('new', 'first', 'second')} />);
  fireEvent.click(screen.getByRole('button', { name: '1 new: show' }));
  expect(titles()).toEqual(['new', 'first', 'second']);
  rerender(<FinishedList jobs={jobs('later', 'new', 'first', 'second')} />);
  expect(titles()).toEqual(['new', 'first', 'second']);
});
