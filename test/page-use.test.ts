import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Simulator } from '../simulator/simulator.ts';
import { countingPrompt, failingPrompt, otherClient, sleepingPrompt } from '../simulator/testing/prompts.ts';
import { accessibilityFlaws, controlsOf, focusedControl } from './accessibility.ts';
import { type Stage, useStage } from './stage.ts';
import type { WebMonitor } from './web-monitor.ts';

/** A server with something in every list, on which nothing moves: four images, one error, a full queue. */
async function openScene(stage: Stage): Promise<{ simulator: Simulator; monitor: WebMonitor; page: Page }> {
  const simulator = await stage.simulator();
  for (const seed of [1, 2, 3, 4])
    simulator.submit(countingPrompt({ title: `Picture ${seed}`, seed, secondsPerStep: 0.02 }), otherClient);
  simulator.submit(failingPrompt('Fails'), otherClient);
  const monitor = await stage.monitor(['--server', simulator.url]);
  const page = await stage.page(monitor);
  await page.getByRole('region', { name: 'Finished' }).getByText('Failed', { exact: true }).waitFor();
  simulator.submit(sleepingPrompt('Long nap', 600), otherClient);
  for (let seed = 10; seed < 20; seed += 1)
    simulator.submit(countingPrompt({ title: `Waiting ${seed}`, seed }), otherClient);
  await page.getByRole('button', { name: 'Show all 10' }).waitFor();
  await vi.waitFor(async () => expect(await thumbnails(page).count()).toBe(4), 20_000);
  return { simulator, monitor, page };
}

function thumbnails(page: Page) {
  return page.getByRole('region', { name: 'Outputs' }).getByRole('button', { name: /\.png$/ });
}

