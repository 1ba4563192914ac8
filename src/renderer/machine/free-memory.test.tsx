import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { renderPart } from '../testing/render.tsx';
import { FreeMemory } from './free-memory.tsx';

const button = () => screen.getByRole('button', { name: 'Free VRAM' });

it('asks the server, and says when that takes effect', async () => {
  const { user, host } = await renderPart(<FreeMemory serverId="s" connected />, {
    answers: { freeMemory: () => undefined },
  });
  await user.click(button());
  expect(host.asked).toEqual([{ name: 'freeMemory', request: { serverId: 's' } }]);
  await screen.findByText(/It does so when it is next idle/);
});

it('says why the server did not take it', async () => {
  const { user } = await renderPart(<FreeMemory serverId="s" connected />, {
    answers: {
      freeMemory: () => {
        throw new BridgeError('The command was not carried out.');
      },
    },
  });
  await user.click(button());
  await screen.findByText('The command was not carried out.');
  expect(screen.queryByText(/ComfyUI was asked/)).toBeNull();
});

it('is not possible without a connection', async () => {
  await renderPart(<FreeMemory serverId="s" connected={false} />);
  expect(button()).toHaveProperty('disabled', true);
});
