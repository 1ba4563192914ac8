import { fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../../contract/bridge/bridge.ts';
import type { HostInfo } from '../../../contract/host-info.ts';
import { browserHost } from '../../../contract/testing/hosts.ts';
import type { ExecutedOutput } from '../../../domain/outputs/executed-output.ts';
import { ended, event, image, stateAfter, testServer } from '../../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../../testing/fake-host.ts';
import { renderPart } from '../../testing/render.tsx';
import { Gallery } from '../gallery.tsx';

const done = () => ({ opened: true, message: null });
const inBrowser: HostInfo = { ...browserHost, mediaBase: 'media' };
const lake = image('lake.png');

async function openMenu(output: ExecutedOutput, options: FakeHostOptions = {}) {
  const entries = [ended('p', { outputs: [output] })];
  const page = await renderPart(<Gallery serverId="s" />, {
    state: stateAfter(event(1, 'history_read', { entries })),
    ...options,
    answers: { outputPath: () => ({ path: null }), ...options.answers },
  });
  const name = output.file?.filename ?? output.text ?? '';
  await page.user.click(
    screen.getByRole('button', { name: (told) => told === name || told.startsWith(`${name} `) }),
  );
  await page.user.keyboard('{Shift>}{F10}{/Shift}');
  return page;
}
const labels = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent);
const item = (name: string | RegExp) => screen.getByRole('menuitem', { name });

it('offers on the desktop what a desktop can', async () => {
  await openMenu(lake, { answers: { outputPath: () => ({ path: '/out/lake.png' }) } });
  await screen.findByRole('menuitem', { name: 'Copy path' });
  expect(labels()).toEqual([
    'View',
    'Open',
    'Show in folder',
    'Save as…',
    'Copy image',
    'Copy path',
    'Copy prompt text',
    'Open workflow in ComfyUICopies it; paste it there with Ctrl + V.',
  ]);
});

it('leaves out what a browser cannot do', async () => {
  const { host } = await openMenu(lake, { host: inBrowser });
  expect(labels()).toEqual([
    'View',
    'Open in a new tab',
    'Download',
    'Copy image',
    'Copy prompt text',
    'Open workflow in ComfyUICopies it; paste it there with Ctrl + V.',
  ]);
  expect(host.asked).toEqual([]);
});

it.each<[string, ExecutedOutput, string[]]>([
  ['a text', { ...lake, kind: 'text', file: null, text: 'Mist' }, ['View', 'Copy text']],
  [
    'a sound',
    { ...image('pad.wav'), kind: 'audio' },
    [
      'View',
      'Open',
      'Show in folder',
      'Save as…',
      'Open workflow in ComfyUICopies it; paste it there with Ctrl + V.',
    ],
  ],
])('leaves out what makes no sense for %s', async (_, output, expected) => {
  await openMenu(output);
  expect(labels()).toEqual(expected);
});

it('does not lead to a simulated ComfyUI', async () => {
  const state = stateAfter(
    event(1, 'server_changed', { server: { ...testServer, demo: true } }),
    event(1, 'history_read', { entries: [ended('p', { outputs: [lake] })] }),
  );
  await openMenu(lake, { state });
  expect(screen.queryByRole('menuitem', { name: /ComfyUI/ })).toBeNull();
});

it.each([
  ['Open', 'openOutput', null],
  ['Show in folder', 'revealOutput', null],
  ['Save as…', 'saveOutputAs', 'lake.png was saved.'],
  ['Copy image', 'copyOutputImage', 'The image is on the clipboard.'],
] as const)('%s asks the host', async (label, call, words) => {
  const { user, host } = await openMenu(lake, { answers: { [call]: done } });
  await user.click(item(label));
  expect(host.asked.at(-1)).toEqual({
    name: call,
    request: { serverId: 's', promptId: 'p', file: lake.file },
  });
  if (words) await screen.findByText(words);
});

it('says why something was not done, and nothing when people decided so', async () => {
  const answers = {
    copyOutputImage: () => ({ opened: false, message: 'lake.png is not on the server any more.' }),
    saveOutputAs: () => ({ opened: false, message: null }),
  };
  const { user } = await openMenu(lake, { answers });
  await user.click(item('Save as…'));
  expect(screen.queryByRole('button', { name: 'Dismiss message' })).toBeNull();
  await user.keyboard('{Shift>}{F10}{/Shift}');
  await user.click(item('Copy image'));
  await screen.findByText('lake.png is not on the server any more.');
});

it('copies the words of the prompt, if the file tells them', async () => {
  const parameters = { node: null, seed: null, steps: null, model: null, prompt: 'a lake' };
  const { user } = await openMenu(lake, {
    answers: { outputDetails: () => ({ bytes: null, text: null, parameters, untold: null }) },
  });
  await user.click(item('Copy prompt text'));
  await screen.findByText('The prompt text is on the clipboard.');
  expect(await navigator.clipboard.readText()).toBe('a lake');
});