describe('the page by keyboard', () => {
  const stage = useStage();
  let page: Page;

  beforeAll(async () => {
    ({ page } = await openScene(stage));
  });

  /** Opens a thumbnail in whatever way, and gives the size of the picture in the new tab. */
  async function sizeOfOpened(open: () => Promise<void>): Promise<{ width: number; height: number }> {
    const [tab] = await Promise.all([page.context().waitForEvent('page'), open()]);
    const picture = tab.locator('img');
    await picture.waitFor();
    const size = await picture.evaluate((image) =>
      image instanceof HTMLImageElement
        ? { width: image.naturalWidth, height: image.naturalHeight }
        : { width: 0, height: 0 },
    );
    expect(tab.url()).not.toContain('thumbnail');
    await tab.close();
    return size;
  }

  it('Tab reaches every control, in the order of the page and with a visible ring', async () => {
    const controls = await controlsOf(page);
    expect(controls.length).toBeGreaterThan(5);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    const reached: string[] = [];
    const ringless: string[] = [];
    for (let presses = 0; presses < 3 * controls.length && reached.length < controls.length; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await focusedControl(page);
      if (!focused) continue;
      if (focused.control !== null && !reached.includes(focused.control)) reached.push(focused.control);
      if (!focused.hasRing) ringless.push(focused.html);
    }
    expect(ringless).toEqual([]);
    expect(reached).toEqual(controls);
  });

  it('arrow keys move through the thumbnails, which are one stop for Tab', async () => {
    const names = await thumbnails(page).evaluateAll((all) => all.map((one) => one.getAttribute('title')));
    const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('title'));
    await thumbnails(page).first().focus();
    const seen = [await focusedName()];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'ArrowRight', 'Home']) {
      await page.keyboard.press(key);
      seen.push(await focusedName());
    }
    const [first, second, third] = names;
    expect(seen).toEqual([first, second, third, second, names.at(-1), names.at(-1), first]);
    await page.keyboard.press('Tab');
    expect(names).not.toContain(await focusedName());
  });

  it('ArrowDown and ArrowUp lead to the next row', async () => {
    await page.setViewportSize({ width: 380, height: 900 });
    // On the page, not in the window: what gets the focus is scrolled into the middle of that.
    const focusedTop = () =>
      page.evaluate(() => (document.activeElement?.getBoundingClientRect().top ?? 0) + window.scrollY);
    await thumbnails(page).first().focus();
    const first = await focusedTop();
    await page.keyboard.press('ArrowDown');
    expect(await focusedTop()).toBeGreaterThan(first);
    await page.keyboard.press('ArrowUp');
    expect(
      await thumbnails(page)
        .first()
        .evaluate((one) => one === document.activeElement),
    ).toBe(true);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('Enter opens the original image in a tab of its own', async () => {
    await thumbnails(page).first().focus();
    expect(await sizeOfOpened(() => page.keyboard.press('Enter'))).toEqual({ width: 64, height: 48 });
  });

  it('a double click opens it, too; a single click shows it here', async () => {
    const tabs = page.context().pages().length;
    await thumbnails(page).nth(1).click();
    await page.getByRole('dialog', { name: /^Viewer: / }).waitFor();
    expect(page.context().pages()).toHaveLength(tabs);
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Outputs' }).getByRole('button', { name: 'Open' }).waitFor();
    expect(await sizeOfOpened(() => thumbnails(page).nth(1).dblclick())).toEqual({ width: 64, height: 48 });
  });

  it('Escape closes a dialog and gives the focus back', async () => {
    const opener = page.getByRole('banner').getByRole('button', { name: 'Add server' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('Space unfolds and folds what can be unfolded', async () => {
    const waiting = page.getByRole('region', { name: 'Up next' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Show all 10' }).focus();
    await page.keyboard.press('Space');
    await expect.poll(() => waiting.count()).toBe(10);
    await page.keyboard.press('Space');
    await expect.poll(() => waiting.count()).toBe(6);
  });
});

describe('the page for all people', () => {
  const stage = useStage();

  it('has names, alternatives, values, headings and landmarks while a demo runs', async () => {
    const page = await stage.page(await stage.monitor(['--demo']));
    await page.getByRole('progressbar').first().waitFor();
    await page.getByRole('img', { name: /^GPU load/ }).waitFor();
    await thumbnails(page).first().waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);
    await expect(page.getByRole('banner').count()).resolves.toBe(1);
    await expect(page.getByRole('main').count()).resolves.toBe(1);
    const charts = page.getByRole('figure').getByRole('img', { name: /^(GPU load|VRAM|RAM): .*\d+%$/ });
    expect(await charts.count()).toBe(3);
    await page.getByRole('banner').getByRole('button', { name: 'Add server' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);
  });

  it('has them with an error, a full queue and several servers, too', async () => {
    const { page, simulator } = await openScene(stage);
    await page.getByRole('region', { name: 'Finished' }).getByText('Why').click();
    await page.getByText('Server details').click();
    expect(await accessibilityFlaws(page)).toEqual([]);
    const other = await stage.simulator({ seed: 3 });
    await other.setReachable(false);
    const monitor = await stage.monitor(['--server', other.url, '--server', simulator.url]);
    const several = await stage.page(monitor);
    expect(await accessibilityFlaws(several)).toEqual([]);
    const servers = several.getByRole('navigation', { name: 'Servers' });
    await servers
      .getByRole('button', { name: new URL(other.url).host })
      .first()
      .click();
    await several.getByRole('region', { name: 'Connection problem' }).waitFor();
    expect(await accessibilityFlaws(several)).toEqual([]);
  });
});

describe('the page in every size and colour', () => {
  const stage = useStage();
  let monitor: WebMonitor;

  beforeAll(async () => {
    const simulator = await stage.simulator({ scenario: 'multi-gpu' });
    const long = `A title that is as long as titles get ${'and-longer'.repeat(8)}`;
    simulator.submit(countingPrompt({ title: long, seed: 1 }), { ...otherClient, front: true });
    simulator.submit(failingPrompt(`${long} and fails`), { ...otherClient, front: true });
    monitor = await stage.monitor(['--server', simulator.url]);
  });

  const brightness = { light: [160, 255], dark: [0, 96] } as const;

  it.each([
    [380, 'light'],
    [380, 'dark'],
    [1600, 'light'],
    [1600, 'dark'],
  ] as const)('%i px wide, %s: nothing has to be scrolled sideways', async (width, colorScheme) => {
    const page = await stage.page(monitor, { viewport: { width, height: 900 }, colorScheme });
    await page.getByRole('img', { name: /^GPU 0 load/ }).waitFor();
    await thumbnails(page).first().waitFor();
    await page.getByText('Server details').click();
    const { scrollWidth, background } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      background: [document.body, document.documentElement]
        .map((element) => getComputedStyle(element).backgroundColor)
        .find((color) => color !== 'rgba(0, 0, 0, 0)'),
    }));
    expect(scrollWidth).toBeLessThanOrEqual(width);
    const [darkest, brightest] = brightness[colorScheme];
    for (const part of background?.match(/\d+/g)?.slice(0, 3) ?? ['no colour']) {
      expect(Number(part)).toBeGreaterThanOrEqual(darkest);
      expect(Number(part)).toBeLessThanOrEqual(brightest);
    }
    await page.context().close();
  });

  it('the curves of several GPUs stand in line with one another', async () => {
    const page = await stage.page(monitor, { viewport: { width: 1280, height: 900 } });
    await page.getByRole('img', { name: /^GPU 0 load/ }).waitFor();
    const curves = page.getByRole('region', { name: 'Machine' }).locator('.gpu-curve .curve');
    await expect.poll(() => curves.count()).toBeGreaterThanOrEqual(4);
    const sides = await curves.evaluateAll((all) =>
      all.map((curve) => {
        const { left, right, height } = curve.getBoundingClientRect();
        return `${Math.round(left)}–${Math.round(right)}, ${Math.round(height)} high`;
      }),
    );
    // Load and VRAM are two columns.
    expect(new Set(sides).size).toBe(2);
    await page.context().close();
  });

  it('says where a figure comes from, within the window and above the rest of the page', async () => {
    const page = await stage.page(monitor, { viewport: { width: 380, height: 700 } });
    await page.getByRole('button', { name: 'CPU' }).focus();
    const tip = page.getByRole('tooltip');
    await tip.waitFor();
    const box = await tip.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(380);
    const isOnTop = await tip.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    expect(isOnTop).toBe(true);
    await page.context().close();
  });
});

describe('a dialog', () => {
  const stage = useStage();

  it('keeps its width, however long the name in its title is', async () => {
    const simulator = await stage.simulator();
    const monitor = await stage.monitor(['--server', simulator.url]);
    const page = await stage.page(monitor);
    simulator.submit(sleepingPrompt('a_name_that_goes_on_'.repeat(12), 600), otherClient);
    await page.getByRole('button', { name: /^Interrupt/ }).waitFor();
    await page.keyboard.press('i');
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    const { beyond, lines } = await dialog.evaluate((element) => {
      const heading = element.querySelector('h2');
      const lineHeight = heading ? Number.parseFloat(getComputedStyle(heading).lineHeight) : 1;
      return {
        beyond: element.scrollWidth - element.clientWidth,
        lines: Math.round((heading?.clientHeight ?? 0) / lineHeight),
      };
    });
    expect(beyond).toBe(0);
    expect(lines).toBe(3);
  });
});

describe('the address of the page', () => {
  const stage = useStage();
  let monitor: WebMonitor;
  let page: Page;

  beforeAll(async () => {
    ({ monitor, page } = await openScene(stage));
  });

  /** What the page says about jobs, without what changes with the clock. */
  const told = async (shown: Page): Promise<string[]> => {
    const regions = ['Up next', 'Finished', 'Outputs'].map((name) => shown.getByRole('region', { name }));
    const texts = await Promise.all(regions.map((region) => region.innerText({ timeout: 5_000 })));
    const running = await shown.getByRole('article').getAttribute('aria-label', { timeout: 5_000 });
    return [...texts.map((text) => text.replaceAll(/just now|\d+ min ago/g, 'lately')), running ?? ''];
  };

  it('shows the same after a reload, and in a second tab', async () => {
    const before = await told(page);
    expect(before.join()).toContain('Picture 4');
    await page.reload();
    await expect.poll(() => told(page).catch(String)).toEqual(before);
    const second = await stage.page(monitor);
    await expect.poll(() => told(second).catch(String)).toEqual(before);
    await page.reload();
    await expect.poll(() => told(page).catch(String)).toEqual(before);
  });

  it('is refused without its key', async () => {
    const { origin } = new URL(monitor.url);
    for (const path of [
      '/',
      '/index.html',
      '/AAAAAAAAAAAAAAAAAAAAAA/',
      '/AAAAAAAAAAAAAAAAAAAAAA/media/x/view',
    ])
      expect(await statusOf(`${origin}${path}`)).toBe(403);
    expect(await statusOf(monitor.url)).toBe(200);
  });

  it('is refused under a foreign name, whose owner may have pointed it at this computer', async () => {
    const { port } = new URL(monitor.url);
    expect(await statusOf(monitor.url, { host: `attacker.example:${port}` })).toBe(403);
    expect(await statusOf(monitor.url, { host: `localhost:${port}` })).toBe(200);
  });

  it('lets no other page connect, even one that knows the key', async () => {
    const bridge = `${monitor.url.replace('http', 'ws')}bridge`;
    const { origin, port } = new URL(monitor.url);
    expect(await handshake(bridge, 'https://attacker.example')).toBe(403);
    expect(await handshake(bridge, `http://127.0.0.1:${Number(port) + 1}`)).toBe(403);
    expect(await handshake(bridge)).toBe(403);
    expect(
      await handshake(bridge.replace(/\/[^/]+\/bridge$/, '/AAAAAAAAAAAAAAAAAAAAAA/bridge'), origin),
    ).toBe(403);
    expect(await handshake(bridge, origin)).toBe('open');
  });
});

function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((done, failed) => {
    request(url, { headers }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .once('error', failed)
      .end();
  });
}

function handshake(url: string, origin?: string): Promise<number | 'open' | undefined> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(url, origin === undefined ? {} : { origin });
    socket.once('open', () => {
      socket.terminate();
      done('open');
    });
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      done(response.statusCode);
    });
    socket.once('error', failed);
  });
}
