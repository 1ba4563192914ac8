import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Job, JobError } from '../../../domain/jobs/job.ts';
import type { HistoryEntry, MonitorEvent } from '../../../domain/monitor-event.ts';
import { limits } from '../../../domain/monitor-state.ts';
import {
  ended,
  event,
  image,
  machineWith,
  queued,
  sample,
  serverAfter,
} from '../../../domain/testing/builders.ts';
import { UnitsContext } from '../../ui/units.ts';
import { FinishedList } from './finished-jobs.tsx';

function history(...entries: HistoryEntry[]): Job[] {
  return serverAfter(event(1, 'history_read', { entries })).finished;
}

function finishedAfter(...events: MonitorEvent[]): Job[] {
  return serverAfter(...events).finished;
}

/** As the decoder gives it: entries of a traceback have lost the line break at their end. */
const outOfMemory: JobError = {
  nodeId: '3',
  nodeType: 'KSampler',
  exceptionType: 'torch.OutOfMemoryError',
  message: 'Allocation on device 0 failed',
  traceback: ['  File "execution.py", line 496\n    run(node)', '  File "nodes.py", line 1459\n    sample()'],
};

/** VRAM of a card with 24 GiB, once a second for nine seconds; at the fullest 19.7 GiB. */
const measured = Array.from({ length: 10 }, (_, n) => {
  const vramUsed = (n === 5 ? 19.7 : 8) * 1024 ** 3;
  const gpu = {
    loadPercent: null,
    temperatureC: null,
    vramUsed,
    vramTotal: 24 * 1024 ** 3,
    powerWatts: null,
  };
  return event(n * 1_000, 'telemetry_sampled', {
    machine: machineWith({}),
    sample: { ...sample(n * 1_000), gpus: [gpu] },
  });
});

/** A failed prompt whose graph was known. */
function failed(error: JobError): Job[] {
  const nodeNames = { 3: { title: 'Sampler', classType: 'KSampler' } };
  return finishedAfter(
    event(1, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal: 4, nodeNames }),
    event(2, 'prompt_started', { promptId: 'p', startedAt: 2 }),
    event(3, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal: 4, nodeNames }),
    event(9, 'prompt_finished', { promptId: 'p', outcome: 'error', finishedAt: 9, error }),
  );
}

it.each([
  ['success', 'Done'],
  ['error', 'Failed'],
  ['interrupted', 'Interrupted'],
  ['cancelled', 'Cancelled'],
] as const)('says in a word that a prompt ended as %s', (outcome, word) => {
  render(<FinishedList jobs={history(ended('p', { outcome, title: 'Portrait', finishedAt: 5_000 }))} />);
  const row = screen.getByRole('listitem');
  within(row).getByText('Portrait');
  within(row).getByText(word);
});

it('explains what became of a prompt that the server does not know any more', () => {
  const waiting = event(1, 'queue_read', { running: [], pending: [queued('p', { title: 'Portrait' })] });
  const jobs = finishedAfter(waiting, event(2, 'prompt_vanished', { promptId: 'p', fate: 'lost' }));
  render(<FinishedList jobs={jobs} />);
  screen.getByText('Lost');
  screen.getByText(/The server does not know this prompt any more/);
});

it('says of a prompt whose end cannot be read that it is over, and no more', () => {
  const ran = event(1, 'queue_read', { running: [queued('p', { startedAt: 1 })], pending: [] });
  const jobs = finishedAfter(ran, event(9_000, 'prompt_vanished', { promptId: 'p', fate: 'ended' }));
  render(<FinishedList jobs={jobs} />);
  screen.getByText('Ended');
  screen.getByText(/how it ended is not known/);
  expect(screen.getByTitle('How long it took is not known').textContent).toBe('–');
});

it('says how long a prompt took, or that nobody told', () => {
  const jobs = history(
    ended('quick', { title: 'Quick', startedAt: 1_000, finishedAt: 66_000 }),
    ended('unknown', { title: 'Unknown', finishedAt: 60_000 }),
  );
  render(<FinishedList jobs={jobs} />);
  expect(screen.getByTitle('How long it took').textContent).toBe('1 min 05 s');
  expect(screen.getByTitle('How long it took is not known').textContent).toBe('–');
});

