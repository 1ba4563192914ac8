import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { countingPrompt, otherClient } from '../simulator/testing/prompts.ts';
import { layoutShifts } from './layout-shifts.ts';
import { useStage } from './stage.ts';

describe('what somebody is at', () => {
  const stage = useStage();
  let simulator: Simulator;
  let page: Page;
  let made = 0;

  const make = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      made += 1;
      simulator.submit(
        countingPrompt({ title: `Picture ${made}`, seed: made, secondsPerStep: 0.01 }),
        otherClient,
      );
    }
  };
  const outputs = () => page.getByRole('region', { name: 'Outputs' });
  const thumbnails = () => outputs().getByRole('button', { name: /\.png$/ });
  const waiting = (count: number) => outputs().getByRole('button', { name: `${count} new: show them` });

  beforeAll(async () => {
    simulator = await stage.simulator();
    make(24);
    const monitor = await stage.monitor(['--server', simulator.url]);
    page = await stage.page(monitor, { viewport: { width: 1280, height: 860 } });
    await thumbnails().nth(23).waitFor();
  });

  /** What lies under a point of the window, and where on it. */
  const under = (x: number, y: number) =>
    page.evaluate(
      ([left = 0, top = 0]) => {
        const found = document.elementFromPoint(left, top)?.closest<HTMLElement>('.thumbnail');
        const box = found?.getBoundingClientRect();
        return { title: found?.title ?? null, left: box?.left, top: box?.top };
      },
      [x, y],
    );

  it('does not move under the pointer, whatever comes; what came is there by a click', async () => {
    const box = await thumbnails().nth(2).boundingBox();
    const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 };
    await page.mouse.move(at.x, at.y);
    const before = await under(at.x, at.y);
    expect(before.title).toMatch(/\.png$/);
    make(3);
    await waiting(3).waitFor();
    expect(await under(at.x, at.y)).toEqual(before);
    await waiting(3).click();
    await expect.poll(() => thumbnails().count()).toBe(27);
    expect(
      await thumbnails()
        .first()
        .evaluate((one) => one === document.activeElement),
    ).toBe(true);
  });

  it('does not move where the page is scrolled into the outputs', async () => {
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.setViewportSize({ width: 700, height: 500 });
    const last = thumbnails().nth(26);
    await last.scrollIntoViewIfNeeded();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
    const box = await last.boundingBox();
    const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20 };
    const before = await under(at.x, at.y);
    make(2);
    await waiting(2).waitFor();
    expect(await under(at.x, at.y)).toEqual(before);
    // It is in sight there, too.
    expect(await waiting(2).evaluate((button) => button.getBoundingClientRect().top)).toBeGreaterThan(81);
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect.poll(() => thumbnails().count()).toBe(29);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  it('has little that moves by itself, even on a busy server', async () => {
    const busy = await stage.simulator({ scenario: 'busy', speed: 2 });
    const monitor = await stage.monitor(['--server', busy.url]);
    const shown = await stage.page(monitor, { viewport: { width: 1280, height: 860 } });
    await shown.locator('.thumbnail img').first().waitFor();
    await shown.waitForTimeout(1_500);
    const shifts = await layoutShifts(shown, 6_000);
    // All of it, not only its worst moment: what moves little but always is no rest either.
    expect(shifts.sum, JSON.stringify(shifts.moved)).toBeLessThanOrEqual(0.1);
    await shown.context().close();
  });
});
