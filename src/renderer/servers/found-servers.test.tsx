import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { emptyState } from '../../domain/monitor-state.ts';
import { renderPage, renderPart } from '../testing/render.tsx';
import { FoundServers } from './found-servers.tsx';

const local = { url: 'http://127.0.0.1:8188', comfyVersion: '0.27.0' };

it('offers what runs on this computer, and adds it only on a click', async () => {
  const onAdded = vi.fn();
  const { user, host } = await renderPart(<FoundServers onAdded={onAdded} />, {
    answers: { findServers: () => [local], addServer: () => ({ serverId: 'new' }) },
  });
  expect((await screen.findByText(/is running at/)).textContent).toBe(
    'ComfyUI 0.27.0 is running at http://127.0.0.1:8188',
  );
  expect(host.asked).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Watch http://127.0.0.1:8188' }));
  expect(host.asked).toEqual([{ name: 'addServer', request: { url: local.url, name: null } }]);
  await vi.waitFor(() => expect(onAdded).toHaveBeenCalledWith('new'));
});

it('says why it could not be added, and offers it again', async () => {
  const { user } = await renderPart(<FoundServers onAdded={vi.fn()} />, {
    answers: {
      findServers: () => [{ ...local, comfyVersion: null }],
      addServer: () => {
        throw new BridgeError('It is already watched.');
      },
    },
  });
  expect((await screen.findByText(/is running at/)).textContent).toMatch(/^ComfyUI is running/);
  await user.click(screen.getByRole('button', { name: /Watch/ }));
  await screen.findByText('It is already watched.');
  expect(screen.getByRole('button', { name: /Watch/ }).getAttribute('aria-disabled')).toBeNull();
});

it('looks again now and then, while it is shown and looked at', async () => {
  vi.useFakeTimers();
  const findServers = vi.fn((): (typeof local)[] => []);
  const looked = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  await renderPart(<FoundServers onAdded={vi.fn()} />, { answers: { findServers } });
  expect(findServers).toHaveBeenCalledTimes(1);
  findServers.mockReturnValue([local]);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  screen.getByText(/is running at/);
  looked.mockReturnValue('hidden');
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(findServers).toHaveBeenCalledTimes(2);
});

it('is no trouble when the host cannot look', async () => {
  await renderPart(<FoundServers onAdded={vi.fn()} />, {
    answers: {
      findServers: () => {
        throw new BridgeError('no');
      },
    },
  });
  expect(screen.getByRole('status', { name: 'Found on this computer' }).textContent).toBe('');
});

it('is offered where no server is watched, and in the form for a new one', async () => {
  const { user } = await renderPage({ state: emptyState, answers: { findServers: () => [local] } });
  await screen.findByRole('button', { name: 'Watch http://127.0.0.1:8188' });
  await user.click(screen.getAllByRole('button', { name: 'Add server' })[0] ?? document.body);
  expect(await screen.findAllByRole('button', { name: 'Watch http://127.0.0.1:8188' })).toHaveLength(2);
});
