/**
 * `npm run screenshots`: takes docs/screenshot.png of the demo at a good moment, and pictures of the page
 * in other states into test-output/screenshots, to be looked at. With `--quick` it leaves out the first,
 * which takes minutes, and takes the small ones in docs and the rest.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildIfNeeded } from '../scripts/build.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { failingPrompt } from '../simulator/testing/prompts.ts';
import { launchChromium } from './chromium.ts';
import { startWebMonitor, type WebMonitor } from './web-monitor.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const folder = join(root, 'test-output', 'screenshots');
const wide = { width: 1280, height: 860 };
const modest = { width: 960, height: 600 };
/** The mini mode's window. */
const small = { width: 360, height: 104 };
const narrow = { width: 380, height: 1_600 };

if (!(await buildIfNeeded(root))) process.exit(1);
await mkdir(docs, { recursive: true });
await mkdir(folder, { recursive: true });
const browser = await launchChromium();
try {
  if (!process.argv.includes('--quick')) await takeDemo(browser);
  await takeViews(browser);
  await takeServers(browser);
  await takeMachines(browser);
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
    await dark.screenshot({ path: join(docs, 'screenshot.png') });
    await light.screenshot({ path: join(folder, 'light.png') });
    await dark.screenshot({ path: join(folder, 'dark.png') });
    await slim.screenshot({ path: join(folder, 'narrow.png') });
  } finally {
    await monitor.stop();
  }
}

/** A job with a Latin title (few browsers of test machines have other letters), more than half done, and all pictures there. */
async function goodMoment(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const job = document.querySelector('img[alt="Newest preview"]')?.closest('article');
      const steps = job?.querySelector('[role="progressbar"][aria-label="Steps of Sampler"]');
      const step = Number(steps?.getAttribute('aria-valuenow') ?? 0);
      const max = Number(steps?.getAttribute('aria-valuemax') ?? 0);
      const isLatin = /^[\p{Script=Latin}\p{N}\p{P}\s]+$/u.test(job?.getAttribute('aria-label') ?? '');
      const pictures = [...document.querySelectorAll('.thumbnail[data-kind="image"]')].filter(
        (thumbnail) => thumbnail.getBoundingClientRect().top < window.innerHeight,
      );
      const areShown = pictures.every((thumbnail) => {
        const image = thumbnail.querySelector('img');
        return image?.complete === true && image.naturalWidth > 0;
      });
      return isLatin && areShown && max >= 20 && step > 0.6 * max && step < 0.8 * max;
    },
    undefined,
    { timeout: 300_000 },
  );
}

/** What opens above the page, and the strip of the mini mode; three of them are in docs. */
async function takeViews(browser: Browser): Promise<void> {
  const monitor = await startWebMonitor(['--demo']);
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(browser, monitor, { colorScheme, viewport: modest, reducedMotion: 'reduce' });
      const thumbnail = page.locator('.thumbnail[data-kind="image"]').first();
      await thumbnail.waitFor();
      const take = (name: string) => page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });

      await page.keyboard.press('Control+,');
      const settings = page.getByRole('dialog', { name: 'Settings' });
      await settings.waitFor();
      await take('settings');
      for (const section of ['Notifications', 'Alerts', 'Appearance', 'Charts', 'About']) {
        await settings.getByRole('button', { name: section }).click();
        await take(`settings-${section.toLowerCase()}`);
        if (colorScheme === 'dark' && section === 'Charts')
          await page.screenshot({ path: join(docs, 'settings.png') });
      }
      await page.keyboard.press('Escape');
      await settings.waitFor({ state: 'detached' });

      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await help.waitFor();
      await take('help');
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'detached' });

      // Scrolling closes the menu, so it has to be over before.
      await thumbnail.scrollIntoViewIfNeeded();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      await thumbnail.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'View' }).waitFor();
      await take('menu');
      await page.keyboard.press('Enter');
      const viewer = page.getByRole('dialog', { name: /^Viewer: / });
      await viewer.getByText(/\d pixels/).waitFor();
      await viewer.getByText('Seed', { exact: true }).waitFor();
      await take('viewer');
      if (colorScheme === 'dark') await page.screenshot({ path: join(docs, 'viewer.png') });
      await page.keyboard.press('Escape');
      await page.context().close();

      const strip = await open(
        browser,
        monitor,
        { colorScheme, viewport: small, deviceScaleFactor: 2 },
        '#mini',
      );
      await strip.getByRole('main', { name: 'Mini mode' }).getByRole('progressbar').first().waitFor();
      await strip.screenshot({ path: join(folder, `mini-${colorScheme}.png`) });
      if (colorScheme === 'dark') await strip.screenshot({ path: join(docs, 'mini.png') });
      await strip.context().close();
    }
  } finally {
    await monitor.stop();
  }
}

