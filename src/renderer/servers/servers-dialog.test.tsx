import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { Server } from '../../domain/server.ts';
import { event, stateAfter, testServer } from '../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPage } from '../testing/render.tsx';

const studio: Server = {
  ...testServer,
  id: 'studio',
  name: 'Studio',
  url: 'http://studio:8188',
  enabled: false,
};
const demo: Server = { ...testServer, id: 'demo', name: 'Demo', demo: true };

function about(server: Server, one: MonitorEvent): MonitorEvent {
  return { ...one, serverId: server.id };
}

const added = (server: Server) => about(server, event(1, 'server_added', { server }));

async function openServers(answers: FakeHostOptions['answers'] = {}, ...more: MonitorEvent[]) {
  const page = await renderPage({ state: stateAfter(added(studio), ...more), answers });
  const opener = screen.getByRole('button', { name: 'Servers' });
  await page.user.click(opener);
  const dialog = screen.getByRole('dialog', { name: 'Servers' });
  return { ...page, opener, dialog, list: within(dialog) };
}

const done = () => undefined;

it('shows name, address and state of every server', async () => {
  const { list } = await openServers();
  expect(list.getAllByRole('listitem').map((row) => row.querySelectorAll('p').length)).toEqual([3, 3]);
  const [first, second] = list.getAllByRole('listitem');
  expect(first?.textContent).toContain('Testhttp://127.0.0.1:8188Connected');
  expect(second?.textContent).toContain('Studiohttp://studio:8188Paused');
});

it('can be opened from the list of servers, too', async () => {
  const { user } = await renderPage({ state: stateAfter(added(studio)) });
  await user.click(screen.getByRole('button', { name: 'Manage servers' }));
  screen.getByRole('dialog', { name: 'Servers' });
});

it('pauses and resumes', async () => {
  const { user, list, host } = await openServers({ changeServer: done });
  await user.click(list.getByRole('button', { name: 'Pause Test' }));
  await user.click(list.getByRole('button', { name: 'Resume Studio' }));
  expect(host.asked).toEqual([
    { name: 'changeServer', request: { serverId: 's', enabled: false } },
    { name: 'changeServer', request: { serverId: 'studio', enabled: true } },
  ]);
});

it('moves by button, says where to, and goes no further than the end', async () => {
  const { user, list, host } = await openServers({ moveServer: done });
  await user.click(list.getByRole('button', { name: 'Move Test up' }));
  expect(host.asked).toEqual([]);
  await user.click(list.getByRole('button', { name: 'Move Test down' }));
  expect(host.asked).toEqual([{ name: 'moveServer', request: { serverId: 's', index: 1 } }]);
  list.getByText('Test is now number 2 of 2.');
});

it('moves by keyboard from anywhere in the row, and keeps the focus there', async () => {
  const page = await openServers({ moveServer: done });
  const edit = page.list.getByRole('button', { name: 'Edit Studio' });
  edit.focus();
  await page.user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(page.host.asked).toEqual([{ name: 'moveServer', request: { serverId: 'studio', index: 0 } }]);
  await page.after((host) => host.happen(about(studio, event(2, 'server_moved', { index: 0 }))));
  expect(page.list.getAllByRole('listitem')[0]?.textContent).toContain('Studio');
  expect(document.activeElement).toBe(edit);
});

it('removes only after a question, and goes on with the next one', async () => {
  const page = await openServers({ removeServer: done });
  const { user, list, host } = page;
  await user.click(list.getByRole('button', { name: 'Remove Studio' }));
  const question = within(screen.getByRole('alertdialog', { name: 'Stop watching “Studio”?' }));
  expect(document.activeElement).toBe(question.getByRole('button', { name: 'Keep it' }));
  await user.click(question.getByRole('button', { name: 'Keep it' }));
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(host.asked).toEqual([]);

  await user.click(list.getByRole('button', { name: 'Remove Studio' }));
  const yes = within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Remove server' });
  await user.click(yes);
  expect(host.asked).toEqual([{ name: 'removeServer', request: { serverId: 'studio' } }]);
  // Where browsers give the focus back to.
  list.getByRole('button', { name: 'Remove Studio' }).focus();
  await page.after((real) => real.happen(about(studio, event(2, 'server_removed', {}))));
  expect(list.getAllByRole('listitem')).toHaveLength(1);
  expect(document.activeElement).toBe(list.getByRole('button', { name: 'Edit Test' }));
});

it('shows what the host refused, and keeps the list as it is', async () => {
  const { user, list } = await openServers({
    moveServer: () => {
      throw new BridgeError('The settings could not be written.');
    },
  });
  await user.click(list.getByRole('button', { name: 'Move Test down' }));
  expect((await list.findByRole('alert')).textContent).toBe('The settings could not be written.');
  expect(list.getAllByRole('listitem')[0]?.textContent).toContain('Test');
});

it('stops the demo, which has no address to change', async () => {
  const { user, list, host } = await openServers({ stopDemo: done }, added(demo));
  expect(list.queryByRole('button', { name: 'Edit Demo' })).toBeNull();
  await user.click(list.getByRole('button', { name: 'Stop demo' }));
  expect(host.asked).toEqual([{ name: 'stopDemo', request: undefined }]);
});

it('opens the forms on top, and is there again when they are closed', async () => {
  const { user, list } = await openServers();
  await user.click(list.getByRole('button', { name: 'Edit Studio' }));
  screen.getByDisplayValue('http://studio:8188');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  await user.click(list.getByRole('button', { name: 'Add server' }));
  screen.getByRole('dialog', { name: 'Add a server' });
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  list.getByRole('list', { name: 'Watched servers' });
});

it('tests a server by opening its form, with the test under way', async () => {
  const { user, list, host } = await openServers({ testServer: () => new Promise(() => {}) });
  await user.click(list.getByRole('button', { name: 'Test Studio' }));
  await screen.findByText('Asking http://studio:8188 who it is…');
  expect(host.asked).toMatchObject([{ name: 'testServer', request: { serverId: 'studio' } }]);
});

it('is left with the cross', async () => {
  const { user, list } = await openServers();
  await user.click(list.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Servers' })).toBeNull());
});
