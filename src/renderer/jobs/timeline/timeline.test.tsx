import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { TimelineNode } from '../../../domain/jobs/outlook/timeline.ts';
import { Timeline } from './timeline.tsx';

const none = { classType: null, startedAfterMs: null, tookMs: null, usualMs: null, fraction: 0 };
const nodes: TimelineNode[] = [
  { ...none, nodeId: '1', title: 'Loader', state: 'cached', fraction: 1 },
  { ...none, nodeId: '2', title: 'Encoder', state: 'done', startedAfterMs: 0, tookMs: 400, usualMs: 500 },
  {
    ...none,
    nodeId: '3',
    title: 'Sampler',
    state: 'running',
    startedAfterMs: 400,
    tookMs: 12_000,
    usualMs: 20_000,
  },
  { ...none, nodeId: '4', title: 'Save', state: 'waiting' },
];

it('says what runs, and how much is done', () => {
  render(<Timeline nodes={nodes} />);
  screen.getByRole('button', { name: 'Nodes in time: Sampler runs, 1 of 4 nodes done, 1 cached' });
});

it('lists by keyboard what each node took beside the usual', async () => {
  const user = userEvent.setup();
  render(<Timeline nodes={nodes} />);
  await user.tab();
  const list = screen.getByRole('tooltip').textContent;
  expect(list).toContain('Encoder 0.4 s, usually 0.5 s');
  expect(list).toContain('Sampler running for 12 s, usually 20 s');
  expect(list).toContain('Save waits');
  expect(list).toContain('1 node cached');
});

it('lists the longest of very many, and counts the others', async () => {
  const user = userEvent.setup();
  const many = Array.from({ length: 300 }, (_, n): TimelineNode => {
    const usualMs = n === 200 ? 60_000 : 10;
    return { ...none, nodeId: `${n}`, title: `Node ${n}`, state: 'waiting', usualMs };
  });
  render(<Timeline nodes={many} />);
  await user.tab();
  const list = screen.getByRole('tooltip').textContent;
  expect(list).toContain('Node 200 waits, usually 1 min 00 s');
  expect(list).toContain('286 short nodes');
});
