import { cleanup, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { desktopHost } from '../../contract/testing/hosts.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { ConnectionProblem } from '../../domain/server.ts';
import { event, stateAfter, testServer } from '../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPage } from '../testing/render.tsx';

function waiting(kind: ConnectionProblem['kind'], status: number | null = null): MonitorEvent {
  const problem = { kind, detail: '', status };
  return event(3, 'connection_changed', {
    connection: { phase: 'waiting', attempt: 1, since: 3, retryAt: Date.now() + 5_000, problem },
  });
}

/** A server that was never reached. */
function renderUnreached(options: FakeHostOptions, ...events: MonitorEvent[]) {
  const servers = stateAfter(...events).servers.map((server) => ({ ...server, watchedSince: null }));
  return renderPage({ ...options, state: { servers } });
}

describe('a server that does not let us in', () => {
  it.each(['unauthorized', 'forbidden'] as const)('can be edited at its login: %s', async (kind) => {
    const { user } = await renderUnreached({}, waiting(kind));
    expect(screen.queryByRole('region', { name: 'Getting started' })).toBeNull();
    const [edit] = screen.getAllByRole('button', { name: 'Edit server' });
    await user.click(edit ?? document.body);
    expect(document.activeElement).toBe(screen.getByLabelText('User'));
  });

  it('is moved to the address by https that it asks for, but to no other host by one press', async () => {
    const moved = (address: string) => {
      const problem = { kind: 'moved', detail: '', status: 301, address } as const;
      const connection = { phase: 'waiting', attempt: 1, since: 1, retryAt: 9_000, problem } as const;
      return event(1, 'connection_changed', { connection });
    };
    const { user, host } = await renderUnreached({}, moved('https://127.0.0.1'));
    await user.click(screen.getByRole('button', { name: 'Use https://127.0.0.1' }));
    expect(host.asked).toMatchObject([
      { name: 'changeServer', request: { serverId: 's', url: 'https://127.0.0.1' } },
    ]);
    cleanup();
    await renderUnreached({}, moved('https://elsewhere.org'));
    expect(screen.queryByRole('button', { name: /^Use/ })).toBeNull();
  });

  it('is not asked for a login of its own where a proxy before it wants one', async () => {
    const { user } = await renderUnreached({}, waiting('unauthorized', 407));
    await user.click(screen.getByRole('button', { name: 'Change address' }));
    expect(document.activeElement).toBe(screen.getByLabelText('Address'));
    expect(screen.queryByLabelText('User')).toBeNull();
  });

  it('can be tested for its certificate', async () => {
    const { user, host } = await renderUnreached(
      { answers: { testServer: () => new Promise(() => {}) } },
      waiting('tls'),
    );
    const [edit] = screen.getAllByRole('button', { name: 'Edit server' });
    await user.click(edit ?? document.body);
    expect(host.asked).toMatchObject([{ name: 'testServer', request: { serverId: 's' } }]);
  });
});

describe('a server that is not there', () => {
  it('may be there, where macOS does not let the app use the local network', async () => {
    const server = { ...testServer, url: 'http://192.168.1.20:8188' };
    await renderUnreached(
      { host: { ...desktopHost, platform: 'darwin' } },
      event(0, 'server_changed', { server }),
      waiting('unreachable'),
    );
    screen.getByText(/Privacy & Security → Local Network/);
  });

  it('can get another address, which changes it in place', async () => {
    const { user, host } = await renderUnreached(
      { answers: { changeServer: () => undefined } },
      waiting('refused'),
    );
    await user.click(screen.getByRole('button', { name: 'Change address' }));
    const address = screen.getByDisplayValue(testServer.url);
    await user.clear(address);
    await user.type(address, 'http://studio:8188{Enter}');
    expect(host.asked).toMatchObject([
      { name: 'changeServer', request: { serverId: 's', url: 'http://studio:8188' } },
    ]);
  });

  it('is shown with what runs on this computer instead', async () => {
    await renderUnreached(
      { answers: { findServers: () => [{ url: 'http://127.0.0.1:8000', comfyVersion: null }] } },
      waiting('refused'),
    );
    await screen.findByRole('button', { name: 'Watch http://127.0.0.1:8000' });
  });
});

describe('how to get started', () => {
  const hints = () => screen.queryByRole('region', { name: 'Getting started' });

  it.each(['refused', 'name-not-found', 'unreachable', 'timeout'] as const)(
    'is told for %s',
    async (kind) => {
      await renderUnreached({}, waiting(kind));
      expect(hints()).toBeTruthy();
    },
  );

  it.each(['not-comfyui', 'server-error', 'protocol', 'closed'] as const)(
    'is not told for %s, where something answers',
    async (kind) => {
      await renderUnreached({}, waiting(kind));
      screen.getByRole('region', { name: 'Connection problem' });
      expect(hints()).toBeNull();
    },
  );

  it('is known to whoever has another server that is connected', async () => {
    const other = { ...testServer, id: 'other' };
    const page = await renderUnreached({}, waiting('refused'));
    await page.after((host) =>
      host.happen(
        { ...event(4, 'server_added', { server: other }), serverId: 'other' },
        {
          ...event(4, 'connection_changed', { connection: { phase: 'connected', since: 4 } }),
          serverId: 'other',
        },
      ),
    );
    screen.getByRole('region', { name: 'Connection problem' });
    expect(hints()).toBeNull();
  });
});

it('says that watching is paused, and resumes it', async () => {
  const { user, host } = await renderPage({
    state: stateAfter(event(2, 'connection_changed', { connection: { phase: 'disabled' } })),
    answers: { changeServer: () => undefined },
  });
  expect(screen.getByRole('region', { name: 'Paused' }).textContent).toContain('Watching is paused.');
  await user.click(screen.getByRole('button', { name: 'Resume' }));
  expect(host.asked).toEqual([{ name: 'changeServer', request: { serverId: 's', enabled: true } }]);
});
