import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { renderPart } from '../testing/render.tsx';
import { PageFailureBoundary } from './page-failure.tsx';

function Broken(): never {
  throw new Error('no such part');
}

it('says what happened where nothing can be drawn, and tells the host', async () => {
  // React writes there what a boundary caught.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { host, user } = await renderPart(
    <PageFailureBoundary>
      <Broken />
    </PageFailureBoundary>,
  );
  const alert = within(screen.getByRole('alert'));
  expect(alert.getByRole('heading').textContent).toBe('Something went wrong in this window');
  alert.getByText('Error: no such part');
  alert.getByRole('button', { name: 'Reload' });
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await user.click(alert.getByRole('button', { name: 'Copy details' }));
  expect(write).toHaveBeenCalledWith(expect.stringContaining('no such part'));
  expect(host.asked).toEqual([
    {
      name: 'reportPageError',
      request: { message: 'Error: no such part', stack: expect.stringContaining('Broken') },
    },
  ]);
});

it('shows nothing while all is well', async () => {
  const { host } = await renderPart(<PageFailureBoundary>fine</PageFailureBoundary>);
  screen.getByText('fine');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(host.asked).toEqual([]);
});
