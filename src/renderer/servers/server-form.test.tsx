import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../shared/bridge.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPart } from '../testing/render.tsx';
import { ServerForm } from './server-form.tsx';

async function openForm(options: FakeHostOptions, form: { url?: string; replaces?: string | null } = {}) {
  const onDone = vi.fn();
  const onClose = vi.fn();
  const { url = '', replaces = null } = form;
  const page = await renderPart(
    <ServerForm url={url} replaces={replaces} onDone={onDone} onClose={onClose} />,
    options,
  );
  const dialog = screen.getByRole('dialog');
  return {
    ...page,
    onDone,
    onClose,
    dialog,
    address: within(dialog).getByRole('textbox', { name: 'Address' }),
  };
}

const accept: FakeHostOptions = { answers: { addServer: () => ({ serverId: 'new' }) } };

it('asks for the address first', async () => {
  // As browsers do: the first button takes the focus.
  vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (this: HTMLDialogElement) {
    this.open = true;
    this.querySelector('button')?.focus();
  });
  const { dialog, address } = await openForm(accept);
  expect(dialog).toBe(screen.getByRole('dialog', { name: 'Add a server' }));
  expect(document.activeElement).toBe(address);
});

it('adds what was typed, trimmed, without a name if none was given', async () => {
  const { user, host, onDone, address } = await openForm(accept);
  await user.type(address, '  10.0.0.2:8188 ');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(onDone).toHaveBeenCalledWith('new'));
  expect(host.asked).toEqual([{ name: 'addServer', request: { url: '10.0.0.2:8188', name: null } }]);
});

it('takes a name along', async () => {
  const { user, host, address } = await openForm(accept);
  await user.type(address, '10.0.0.2:8188');
  await user.type(screen.getByRole('textbox', { name: 'Name (optional)' }), 'Studio PC');
  await user.click(screen.getByRole('button', { name: 'Add server' }));
  await waitFor(() => expect(host.asked[0]?.request).toEqual({ url: '10.0.0.2:8188', name: 'Studio PC' }));
});

it('shows a refusal beside the field, keeps what was typed, and takes the correction', async () => {
  let refuse = true;
  const { user, onDone, address } = await openForm({
    answers: {
      addServer: () => {
        if (refuse) throw new BridgeError('“studio” has no port.');
        return { serverId: 'new' };
      },
    },
  });
  await user.type(address, 'studio{Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe('“studio” has no port.');
  expect(address.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByDisplayValue('studio')).toBe(address);
  expect(onDone).not.toHaveBeenCalled();

  refuse = false;
  await user.type(address, ':8188{Enter}');
  await waitFor(() => expect(onDone).toHaveBeenCalledWith('new'));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('asks for nothing without an address', async () => {
  const { user, host } = await openForm(accept);
  await user.click(screen.getByRole('button', { name: 'Add server' }));
  expect(host.asked).toEqual([]);
});

it('puts a corrected address in the place of the old one', async () => {
  const { user, host, onDone, address } = await openForm(accept, { url: 'http://old:8188', replaces: 'old' });
  expect(screen.getByRole('dialog', { name: 'Change the address' })).toBeTruthy();
  await user.clear(address);
  await user.type(address, 'http://new:8188{Enter}');
  await waitFor(() => expect(onDone).toHaveBeenCalledWith('new'));
  expect(host.asked).toEqual([
    { name: 'addServer', request: { url: 'http://new:8188', name: null } },
    { name: 'removeServer', request: { serverId: 'old' } },
  ]);
});

it.each(['Cancel', 'Close'])('is left with %s', async (button) => {
  const { user, onClose } = await openForm(accept);
  await user.click(screen.getByRole('button', { name: button }));
  expect(onClose).toHaveBeenCalled();
});
