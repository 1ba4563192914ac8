import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { bundledCompanionVersion } from '../../domain/companion.ts';
import { type ServerFacts, unknownFacts } from '../../domain/server.ts';
import { event, queued, stateAfter } from '../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPage } from '../testing/render.tsx';

const path = '/home/ada/ComfyUI/custom_nodes/comfy_monitor_companion';
const runsUnseen = event(2, 'queue_read', { running: [queued('p', { title: 'Portrait' })], pending: [] });

function renderWith(facts: Partial<ServerFacts>, answers: FakeHostOptions['answers'] = {}) {
  const learnt = event(1, 'facts_learnt', { facts: { ...unknownFacts, comfyVersion: '0.27.0', ...facts } });
  return renderPage({ state: stateAfter(learnt, runsUnseen), answers });
}

async function openDialog(answers: FakeHostOptions['answers']) {
  const page = await renderWith({ companion: 'absent' }, answers);
  const [offer] = screen.getAllByRole('button', { name: 'Install the companion node' });
  await page.user.click(offer ?? document.body);
  screen.getByRole('dialog', { name: 'Install the companion node' });
  return page;
}

it('is offered with a running prompt that nobody tells the progress of', async () => {
  await renderWith({ companion: 'absent' });
  screen.getByText(/ComfyUI tells the progress of a prompt only to the page/);
  expect(screen.getAllByRole('button', { name: 'Install the companion node' })).toHaveLength(2);
});

it('is offered as an update where an older one is installed', async () => {
  await renderWith({ companion: 'present', companionVersion: '0.0.1' });
  screen.getByText(/The companion node there is older/);
  expect(screen.getAllByRole('button', { name: 'Update the companion node' })).toHaveLength(2);
});

it.each([
  { companion: 'unknown', companionVersion: null } as const,
  { companion: 'present', companionVersion: bundledCompanionVersion } as const,
])('is not offered when it is $companion', async (facts) => {
  await renderWith(facts);
  expect(screen.queryByRole('button', { name: /companion node/ })).toBeNull();
});

it('shows where it goes, writes only on a click, and says to restart ComfyUI', async () => {
  const { user, host } = await openDialog({
    findCompanionPlace: () => ({ ok: true, path }),
    installCompanion: () => undefined,
  });
  await screen.findByText(path);
  expect(host.asked).toEqual([{ name: 'findCompanionPlace', request: { serverId: 's' } }]);
  await user.click(screen.getByRole('button', { name: 'Install' }));
  await screen.findByText('Restart ComfyUI to load it.');
  expect(host.asked.at(-1)).toEqual({ name: 'installCompanion', request: { serverId: 's', path } });
  expect(screen.queryByRole('button', { name: 'Install' })).toBeNull();
  expect(document.activeElement?.textContent).toBe('Close');
});

it('says why it could not be written, and can be tried again', async () => {
  const { user } = await openDialog({
    findCompanionPlace: () => ({ ok: true, path }),
    installCompanion: () => {
      throw new BridgeError(`${path} could not be written (EACCES).`);
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Install' }));
  expect((await screen.findByRole('alert')).textContent).toBe(`${path} could not be written (EACCES).`);
  screen.getByRole('button', { name: 'Install' });
});

it.each([
  ['the host says so', () => ({ ok: false, reason: 'It runs on another computer.' })],
  [
    'the host refuses',
    () => {
      throw new BridgeError('It runs on another computer.');
    },
  ],
])('tells how to install it by hand when it cannot be placed: %s', async (_, findCompanionPlace) => {
  await openDialog({ findCompanionPlace });
  await screen.findByText('It runs on another computer.');
  screen.getByText('companion/comfy_monitor_companion');
  screen.getByText(/Restart ComfyUI/);
  expect(screen.queryByRole('button', { name: 'Install' })).toBeNull();
});

it.each([
  ['an older ComfyUI', { comfyVersion: '0.2.2' }],
  ['a fork of another version', { comfyVersion: 'studio-7' }],
  ['a gateway that tells none', { comfyVersion: null }],
  ['one without custom nodes', { customNodesOff: true }],
])('is not offered to %s', async (_, facts) => {
  await renderWith({ companion: 'absent', ...facts });
  expect(screen.queryByRole('button', { name: /companion node/ })).toBeNull();
  screen.getByText(/From ComfyUI 0.3.40 on, with custom nodes/);
});

it('is not offered, nor progress promised, where WebSockets do not get through', async () => {
  const problem = { kind: 'no-websocket', detail: '', status: 400 } as const;
  const polling = { phase: 'polling', attempt: 2, since: 3, retryAt: 9_000, problem } as const;
  const learnt = event(1, 'facts_learnt', {
    facts: { ...unknownFacts, comfyVersion: '0.27.0', companion: 'absent' },
  });
  await renderPage({
    state: stateAfter(learnt, event(3, 'connection_changed', { connection: polling }), runsUnseen),
  });
  expect(screen.queryByRole('button', { name: /companion node/ })).toBeNull();
  screen.getByText(/over a WebSocket, and that does not get through/);
  screen.getByText('Polling');
  screen.getByText(/^The proxy answers 400/);
});