it('does not say that a file is silent which nobody could read', async () => {
  const { user } = await openMenu(lake, {
    answers: { outputDetails: () => ({ bytes: null, text: null, parameters: null, untold: 'damaged' }) },
  });
  await user.click(item('Copy prompt text'));
  await screen.findByText(/damaged or not complete/);
});

it('copies the path of the original', async () => {
  const { user } = await openMenu(lake, { answers: { outputPath: () => ({ path: '/out/lake.png' }) } });
  await user.click(await screen.findByRole('menuitem', { name: 'Copy path' }));
  expect(await navigator.clipboard.readText()).toBe('/out/lake.png');
});

it('opens ComfyUI in a tab that knows nothing of ours, with the workflow ready to be pasted', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  const { user, host } = await openMenu(lake, {
    host: inBrowser,
    answers: { outputWorkflow: () => ({ workflow: '{"nodes":[]}', message: null }) },
  });
  await user.click(item(/^Open workflow/));
  await screen.findByText(/The workflow is on the clipboard: press Ctrl \+ V/);
  expect(host.asked.at(-1)).toEqual({
    name: 'outputWorkflow',
    request: { serverId: 's', promptId: 'p', file: lake.file },
  });
  expect(await navigator.clipboard.readText()).toBe('{"nodes":[]}');
  expect(open).toHaveBeenCalledWith(`${testServer.url}/`, '_blank', 'noopener,noreferrer');
});

it('opens ComfyUI without a workflow that nobody knows, and leaves the clipboard alone', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText');
  const { user, host } = await openMenu(lake, {
    answers: {
      outputWorkflow: () => ({ workflow: null, message: 'Neither ComfyUI nor lake.png tells.' }),
      openServerPage: done,
    },
  });
  await user.click(item(/^Open workflow/));
  await screen.findByText(/Neither ComfyUI nor lake\.png tells/);
  expect(write).not.toHaveBeenCalled();
  expect(host.asked.at(-1)).toEqual({ name: 'openServerPage', request: { serverId: 's' } });
});

it('leaves opening ComfyUI to the user when the answer came too late for the browser', async () => {
  vi.stubGlobal('navigator', Object.create(navigator, { userActivation: { value: { isActive: false } } }));
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  const { user } = await openMenu(lake, {
    host: inBrowser,
    answers: { outputWorkflow: () => ({ workflow: '{}', message: null }) },
  });
  await user.click(item(/^Open workflow/));
  await screen.findByText(/on the clipboard: open ComfyUI and press Ctrl \+ V/);
  expect(open).not.toHaveBeenCalled();
});

it('opens ComfyUI although the clipboard is closed to us', async () => {
  const { user, host } = await openMenu(lake, {
    answers: { outputWorkflow: () => ({ workflow: '{}', message: null }), openServerPage: done },
  });
  // The simulated user brings a clipboard.
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no'));
  await user.click(item(/^Open workflow/));
  await screen.findByText('Copying was not possible here.');
  expect(host.asked.at(-1)?.name).toBe('openServerPage');
});

it('is opened by a right click, too, and gives the focus back', async () => {
  const { user } = await openMenu(lake);
  await user.keyboard('{Escape}');
  const thumbnail = screen.getByRole('button', { name: 'lake.png' });
  expect(document.activeElement).toBe(thumbnail);
  fireEvent.contextMenu(thumbnail, { clientX: 10, clientY: 10 });
  screen.getByRole('menu', { name: 'lake.png' });
});

it('shows the file in its folder from the header as well', async () => {
  const { user, host } = await openMenu(lake, {
    answers: {
      revealOutput: () => {
        throw new BridgeError('There is no file manager.');
      },
    },
  });
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'Show in folder' }));
  await screen.findByText('There is no file manager.');
  expect(host.asked.at(-1)?.name).toBe('revealOutput');
});

it('drags the file itself on the desktop, and its address in a browser', async () => {
  const { host } = await openMenu(lake, { answers: { dragOutput: done } });
  const wasLeft = fireEvent.dragStart(screen.getByRole('button', { name: 'lake.png' }));
  expect(wasLeft).toBe(false);
  expect(host.asked.at(-1)?.name).toBe('dragOutput');
});

it('drags an address that becomes a file, in a browser', async () => {
  await openMenu(lake, { host: inBrowser });
  const data = new Map<string, string>();
  const dataTransfer = { setData: (type: string, value: string) => data.set(type, value), effectAllowed: '' };
  fireEvent.dragStart(screen.getByRole('button', { name: 'lake.png' }), { dataTransfer });
  expect(data.get('DownloadURL')).toMatch(
    /^application\/octet-stream:lake\.png:.*\/media\/s\/view\?filename=lake\.png/,
  );
});