it('leads from a job to what it made, where it made something', async () => {
  const user = userEvent.setup();
  const onView = vi.fn();
  const lake = image('lake.png');
  const jobs = history(
    ended('made', { title: 'Made', outputs: [lake], finishedAt: 2 }),
    ended('empty', { title: 'Empty', finishedAt: 1 }),
  );
  render(<FinishedList jobs={jobs} onView={onView} />);
  await user.click(screen.getByRole('button', { name: /Made/ }));
  expect(onView).toHaveBeenCalledWith('made', lake);
  expect(screen.queryByRole('button', { name: /Empty/ })).toBeNull();
});

it('unfolds a failure that is asked for', () => {
  const page = render(<FinishedList jobs={failed(outOfMemory)} />);
  expect(screen.getByRole('group').hasAttribute('open')).toBe(false);
  page.rerender(<FinishedList jobs={failed(outOfMemory)} wanted={{ promptId: 'p' }} />);
  expect(screen.getByRole('group').hasAttribute('open')).toBe(true);
});

it('unfolds a failure to its message, the node and the traceback', async () => {
  const user = userEvent.setup();
  render(<FinishedList jobs={failed(outOfMemory)} />);
  const details = screen.getByRole('group');
  expect(details.hasAttribute('open')).toBe(false);
  await user.click(within(details).getByText('Why'));
  expect(details.hasAttribute('open')).toBe(true);
  within(details).getByText('Allocation on device 0 failed');
  within(details).getByText('torch.OutOfMemoryError:');
  within(details).getByText('In the node “Sampler” (id 3, KSampler)');
  expect(within(details).getByRole('region', { name: 'Traceback' }).textContent).toBe(
    ['  File "execution.py", line 496', '    run(node)', '  File "nodes.py", line 1459', '    sample()'].join(
      '\n',
    ),
  );
});

