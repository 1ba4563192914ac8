import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { ended, event, queued, stateAfter } from '../../domain/testing/builders.ts';
import { lateAfter } from '../session/use-command.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPart } from '../testing/render.tsx';
import { PendingJobs } from './pending-jobs.tsx';
import { RunningJobs } from './running-jobs.tsx';

type Answers = NonNullable<FakeHostOptions['answers']>;

const done = () => undefined;
const queue = (...ids: string[]): MonitorEvent =>
  event(2, 'queue_read', {
    running: [queued('now', { title: 'Portrait' })],
    pending: ids.map((id) => queued(id, { title: `Prompt ${id}` })),
  });
/** The prompts are not in the queue any more, and nobody ran them. */
const gone = (...ids: string[]): MonitorEvent[] =>
  ids.map((promptId) => event(3, 'prompt_vanished', { promptId, fate: 'cancelled' }));
const broken = event(3, 'connection_changed', {
  connection: { phase: 'connecting', attempt: 2, since: 3 },
});

function refuse() {
  throw new BridgeError('The command was not carried out. The server does not answer.');
}

describe('interrupting the running prompt', () => {
  function renderRunning(answers: Answers, ...events: MonitorEvent[]) {
    return renderPart(<RunningJobs serverId="s" />, { state: stateAfter(queue(), ...events), answers });
  }
  const button = () => screen.getByRole('button', { name: /Interrupt/ });

  it('goes on until the events show that it is over', async () => {
    const page = await renderRunning({ interruptJob: done });
    await page.user.click(screen.getByRole('button', { name: 'Interrupt “Portrait”' }));
    expect(page.host.asked).toEqual([{ name: 'interruptJob', request: { serverId: 's', promptId: 'now' } }]);
    await page.user.click(screen.getByRole('button', { name: 'Interrupting… “Portrait”' }));
    expect(page.host.asked).toHaveLength(1);
    await page.after((host) =>
      host.happen(event(9, 'history_read', { entries: [ended('now', { outcome: 'interrupted' })] })),
    );
    expect(screen.queryByRole('button', { name: /Interrupt/ })).toBeNull();
  });

  it('says so when the prompt still runs after a while, and can be asked again', async () => {
    vi.useFakeTimers();
    const page = await renderRunning({ interruptJob: done });
    await act(async () => button().click());
    await act(() => vi.advanceTimersByTimeAsync(lateAfter - 1));
    expect(screen.queryByText(/still runs/)).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(1));
    screen.getByText(/^It still runs, 10 s after/);
    await act(async () => button().click());
    expect(page.host.asked).toHaveLength(2);
    expect(button().textContent).toBe('Interrupting…');
  });

  it('says why the server did not take it, and can be tried again', async () => {
    const { user } = await renderRunning({ interruptJob: refuse });
    await user.click(button());
    await screen.findByText(/The command was not carried out/);
    expect(button().textContent).toBe('Interrupt');
  });

  it('is not possible without a connection', async () => {
    await renderRunning({}, broken);
    expect(button()).toHaveProperty('disabled', true);
  });

  it('does not pass on to the next prompt', async () => {
    const page = await renderRunning({ interruptJob: done });
    await page.user.click(button());
    await page.after((host) =>
      host.happen(
        event(9, 'history_read', { entries: [ended('now', { outcome: 'interrupted' })] }),
        event(10, 'prompt_started', { promptId: 'next', startedAt: 10 }),
      ),
    );
    expect(button().textContent).toBe('Interrupt');
  });

  it('can be done with the keyboard', async () => {
    const { user, host } = await renderRunning({ interruptJob: done });
    await user.tab();
    await user.keyboard('{Enter}');
    expect(host.asked).toHaveLength(1);
    expect(document.activeElement).toBe(button());
  });
});

