import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { browserHost } from '../../contract/testing/hosts.ts';
import { ended, event, image, stateAfter } from '../../domain/testing/builders.ts';
import { Gallery } from '../outputs/gallery.tsx';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPart } from '../testing/render.tsx';

const state = stateAfter(
  event(1, 'history_read', { entries: [ended('p', { outputs: [image('lake.png')] })] }),
);
const file = image('lake.png').file;

async function openLake(options: FakeHostOptions) {
  const page = await renderPart(<Gallery serverId="s" />, { state, ...options });
  await page.user.dblClick(screen.getByRole('button', { name: 'lake.png' }));
  return page;
}

it('opens a file in the viewer of the system, where the host can', async () => {
  const { host } = await openLake({ answers: { openOutput: () => ({ opened: true, message: null }) } });
  expect(host.asked).toEqual([{ name: 'openOutput', request: { serverId: 's', promptId: 'p', file } }]);
  expect(screen.queryByRole('button', { name: 'Dismiss message' })).toBeNull();
});

it('says why a file was not opened', async () => {
  const message = 'lake.png is not on this computer.';
  const { user } = await openLake({ answers: { openOutput: () => ({ opened: false, message }) } });
  await screen.findByText(message);
  await user.click(screen.getByRole('button', { name: 'Dismiss message' }));
  expect(screen.queryByText(message)).toBeNull();
});

it('says what the host said when it refused', async () => {
  await openLake({
    answers: {
      openOutput: () => {
        throw new BridgeError('Files of this kind are not opened.');
      },
    },
  });
  await screen.findByText('Files of this kind are not opened.');
});

it('opens a tab where the host has no viewer', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  const { host } = await openLake({
    host: browserHost,
  });
  expect(open).toHaveBeenCalledWith(
    'media:/s/view?filename=lake.png&subfolder=&type=output&run=p.0',
    '_blank',
    'noopener',
  );
  expect(host.asked).toEqual([]);
});

it('shows light thumbnails, not the files themselves', async () => {
  await renderPart(<Gallery serverId="s" />, { state });
  const picture = screen.getByRole('button', { name: 'lake.png' }).querySelector('img');
  expect(picture?.getAttribute('src')).toMatch(/^media:\/s\/view\?.*&variant=thumbnail$/);
});
