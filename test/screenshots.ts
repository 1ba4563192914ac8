/**
 * `npm run screenshots`: takes docs/screenshot.png of the demo at a good moment, and pictures of the page
 * in other states into test-output/screenshots, to be looked at.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildIfNeeded } from '../scripts/build.ts';
import { startSimulator } from '../src/simulator/simulator.ts';
import { launchChromium } from './chromium.ts';
import { failingPrompt } from './prompts.ts';
import { startWebMonitor, type WebMonitor } from './web-monitor.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test-output', 'screenshots');
const wide = { width: 1280, height: 860 };
const narrow = { width: 380, height: 1_600 };

if (!(await buildIfNeeded(root))) process.exit(1);
await mkdir(join(root, 'docs'), { recursive: true });
await mkdir(folder, { recursive: true });
const browser = await launchChromium();
try {
  await takeDemo(browser);
  await takeEmpty(browser);
  await takeErrors(browser);
} finally {
  await browser.close();
}

async function takeDemo(browser: Browser): Promise<void> {
  const monitor = await startWebMonitor(['--demo']);
  try {
    const light = await open(browser, monitor, { colorScheme: 'light', viewport: wide });
    const dark = await open(browser, monitor, { colorScheme: 'dark', viewport: wide });
    const slim = await open(browser, monitor, { colorScheme: 'light', viewport: narrow });
    console.warn('Waiting for charts with something in them; this takes minutes.');
    await new Promise((done) => setTimeout(done, 200_000));
    await goodMoment(dark);
    await dark.screenshot({ path: join(root, 'docs', 'screenshot.png') });
    await light.screenshot({ path: join(folder, 'light.png') });
    await dark.screenshot({ path: join(folder, 'dark.png') });
    await slim.screenshot({ path: join(folder, 'narrow.png') });
  } finally {
    await monitor.stop();
  }
}

/** A job with a Latin title (few browsers of test machines have other letters), more than half done. */
async function goodMoment(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const job = document.querySelector('img[alt="Newest preview"]')?.closest('article');
      const steps = job?.querySelector('[role="progressbar"][aria-label="Steps of Sampler"]');
      const step = Number(steps?.getAttribute('aria-valuenow') ?? 0);
      const max = Number(steps?.getAttribute('aria-valuemax') ?? 0);
      const isLatin = /^[\p{Script=Latin}\p{N}\p{P}\s]+$/u.test(job?.getAttribute('aria-label') ?? '');
      return isLatin && step > 0.6 * max && step < 0.8 * max;
    },
    undefined,
    { timeout: 300_000 },
  );
}

async function takeEmpty(browser: Browser): Promise<void> {
  const simulator = await startSimulator({ scenario: 'idle' });
  const monitor = await startWebMonitor(['--server', simulator.url]);
  try {
    const page = await open(browser, monitor, { viewport: wide });
    await page.getByRole('img', { name: /^GPU load/ }).waitFor();
    await page.screenshot({ path: join(folder, 'empty.png') });
  } finally {
    await monitor.stop();
    await simulator.stop();
  }
}

async function takeErrors(browser: Browser): Promise<void> {
  const simulator = await startSimulator({ scenario: 'idle' });
  const monitor = await startWebMonitor(['--server', simulator.url]);
  try {
    const page = await open(browser, monitor, { viewport: wide });
    simulator.submit(failingPrompt('Style transfer'));
    await page.getByText('Why').click();
    await page.screenshot({ path: join(folder, 'failed-job.png'), fullPage: true });
    await simulator.setReachable(false);
    await page.getByRole('region', { name: 'Connection problem' }).waitFor();
    await page.screenshot({ path: join(folder, 'error.png') });
  } finally {
    await monitor.stop();
    await simulator.stop();
  }
}

async function open(browser: Browser, monitor: WebMonitor, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(monitor.url);
  return page;
}