describe('waiting prompts', () => {
  function renderPending(answers: Answers, ...events: MonitorEvent[]) {
    return renderPart(<PendingJobs serverId="s" />, { state: stateAfter(...events), answers });
  }
  const cancel = (id: string) => screen.getByRole('button', { name: new RegExp(`: Prompt ${id}$`) });

  it('are cancelled one by one, and gone when the queue says so', async () => {
    const page = await renderPending({ cancelJobs: done }, queue('a', 'b', 'c'));
    await page.user.click(screen.getByRole('button', { name: 'Cancel: Prompt b' }));
    expect(page.host.asked).toEqual([{ name: 'cancelJobs', request: { serverId: 's', promptIds: ['b'] } }]);
    screen.getByRole('button', { name: 'Cancelling: Prompt b' });
    await page.after((host) => host.happen(...gone('b')));
    expect(within(screen.getByRole('list')).getAllByRole('listitem')).toHaveLength(2);
    // The keyboard goes on where the cancelled one was.
    expect(document.activeElement).toBe(cancel('c'));
  });

  it('can be cancelled again when that did not help', async () => {
    vi.useFakeTimers();
    const { host } = await renderPending({ cancelJobs: done }, queue('a'));
    await act(async () => cancel('a').click());
    await act(() => vi.advanceTimersByTimeAsync(lateAfter));
    await act(async () =>
      screen.getByRole('button', { name: 'Still waiting; cancel again: Prompt a' }).click(),
    );
    expect(host.asked).toHaveLength(2);
  });

  it('stay, with the reason, when the server does not take it', async () => {
    const { user } = await renderPending({ cancelJobs: refuse }, queue('a'));
    await user.click(cancel('a'));
    await screen.findByText(/The command was not carried out/);
    screen.getByRole('button', { name: 'Cancel: Prompt a' });
  });

  it('are all removed after a question that says how many', async () => {
    const page = await renderPending({ clearQueue: done }, queue('a', 'b'));
    const { user, host } = page;
    await user.click(screen.getByRole('button', { name: 'Clear queue' }));
    await user.click(screen.getByRole('button', { name: 'Keep them' }));
    expect(host.asked).toEqual([]);

    await user.click(screen.getByRole('button', { name: 'Clear queue' }));
    screen.getByRole('alertdialog', { name: 'Remove 2 waiting prompts from the queue?' });
    await page.after((real) => real.happen(queue('a', 'b', 'c')));
    await user.click(screen.getByRole('button', { name: 'Remove 3 prompts' }));
    expect(host.asked).toEqual([{ name: 'clearQueue', request: { serverId: 's' } }]);
    screen.getByRole('button', { name: 'Clearing…' });

    // Somebody queued another one meanwhile; that is no part of what was cleared.
    await page.after((real) => real.happen(...gone('a', 'b', 'c'), queue('d')));
    screen.getByRole('button', { name: 'Clear queue' });
  });

  it('leave the keyboard where they were when the queue is empty', async () => {
    const page = await renderPending({ cancelJobs: done }, queue('a'));
    await page.user.click(cancel('a'));
    await page.after((host) => host.happen(...gone('a')));
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Up next' }));
  });

  it('that stay after clearing are counted', async () => {
    vi.useFakeTimers();
    await renderPending({ clearQueue: done }, queue('a', 'b'));
    await act(async () => screen.getByRole('button', { name: 'Clear queue' }).click());
    await act(async () => screen.getByRole('button', { name: 'Remove 2 prompts' }).click());
    await act(() => vi.advanceTimersByTimeAsync(lateAfter));
    screen.getByText('2 still there');
  });

  it('cannot be touched without a connection', async () => {
    await renderPending({}, queue('a'), broken);
    expect(screen.getByRole('button', { name: 'Clear queue' })).toHaveProperty('disabled', true);
    expect(cancel('a')).toHaveProperty('disabled', true);
  });

  it('need no clearing when there are none', async () => {
    await renderPending({}, queue());
    expect(screen.queryByRole('button', { name: 'Clear queue' })).toBeNull();
  });
});