/** Several servers side by side, and on the wall; in docs, too. In Chinese and German, what opens with the first look. */
async function takeServers(browser: Browser): Promise<void> {
  await using one = await startSimulator({ scenario: 'showcase', speed: 3 });
  await using four = await startSimulator({ scenario: 'multi-gpu', speed: 3, seed: 2 });
  await using eight = await startSimulator({ scenario: 'eight-gpus', speed: 3, seed: 3 });
  const monitor = await startWebMonitor([one, four, eight].flatMap(({ url }) => ['--server', url]));
  try {
    const dark: BrowserContextOptions = { colorScheme: 'dark', viewport: { width: 1_600, height: 900 } };
    const overview = await open(browser, monitor, dark);
    const wall = await open(browser, monitor, dark, '?wall');
    // So that the times of nodes are known.
    await overview.waitForTimeout(60_000);
    await overview.screenshot({ path: join(docs, 'overview.png') });
    await wall.screenshot({ path: join(docs, 'wall.png') });
    for (const locale of ['zh-CN', 'de'])
      for (const width of [380, 900, 1_280, 2_560]) {
        const page = await open(browser, monitor, { locale, viewport: { width, height: 1_000 } });
        await page.keyboard.press('1');
        await page.waitForTimeout(3_000);
        await page.screenshot({ path: join(folder, `page-${locale}-${width}.png`) });
        await page.context().close();
      }
  } finally {
    await monitor.stop();
  }
}

/** The machine by each source, and with one GPU to eight; that of the rack is in docs. */
async function takeMachines(browser: Browser): Promise<void> {
  const scenes = ['showcase', 'multi-gpu', 'eight-gpus', 'amd', 'apple', 'no-extension'] as const;
  for (const scenario of scenes) {
    await using simulator = await startSimulator({ scenario });
    const monitor = await startWebMonitor(['--server', simulator.url]);
    try {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [380, 1_280]) {
          const viewport = { width, height: 1_000 };
          const page = await open(browser, monitor, { colorScheme, viewport });
          const panel = page.getByRole('region', { name: 'Machine' });
          await panel.getByText('RAM', { exact: true }).first().waitFor();
          // So that there is a curve to see.
          await page.waitForTimeout(8_000);
          await panel.screenshot({ path: join(folder, `machine-${scenario}-${width}-${colorScheme}.png`) });
          if (scenario === 'eight-gpus' && colorScheme === 'dark' && width === 1_280)
            await panel.screenshot({ path: join(docs, 'eight-gpus.png') });
          await page.context().close();
        }
    } finally {
      await monitor.stop();
    }
  }
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
    await page.getByRole('button', { name: 'Why it failed' }).click();
    await page.screenshot({ path: join(folder, 'failed-job.png'), fullPage: true });
    await simulator.setReachable(false);
    await page.getByRole('region', { name: 'Connection problem' }).waitFor();
    await page.screenshot({ path: join(folder, 'error.png') });
  } finally {
    await monitor.stop();
    await simulator.stop();
  }
}

async function open(
  browser: Browser,
  monitor: WebMonitor,
  options: BrowserContextOptions,
  hash = '',
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${monitor.url}${hash}`);
  return page;
}
