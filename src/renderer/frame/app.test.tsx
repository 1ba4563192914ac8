import { cleanup, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { emptyState } from '../../domain/monitor-state.ts';
import type { ConnectionProblem, Server } from '../../domain/server.ts';
import { ended, event, queued, stateAfter, testServer } from '../../domain/testing/builders.ts';
import { renderPage } from '../testing/render.tsx';

const studio: Server = { ...testServer, id: 'studio', name: 'Studio', color: 'orange' };

/** The same event, of the studio's server. */
function ofStudio(one: MonitorEvent): MonitorEvent {
  return { ...one, serverId: studio.id };
}

const studioIsThere = [
  ofStudio(event(1, 'server_added', { server: studio })),
  ofStudio(event(1, 'connection_changed', { connection: { phase: 'connected', since: 1 } })),
];
const started = event(2, 'prompt_started', { promptId: 'p', startedAt: 2 });

function waiting(kind: ConnectionProblem['kind']): MonitorEvent {
  return event(3, 'connection_changed', {
    connection: {
      phase: 'waiting',
      attempt: 1,
      since: 3,
      retryAt: Date.now() + 5_000,
      problem: { kind, detail: 'connect ECONNREFUSED', status: null },
    },
  });
}

/** The bar at the top; headers of panels come after it. */
function bar(): HTMLElement {
  const [first] = screen.getAllByRole('banner');
  if (!first) throw new Error('no bar');
  return first;
}

/** Counts follow with the next tick of the clock. */
const oneTick = { timeout: 2_500 };

function rowOf(name: RegExp): HTMLElement {
  return within(screen.getByRole('navigation', { name: 'Servers' })).getByRole('button', { name });
}

describe('with no server', () => {
  it('offers to add one or to try the demo', async () => {
    const { user, host } = await renderPage({
      state: emptyState,
      answers: { startDemo: () => ({ serverId: 'demo' }) },
    });
    screen.getByText('No server is watched');
    const main = within(screen.getByRole('main'));
    await user.click(main.getByRole('button', { name: 'Try the demo' }));
    expect(host.asked).toEqual([{ name: 'startDemo', request: undefined }]);
    await user.click(main.getByRole('button', { name: 'Add server' }));
    screen.getByRole('dialog', { name: 'Add a server' });
  });

  it('says why the demo could not be started', async () => {
    const { user } = await renderPage({
      state: emptyState,
      answers: {
        startDemo: () => {
          throw new BridgeError('No port is free.');
        },
      },
    });
    await user.click(within(bar()).getByRole('button', { name: 'Try the demo' }));
    await screen.findByText('No port is free.');
  });
});

describe('with one server', () => {
  it('offers the demo no longer at the top, but still in the list of servers', async () => {
    const { user, host } = await renderPage({
      state: stateAfter(),
      answers: { startDemo: () => ({ serverId: 'demo' }) },
    });
    expect(within(bar()).queryByRole('button', { name: 'Try the demo' })).toBeNull();
    await user.click(within(bar()).getByRole('button', { name: 'Servers' }));
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Try the demo' }));
    expect(host.asked).toEqual([{ name: 'startDemo', request: undefined }]);
  });

  it('shows its name, connection and counts at the top', async () => {
    const page = await renderPage({ state: stateAfter() });
    within(bar()).getByText('Test');
    expect(within(bar()).getByRole('status').textContent).toBe('Connected');
    const glance = screen.getByRole('region', { name: 'At a glance' });
    expect(
      within(glance)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['– running', '– waiting', '0 done today']);
    await page.after((host) => host.happen(event(2, 'queue_length_changed', { length: 7 })));
    await within(glance).findByText('7 in the queue', { selector: 'b' }, oneTick);
    await page.after((host) =>
      host.happen(event(3, 'queue_read', { running: [queued('a')], pending: [queued('b'), queued('c')] })),
    );
    await vi.waitFor(() => expect(glance.textContent).toContain('1 running2 waiting'), oneTick);
  });

  it('offers ways out while it was never reached', async () => {
    const state = stateAfter(waiting('refused'));
    const [server] = state.servers;
    const page = await renderPage({
      state: { servers: server ? [{ ...server, watchedSince: null }] : [] },
      answers: { retryConnection: () => undefined },
    });
    screen.getByRole('heading', { name: `Nothing is listening at ${testServer.url}.` });
    screen.getByRole('region', { name: 'Getting started' });
    expect(screen.queryByRole('region', { name: 'Running' })).toBeNull();
    await page.user.click(screen.getByRole('button', { name: 'Retry now' }));
    expect(page.host.asked).toEqual([{ name: 'retryConnection', request: { serverId: 's' } }]);
    await page.user.click(screen.getByRole('button', { name: 'Change address' }));
    screen.getByDisplayValue(testServer.url);
  });

  it('keeps the problem in view while it tries again, and what was known below', async () => {
    const page = await renderPage({ state: stateAfter(started, waiting('closed')) });
    screen.getByRole('region', { name: 'Connection problem' });
    screen.getByRole('article', { name: 'Prompt p' });
    await page.after((host) =>
      host.happen(
        event(4, 'connection_changed', { connection: { phase: 'connecting', attempt: 2, since: 4 } }),
      ),
    );
    screen.getByText('Trying now…');
    await page.after((host) =>
      host.happen(event(5, 'connection_changed', { connection: { phase: 'connected', since: 5 } })),
    );
    expect(screen.queryByRole('region', { name: 'Connection problem' })).toBeNull();
  });

  it('claims nothing any more once the monitor itself is gone', async () => {
    const page = await renderPage({ state: stateAfter(started) });
    await page.after((host) => host.link('lost'));
    expect(within(bar()).getByRole('status').textContent).toBe('No news');
    screen.getByText('Last known before the connection broke');
  });

  it('has the running prompt in the title of the window', async () => {
    const page = await renderPage({ state: stateAfter() });
    expect(document.title).toBe('Comfy Monitor');
    await page.after((host) => host.happen(started));
    expect(document.title).toBe('Running · Prompt p — Comfy Monitor');
    const step = (n: number) => event(n, 'step_reached', { promptId: 'p', nodeId: '3', step: n, max: 9 });
    await page.after((host) => host.happen(step(1)));
    const first = document.title;
    expect(first).toMatch(/1.*9.*Prompt p/);
    // The desktop draws it anew each time: numbers alone are worth that every few seconds.
    await page.after((host) => host.happen(step(2)));
    expect(document.title).toBe(first);
  });

  it('keeps in the title that a prompt has ended, until the page is looked at', async () => {
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    const page = await renderPage({ state: stateAfter(started) });
    visibility.mockReturnValue('hidden');
    await page.after(() => document.dispatchEvent(new Event('visibilitychange')));
    const finishedAt = Date.now() + 1_000;
    const end = { promptId: 'p', outcome: 'success', finishedAt, error: null } as const;
    await page.after((host) => host.happen(event(finishedAt, 'prompt_finished', end)));
    expect(document.title).toBe('✓ Prompt p — Comfy Monitor');
    visibility.mockReturnValue('visible');
    await page.after(() => document.dispatchEvent(new Event('visibilitychange')));
    expect(document.title).toBe('Comfy Monitor');
  });

  it('moves a finished prompt from the running ones to the finished ones', async () => {
    const page = await renderPage({ state: stateAfter(started) });
    await page.after((host) =>
      host.happen(event(9, 'history_read', { entries: [ended('p', { title: 'Portrait', finishedAt: 9 })] })),
    );
    screen.getByText('Nothing is running');
    within(screen.getByRole('region', { name: 'Finished' })).getByText('Portrait');
  });
});

describe('with several servers', () => {
  it('shows all at a glance and the chosen one in full', async () => {
    const { user } = await renderPage({
      state: stateAfter(started, ...studioIsThere, ofStudio(event(3, 'queue_length_changed', { length: 4 }))),
    });
    const list = within(screen.getByRole('navigation', { name: 'Servers' }));
    expect(list.getByRole('button', { current: true }).textContent).toContain('All servers');
    const card = within(screen.getByRole('article', { name: 'Test' }));
    card.getByText('Prompt p');
    const row = list.getByRole('button', { name: /Studio/ });
    expect(row.textContent).toBe('Studio4 in the queue');
    await user.click(row);
    expect(list.getByRole('button', { current: true })).toBe(row);
    within(bar()).getByText('Studio');
    screen.getByText('Nothing is running');
  });

  it('shows the chosen one also when the page is loaded again', async () => {
    const state = stateAfter(...studioIsThere);
    const { user } = await renderPage({ state });
    await user.click(rowOf(/Studio/));
    cleanup();
    await renderPage({ state });
    within(bar()).getByText('Studio');
  });

  it('says in the list which one is not connected', async () => {
    await renderPage({ state: stateAfter(...studioIsThere, ofStudio(waiting('refused'))) });
    expect(rowOf(/Studio/).textContent).toBe('StudioNot connected');
  });

  it('goes on with another one when the shown one is removed', async () => {
    const page = await renderPage({ state: stateAfter(...studioIsThere) });
    await page.user.click(rowOf(/Studio/));
    await page.after((host) => host.happen(ofStudio(event(5, 'server_removed', {}))));
    expect(screen.queryByRole('navigation', { name: 'Servers' })).toBeNull();
    within(bar()).getByText('Test');
  });

  it('shows all of them at first, each by itself, and leads to one by its card', async () => {
    const page = await renderPage({ state: stateAfter(started, ...studioIsThere) });
    const cards = screen.getAllByRole('article');
    expect(cards.map((card) => card.getAttribute('aria-label'))).toEqual(['Test', 'Studio']);
    await page.user.click(screen.getByRole('button', { name: 'Test' }));
    screen.getByRole('region', { name: 'Running' });
    await page.user.keyboard('0');
    expect(screen.getAllByRole('article')).toHaveLength(2);
  });

  it('stays with the server that was the only one when another is added', async () => {
    const page = await renderPage({ state: stateAfter(started) });
    await page.after((host) => host.happen(...studioIsThere));
    screen.getByRole('region', { name: 'Running' });
    expect(rowOf(/^Test/).getAttribute('aria-current')).toBe('true');
  });

  it('brings the job into view that was asked for elsewhere', async () => {
    const page = await renderPage({
      state: stateAfter(
        ...studioIsThere,
        ofStudio(event(2, 'prompt_started', { promptId: 'wanted', startedAt: 2 })),
      ),
    });
    await page.after((host) => host.push('showJob', { serverId: 'studio', promptId: 'wanted' }));
    const job = screen.getByRole('article', { name: 'Prompt wanted' });
    await vi.waitFor(() => expect(document.activeElement).toBe(job));
  });
});
