import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { Notice } from '../../contract/notice.ts';
import { renderPart } from '../testing/render.tsx';
import { Notices } from './notices.tsx';

const damaged: Notice = {
  id: 'settings',
  level: 'warning',
  what: 'The settings could not be read.',
  why: 'The file is damaged.',
  next: 'A copy was kept.',
};

it('shows what the host has to say, until it is dismissed', async () => {
  const { user } = await renderPart(<Notices />, { notices: [damaged] });
  const notice = screen.getByText(/The settings could not be read/);
  expect(notice.parentElement?.textContent).toContain('The file is damaged. A copy was kept.');
  await user.click(screen.getByRole('button', { name: 'Dismiss notice' }));
  expect(screen.queryByText(/The settings could not be read/)).toBeNull();
});

it('follows the host: what no longer holds is gone, what is new is shown', async () => {
  const page = await renderPart(<Notices />, { notices: [damaged] });
  await page.after((host) =>
    host.push('notices', [{ ...damaged, id: 'port', level: 'error', what: 'The port is taken.' }]),
  );
  expect(screen.queryByText(/The settings could not be read/)).toBeNull();
  expect(screen.getByRole('alert').textContent).toContain('The port is taken.');
});

it('restarts to a new version at a click, and says why it could not', async () => {
  const ready: Notice = {
    id: 'update 2.0.0',
    level: 'info',
    what: 'Version 2.0.0 is ready.',
    why: null,
    next: null,
    action: 'restart_to_update',
  };
  const refuse = () => {
    throw new BridgeError('There is no new version to restart to.');
  };
  const { user, host } = await renderPart(<Notices />, {
    notices: [ready],
    answers: { restartToUpdate: refuse },
  });
  screen.getByText('Version 2.0.0 is ready.');
  await user.click(screen.getByRole('button', { name: 'Restart now' }));
  expect(host.asked).toEqual([{ name: 'restartToUpdate', request: undefined }]);
  await screen.findByText('There is no new version to restart to.');
});

it('says that the monitor itself is gone, until it is back', async () => {
  const page = await renderPart(<Notices />);
  expect(screen.queryByRole('alert')).toBeNull();
  await page.after((host) => host.link('lost'));
  expect(screen.getByRole('alert').textContent).toContain('The monitor itself is not running any more.');
  await page.after((host) => host.link('open'));
  expect(screen.queryByRole('alert')).toBeNull();
});
