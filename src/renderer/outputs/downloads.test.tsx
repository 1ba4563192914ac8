import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderPart } from '../testing/render.tsx';
import { UnitsContext } from '../ui/units.ts';
import { Downloads } from './downloads.tsx';

const clip = { id: 'd', filename: 'clip.mp4', received: 1_048_576, total: 4_194_304 };

it('shows how far a download is, until it is over', async () => {
  const { after } = await renderPart(<Downloads />);
  expect(screen.queryByRole('region', { name: 'Downloads' })).toBeNull();
  await after((host) => host.push('downloads', [clip]));
  const bar = screen.getByRole('progressbar', { name: 'Download of clip.mp4' });
  expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuetext')]).toEqual([
    '1048576',
    '1.0 MiB of 4.0 MiB',
  ]);
  await after((host) => host.push('downloads', [{ ...clip, total: null }]));
  expect(bar.getAttribute('aria-valuenow')).toBeNull();
  screen.getByText('1.0 MiB');
  await after((host) => host.push('downloads', []));
  expect(screen.queryByRole('progressbar')).toBeNull();
});

it('counts in the units that are set', async () => {
  const { after } = await renderPart(
    <UnitsContext value="decimal">
      <Downloads />
    </UnitsContext>,
  );
  await after((host) => host.push('downloads', [{ ...clip, received: 2_000_000, total: 4_000_000 }]));
  screen.getByText('2.0 MB of 4.0 MB');
});

it('can be cancelled', async () => {
  const { after, user, host } = await renderPart(<Downloads />);
  await after(() => host.push('downloads', [clip]));
  await user.click(screen.getByRole('button', { name: 'Cancel the download of clip.mp4' }));
  expect(host.asked).toEqual([{ name: 'cancelDownload', request: { id: 'd' } }]);
});
