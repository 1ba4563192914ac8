import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { measure } from './measure.ts';
import { listenForFaults } from './page-faults.ts';
import { useStage } from './stage.ts';
import type { WebMonitor } from './web-monitor.ts';

/** What people see in the first seconds of `--demo`. Everything is there within 10 s, and then moves. */
describe('the demo', () => {
  const stage = useStage();
  let monitor: WebMonitor;
  let page: Page;
  let faults: readonly string[];

  beforeAll(async () => {
    monitor = await stage.monitor(['--demo']);
    page = await stage.tab();
    faults = await listenForFaults(page);
    await page.goto(monitor.url);
  });

  const running = () => page.getByRole('region', { name: 'Running' });
  const outputs = () => page.getByRole('region', { name: 'Outputs' });
  const attributeOf = async (locator: Locator, name: string): Promise<string | null> =>
    (await locator.count()) === 0 ? null : locator.getAttribute(name, { timeout: 1_000 }).catch(() => null);

  it('prints the address of a page on this computer only', () => {
    expect(monitor.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S+\/$/);
  });

  it('shows charts, progress and images within 10 s', async () => {
    const took = await measure('charts, progress and images of the demo', async () => {
      await page.getByRole('img', { name: /^GPU load: \d+%/ }).waitFor();
      await page.getByRole('img', { name: /^VRAM: .* of .*, \d+%/ }).waitFor();
      await page.getByRole('img', { name: /^RAM: .* of .*, \d+%/ }).waitFor();
      await running().getByRole('progressbar', { name: 'Whole prompt' }).waitFor();
      await expect.poll(() => loadedPictures(outputs())).toBeGreaterThan(0);
    });
    expect(took).toBeLessThan(10_000);
  });

  it('moves its charts: their text alternatives change', async () => {
    const load = page.getByRole('img', { name: /^GPU load/ });
    const seen = new Set<string | null>();
    await expect
      .poll(async () => seen.add(await attributeOf(load, 'aria-label')).size)
      .toBeGreaterThanOrEqual(3);
  });

  it('advances its progress bars', async () => {
    const steps = running().getByRole('progressbar', { name: /^Steps of/ });
    const seen = new Set<string | null>();
    await expect
      .poll(async () => {
        const step = await attributeOf(steps, 'aria-valuenow');
        return (step === null ? seen : seen.add(step)).size;
      })
      .toBeGreaterThanOrEqual(3);
  });

  it('loads every thumbnail in view', async () => {
    await expect.poll(() => missingPictures(outputs())).toBe(0);
    await expect.poll(() => page.getByText('Not available from the server').count()).toBe(0);
  });

  it('shows the preview of the running job', async () => {
    const preview = running().getByRole('img', { name: 'Newest preview' });
    await expect
      .poll(() =>
        preview.evaluateAll((images) =>
          images.some((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
        ),
      )
      .toBe(true);
  });

  it('names the tab after the running job', async () => {
    await expect
      .poll(async () => {
        const title = await attributeOf(running().getByRole('article').first(), 'aria-label');
        const tab = await page.title();
        return title !== null && tab.includes(title) && /^(\d+%|Running) · /.test(tab);
      })
      .toBe(true);
  });

  it('finishes prompts and puts their images first', async () => {
    const finished = page.getByRole('region', { name: 'Finished' }).getByRole('listitem');
    const before = await finished.first().getAttribute('id');
    await expect.poll(() => finished.first().getAttribute('id'), { timeout: 50_000 }).not.toBe(before);
  });

  it('has made no error and broken no policy on the way', () => {
    expect(faults).toEqual([]);
  });
});

function loadedPictures(within: Locator): Promise<number> {
  return within
    .getByRole('button')
    .locator('img')
    .evaluateAll(
      (images) =>
        images.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length,
    );
}

/** Pictures in view that have not been loaded. */
function missingPictures(within: Locator): Promise<number> {
  return within
    .getByRole('button')
    .locator('img')
    .evaluateAll(
      (images) =>
        images.filter(
          (image) =>
            image instanceof HTMLImageElement &&
            image.naturalWidth === 0 &&
            image.getBoundingClientRect().top < innerHeight,
        ).length,
    );
}
