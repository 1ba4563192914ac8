import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import {
  ended,
  event,
  parametersWith,
  queued,
  serverAfter,
  stateAfter,
} from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { PendingJobs, PendingList } from './pending-jobs.tsx';

function pending(count: number) {
  const entries = Array.from({ length: count }, (_, i) =>
    queued(`p${i + 1}`, { queueNumber: i, title: `Prompt no. ${i + 1}`, nodeTotal: i === 0 ? 1 : 7 }),
  );
  return serverAfter(event(1, 'queue_read', { running: [], pending: entries })).pending;
}

const rows = () => within(screen.getByRole('list')).getAllByRole('listitem');

it('lists what waits in the order of the queue, with its place', () => {
  render(<PendingList jobs={pending(3)} connected />);
  expect(screen.getByText('waiting').parentElement?.textContent).toBe('3 waiting');
  expect(rows().map((row) => row.textContent)).toEqual([
    '1Prompt no. 11 node',
    '2Prompt no. 27 nodes',
    '3Prompt no. 37 nodes',
  ]);
});

it('unfolds a long queue, and folds it again', async () => {
  const user = userEvent.setup();
  render(<PendingList jobs={pending(100)} connected />);
  expect(rows()).toHaveLength(6);
  await user.click(screen.getByRole('button', { name: 'Show all 100' }));
  expect(rows()).toHaveLength(100);
  await user.click(screen.getByRole('button', { name: 'Show fewer', expanded: true }));
  expect(rows()).toHaveLength(6);
});

it('tells an empty queue from one that cannot be seen', () => {
  const { rerender } = render(<PendingList jobs={[]} connected />);
  screen.getByText('Nothing is waiting.');
  rerender(<PendingList jobs={[]} connected={false} />);
  screen.getByText('Unknown while not connected.');
});

it('says how long the queue takes by earlier prompts, and no more than is known', async () => {
  const kind = { title: 'Portrait', nodeTotal: 7 };
  const earlier = ended('e', { ...kind, startedAt: 0, finishedAt: 180_000 });
  const waiting = ['a', 'b', 'c'].map((id, index) => queued(id, { ...kind, queueNumber: index }));
  const queue = (...others: string[]) =>
    event(200_000, 'queue_read', { running: [], pending: [...waiting, ...others.map((id) => queued(id))] });
  const state = stateAfter(queue());
  const page = await renderPart(<PendingJobs serverId="s" />, { state });
  const count = () => screen.getByText(/waiting$/).parentElement?.textContent;
  expect(count()).toBe('3 waiting');
  await page.after((host) => host.happen(event(200_000, 'history_read', { entries: [earlier] }), queue('d')));
  expect(count()).toBe('4 waiting · queue takes over 9 min');
  await page.after((host) =>
    host.happen(queue(), event(1, 'prompt_vanished', { promptId: 'd', fate: 'cancelled' })),
  );
  expect(count()).toMatch(/^3 waiting · queue empty about \d\d:\d\d$/);
});

it('opens a waiting prompt to what it is made with, and to when its turn comes', async () => {
  const kind = { title: 'Portrait', nodeTotal: 7 };
  const at = Date.now();
  const earlier = ended('e', { ...kind, startedAt: at - 400_000, finishedAt: at - 220_000 });
  const parameters = parametersWith({
    models: ['flux/dev.safetensors'],
    seed: '42',
    positive: { text: 'a lighthouse', isClipped: false },
  });
  const waiting = [queued('a', { ...kind, parameters }), queued('b', { title: 'Unknown' })];
  const { user } = await renderPart(<PendingJobs serverId="s" />, {
    state: stateAfter(
      event(at, 'history_read', { entries: [earlier] }),
      event(at, 'queue_read', { running: [], pending: waiting }),
    ),
  });
  const row = screen.getByRole('button', { name: 'Portrait' });
  expect(row.getAttribute('aria-expanded')).toBe('false');
  row.focus();
  await user.keyboard('{Enter}');
  expect(row.getAttribute('aria-expanded')).toBe('true');
  screen.getByText('42');
  screen.getByText('a lighthouse');
  screen.getByText(/^usually 3 min 00 s · starts about \d\d:\d\d · done about \d\d:\d\d$/);
  await user.click(screen.getByRole('button', { name: 'Unknown' }));
  screen.getByText('What it is made with is not known yet.');
  screen.getByText(/^how long it takes is not known yet · starts about/);
});
