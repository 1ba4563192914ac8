import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, lostTexts, smallTargets } from './accessibility.ts';
import { useStage } from './stage.ts';

/**
 * Each state wide in one theme, and narrow in the other those that are put otherwise there; colours do not depend on
 * the width.
 */
const looks = [
  ['wide and light', { width: 1280, height: 860 }, 'light'],
  ['narrow and dark', { width: 380, height: 860 }, 'dark'],
] as const;

/** Everything that keeps somebody from what the page shows, or from what is open above it. */
async function barriers(page: Page, within?: string): Promise<string[]> {
  const found = [...(await axeFindings(page, within)), ...(await smallTargets(page))];
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  if (size.width > 700) {
    // Text alone, as browsers and systems can be set.
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    await settled(page);
    found.push(...(await lostTexts(page)));
    await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  } else {
    // What 1280 px are at 400 %.
    await page.setViewportSize({ ...size, width: 320 });
    await settled(page);
    found.push(...(await lostTexts(page)));
    await page.setViewportSize(size);
  }
  await settled(page);
  return found;
}

/** Observers of sizes have answered, and what they changed is drawn. */
function settled(page: Page): Promise<unknown> {
  return page.evaluate(
    () =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))),
  );
}

/** What is told of states without a finding. */
const none = (found: Record<string, string[]>) =>
  Object.fromEntries(Object.keys(found).map((name) => [name, []]));

// Looking into everything takes its time where other tests run beside it.
describe.each(looks)(
  'nobody is kept from anything, %s:',
  { timeout: 120_000 },
  (_, viewport, colorScheme) => {
    const stage = useStage();
    let page: Page;
    let varied = '';

    beforeAll(async () => {
      const simulators = [
        await stage.simulator({ scenario: 'showcase', companion: true }),
        await stage.simulator(),
      ];
      // What is narrow is the same for all of them but for what they show.
      if (viewport.width > 700)
        for (const scenario of ['busy', 'errors', 'eight-gpus', 'no-crystools'] as const)
          simulators.push(await stage.simulator({ scenario, speed: scenario === 'errors' ? 8 : 1 }));
      varied = simulators[0] ? new URL(simulators[0].url).host : '';
      const monitor = await stage.monitor(simulators.flatMap(({ url }) => ['--server', url]));
      page = await stage.page(monitor, { viewport, colorScheme });
    });

    it('several servers, and each by itself: varied, busy, failing, of many GPUs, without telemetry, idle', async () => {
      const cards = page.getByRole('main').getByRole('article');
      await cards.nth(viewport.width > 700 ? 5 : 1).waitFor();
      const names = await cards.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
      const found: Record<string, string[]> = { overview: await barriers(page) };
      for (const name of viewport.width > 700 ? names : names.slice(0, 1)) {
        await page.getByRole('navigation', { name: 'Servers' }).getByRole('button', { name }).first().click();
        await page.getByRole('region', { name: 'Machine' }).waitFor();
        await settled(page);
        found[`server ${names.indexOf(name)}`] = await barriers(page);
      }
      expect(found).toEqual(none(found));
    });

    it('help, settings, the form of a server, the menu and viewer of an output, the mini mode', async () => {
      const servers = page.getByRole('navigation', { name: 'Servers' });
      await servers.getByRole('button', { name: varied }).first().click();
      const thumbnail = page.locator('.thumbnail[data-kind="image"]').first();
      const found: Record<string, string[]> = {};
      const look = async (name: string) => {
        await page.getByRole('dialog').waitFor();
        found[name] = await barriers(page, 'dialog');
      };

      if (viewport.width > 700) {
        await page.keyboard.press('?');
        await look('help');
        await page.keyboard.press('Escape');
      }

      await page.keyboard.press('Control+,');
      await look('settings');
      // A narrow window has the sections below one another.
      const rail = viewport.width > 700 ? ['Notifications', 'Alerts', 'Appearance', 'Charts', 'About'] : [];
      for (const section of rail) {
        await page.getByRole('dialog').getByRole('button', { name: section, exact: true }).click();
        await look(section);
      }
      await page.keyboard.press('Escape');

      await page.getByRole('banner').getByRole('button', { name: 'Add server' }).click();
      await look('form');
      await page.keyboard.press('Escape');

      await thumbnail.waitFor();
      await thumbnail.focus();
      // Scrolling to it, which closes menus, is over.
      await settled(page);
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menu').waitFor();
      found.menu = [...(await axeFindings(page)), ...(await smallTargets(page))];
      await page.keyboard.press('Escape');
      await page.keyboard.press('Space');
      await look('viewer');
      await page.keyboard.press('Escape');

      await page.evaluate(() => {
        location.hash = '#mini';
      });
      await page.getByRole('main', { name: 'Mini mode' }).waitFor();
      found.mini = [...(await axeFindings(page)), ...(await smallTargets(page))];
      expect(found).toEqual(none(found));
    });

    it('a monitor without a server, or one whose server cannot be reached', async () => {
      if (viewport.width > 700) {
        const empty = await stage.page(await stage.monitor([]), { viewport, colorScheme });
        await empty.getByRole('button', { name: 'Add server' }).last().waitFor();
        expect(await barriers(empty)).toEqual([]);
        return;
      }
      const simulator = await stage.simulator();
      await simulator.setReachable(false);
      const lost = await stage.page(await stage.monitor(['--server', simulator.url]), {
        viewport,
        colorScheme,
      });
      await lost.getByRole('region', { name: 'Connection problem' }).waitFor();
      expect(await barriers(lost)).toEqual([]);
    });
  },
);