it('names the node before the message, which may be long', () => {
  render(<FinishedList jobs={failed(outOfMemory)} />);
  const node = screen.getByText(/^In the node/);
  const message = screen.getByRole('region', { name: 'Message' });
  expect(node.compareDocumentPosition(message)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

it('lets the keyboard scroll what is longer than its room', () => {
  render(<FinishedList jobs={failed(outOfMemory)} />);
  for (const name of ['Message', 'Traceback'])
    expect(screen.getByRole('region', { name }).getAttribute('tabindex')).toBe('0');
});

it('opens a failure in a dialog with room for it', async () => {
  const user = userEvent.setup();
  render(<FinishedList jobs={failed(outOfMemory)} />);
  await user.click(screen.getByRole('button', { name: 'Open large' }));
  const dialog = screen.getByRole('dialog', { name: 'Why Portrait failed' });
  within(dialog).getByText('Allocation on device 0 failed');
  within(dialog).getByText('In the node “Sampler” (id 3, KSampler)');
  expect(within(dialog).getByRole('region', { name: 'Traceback' }).textContent).toContain('sample()');
  within(dialog).getByRole('button', { name: 'Copy error' });
  await user.click(within(dialog).getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('shows of a failure only what the server told', () => {
  const bare = { nodeId: null, nodeType: null, exceptionType: null, message: 'It broke', traceback: [] };
  render(<FinishedList jobs={failed(bare)} />);
  screen.getByText('It broke');
  expect(screen.queryByText(/In the node/)).toBeNull();
  expect(screen.queryByRole('region', { name: 'Traceback' })).toBeNull();
});

it('copies a failure as text for a bug report', async () => {
  const user = userEvent.setup();
  const copied = vi.spyOn(navigator.clipboard, 'writeText');
  render(<FinishedList jobs={failed(outOfMemory)} />);
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  expect(copied).toHaveBeenCalledWith(
    [
      'Portrait (p)',
      'Node: Sampler (id 3, KSampler)',
      'torch.OutOfMemoryError: Allocation on device 0 failed',
      '  File "execution.py", line 496',
      '    run(node)',
      '  File "nodes.py", line 1459',
      '    sample()',
    ].join('\n'),
  );
  await screen.findByRole('button', { name: 'Copied' });
});

it('says how full the VRAM was at most, in the units that were chosen, and copies it with a failure', async () => {
  const user = userEvent.setup();
  const copied = vi.spyOn(navigator.clipboard, 'writeText');
  const jobs = finishedAfter(
    event(0, 'prompt_started', { promptId: 'p', startedAt: 0 }),
    ...measured,
    event(9_000, 'prompt_finished', {
      promptId: 'p',
      outcome: 'error',
      finishedAt: 9_000,
      error: outOfMemory,
    }),
  );
  const { rerender } = render(<FinishedList jobs={jobs} />);
  screen.getByText('peak 19.7 of 24.0 GiB');
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  expect(copied).toHaveBeenLastCalledWith(
    expect.stringContaining(
      '\nHighest VRAM use measured while it ran: 19.7 of 24.0 GiB\ntorch.OutOfMemoryError',
    ),
  );
  rerender(
    <UnitsContext value="decimal">
      <FinishedList jobs={jobs} />
    </UnitsContext>,
  );
  screen.getByText('peak 21.2 of 25.8 GB');
});

it('says what energy a job took, on average and in all, and copies it with a failure', async () => {
  const user = userEvent.setup();
  const copied = vi.spyOn(navigator.clipboard, 'writeText');
  const started = event(0, 'prompt_started', { promptId: 'p', startedAt: 0 });
  const samples = measured.map((one) =>
    one.type === 'telemetry_sampled'
      ? {
          ...one,
          sample: { ...one.sample, gpus: one.sample.gpus.map((gpu) => ({ ...gpu, powerWatts: 400 })) },
        }
      : one,
  );
  const end = event(9_000, 'prompt_finished', {
    promptId: 'p',
    outcome: 'error',
    finishedAt: 9_000,
    error: outOfMemory,
  });
  render(<FinishedList jobs={finishedAfter(started, ...samples, end)} />);
  expect(screen.getByTitle(/^1\.0 Wh, 400 W on average: what the GPUs used/).textContent).toBe('1.0 Wh');
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  expect(copied).toHaveBeenLastCalledWith(
    expect.stringContaining('\nWhat the GPUs used while it ran: 1.0 Wh, 400 W on average\ntorch.'),
  );
});

it('says nothing about VRAM and energy that were not measured all the time', () => {
  render(<FinishedList jobs={failed(outOfMemory)} />);
  expect(screen.queryByText(/\d Wh/)).toBeNull();
  expect(screen.queryByText(/peak/)).toBeNull();
});

it('folds a long history', async () => {
  const user = userEvent.setup();
  const entries = Array.from({ length: 12 }, (_, i) => ended(`p${i}`, { title: `No. ${i}`, finishedAt: i }));
  render(<FinishedList jobs={history(...entries)} />);
  expect(screen.getAllByRole('listitem')).toHaveLength(8);
  expect(screen.getAllByRole('listitem')[0]?.textContent).toContain('No. 11');
  await user.click(screen.getByRole('button', { name: 'Show all 12' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(12);
});

it('does not call the last ones all, where older ones were forgotten', async () => {
  const user = userEvent.setup();
  const entries = Array.from({ length: limits.finishedJobs + 5 }, (_, i) =>
    ended(`p${i}`, { finishedAt: i }),
  );
  render(<FinishedList jobs={history(...entries)} />);
  expect(screen.queryByText(/Older ones/)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show last 200' }));
  expect(screen.getAllByRole('listitem').at(-1)?.textContent).toBe(
    'Older ones are in ComfyUI’s own history.',
  );
});

it('says that nothing has finished yet', () => {
  render(<FinishedList jobs={[]} />);
  screen.getByText('No prompt has finished yet.');
});

it('unfolds for a job that is asked for and folded away, every time it is asked for', async () => {
  const jobs = history(...Array.from({ length: 12 }, (_, n) => ended(`p${n}`, { finishedAt: 100 - n })));
  const user = userEvent.setup();
  const page = render(<FinishedList jobs={jobs} wanted={null} />);
  expect(screen.queryByText('Prompt p11')).toBeNull();
  page.rerender(<FinishedList jobs={jobs} wanted={{ promptId: 'p11' }} />);
  screen.getByText('Prompt p11');
  await user.click(screen.getByRole('button', { name: 'Show fewer' }));
  expect(screen.queryByText('Prompt p11')).toBeNull();
  page.rerender(<FinishedList jobs={jobs} wanted={{ promptId: 'p11' }} />);
  screen.getByText('Prompt p11');
});
