import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PlainServer, startPlainServer } from '../src/comfy/testing/plain-server.ts';
import { launchChromium } from './chromium.ts';
import fixture from './testing/server-messages.json' with { type: 'json' };
import { startWebMonitor, type WebMonitor } from './web-monitor.ts';

/** Everything is sent byte for byte by a server that has a WebSocket and nothing else. */
describe('messages of a bare WebSocket server on the page', () => {
  let browser: Browser;
  let server: PlainServer;
  let monitor: WebMonitor;
  let page: Page;

  beforeAll(async () => {
    [browser, server] = await Promise.all([
      launchChromium(),
      startPlainServer({ otherwise: { status: 426 }, isShared: true }),
    ]);
    monitor = await startWebMonitor(['--server', server.url]);
    page = await browser.newPage();
    await page.goto(monitor.url);
    await vi.waitUntil(() => server.sockets.size > 0, { timeout: 20_000 });
    for (const message of fixture.messages) server.send(message);
  });
  afterAll(async () => {
    await browser?.close();
    await monitor?.stop();
    await server?.close();
  });

  const shown = (text: string | RegExp) => page.getByText(text).first().waitFor();

  it('shows the figures of crystools.monitor in the charts', async () => {
    await page
      .getByRole('img', { name: /GPU.*21\s?%/ })
      .first()
      .waitFor();
    await page
      .getByRole('img', { name: /VRAM.*2\.3 GiB.*24\.0 GiB/ })
      .first()
      .waitFor();
    await page
      .getByRole('img', { name: /RAM.*21\.1 GiB.*128 GiB/ })
      .first()
      .waitFor();
    await shown(/48\s?°C/);
  });

  it('shows progress at 20 of 20', async () => {
    const bar = page.getByRole('progressbar').and(page.locator('[aria-valuenow="20"][aria-valuemax="20"]'));
    await bar.first().waitFor();
    await shown('20 of 20');
  });

  it('asks for the thumbnail of the executed image and offers it by its file name', async () => {
    await page.getByRole('button', { name: 'Flux_00134_.png' }).first().waitFor();
    await expect
      .poll(() => server.asked.map(({ url }) => url).filter((url) => url.startsWith('/view?')))
      .toContainEqual(
        expect.stringMatching(/(?=.*filename=Flux_00134_\.png)(?=.*subfolder=Flux)(?=.*type=output)/),
      );
  });

  it('shows an empty queue', async () => {
    await shown(/^0 waiting$/);
  });

  it('shows the node that runs now', async () => {
    await shown(/Node 10\b/);
  });

  it('shows the job that started and succeeded', async () => {
    await shown(/7c01b1e6/);
    // 1725179499806 to 1725179527456
    await shown(/\b28 s\b/);
  });
});
