import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { countingPrompt, otherClient } from '../simulator/testing/prompts.ts';
import { soundscape } from '../simulator/workflows.ts';
import { accessibilityFlaws } from './accessibility.ts';
import { listenForFaults } from './page-faults.ts';
import { useStage } from './stage.ts';

describe('outputs in the viewer', () => {
  const stage = useStage();
  let page: Page;
  let faults: readonly string[];

  beforeAll(async () => {
    const simulator = await stage.simulator();
    const sound = soundscape('Waves', 3);
    simulator.submit(sound.graph, otherClient);
    for (const seed of [1, 2])
      simulator.submit(countingPrompt({ title: `Picture ${seed}`, seed, secondsPerStep: 0.02 }), otherClient);
    const monitor = await stage.monitor(['--server', simulator.url]);
    page = await stage.tab();
    faults = await listenForFaults(page);
    await page.goto(monitor.url);
    await thumbnails().nth(2).waitFor();
  });

  const thumbnails = () => page.getByRole('toolbar', { name: 'Thumbnails' }).getByRole('button');
  const viewer = () => page.getByRole('dialog', { name: /^Viewer: / });
  const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('title'));

  it('are opened and left by Space, and the focus comes back', async () => {
    await thumbnails().first().focus();
    const first = await focusedName();
    await page.keyboard.press('Space');
    await viewer().waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await viewer().getByText('2 of 3').waitFor();
    await page.keyboard.press('Space');
    await expect.poll(() => viewer().count()).toBe(0);
    expect(await focusedName()).toBe(await thumbnails().nth(1).getAttribute('title'));
    expect(await focusedName()).not.toBe(first);
  });

  it('are enlarged under the pointer, and moved by dragging', async () => {
    await thumbnails().first().focus();
    await page.keyboard.press('Space');
    const picture = viewer().getByRole('img');
    await viewer().getByText('64 × 48 pixels').waitFor();
    const box = async () => (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const before = await box();
    const corner = { x: before.x, y: before.y };
    await page.mouse.move(corner.x + 1, corner.y + 1);
    for (let turns = 0; turns < 4; turns += 1) await page.mouse.wheel(0, -240);
    await expect.poll(async () => (await box()).width).toBeGreaterThan(4 * before.width);
    await page.keyboard.press('0');
    await expect.poll(box).toEqual(before);
    for (let presses = 0; presses < 9; presses += 1) await page.keyboard.press('+');
    await expect.poll(async () => (await box()).width).toBe(16 * 64);
    const large = await box();
    await page.mouse.move(400, 400);
    await page.mouse.down();
    await page.mouse.move(380, 400);
    await page.mouse.up();
    expect((await box()).x - large.x).toBe(-20);
    await page.keyboard.press('Escape');
  });

  it('have a menu within reach, in the gallery and in the viewer', async () => {
    const menu = page.getByRole('menu');
    await thumbnails().first().click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'View' }).waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await viewer().waitFor();
    await page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Download' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => menu.count()).toBe(0);
    expect(await viewer().count()).toBe(1);
    await page.keyboard.press('Shift+F10');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      menu.getByRole('menuitem', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.png$/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Copy image' }).click();
    await viewer().getByText('The image is on the clipboard.').waitFor();
    const types = () =>
      page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
    expect(await types()).toEqual(['image/png']);
    await page.keyboard.press('Escape');
  });

  it('are sought in, when they are played', async () => {
    await thumbnails().last().focus();
    await page.keyboard.press('Space');
    const place = await viewer()
      .locator('audio')
      .evaluate(async (player) => {
        if (!(player instanceof HTMLAudioElement)) return null;
        if (player.readyState === 0)
          await new Promise((done) => player.addEventListener('loadedmetadata', done));
        player.currentTime = 2;
        await new Promise((done) => player.addEventListener('seeked', done));
        return { at: player.currentTime, of: Math.round(player.duration) };
      });
    expect(place).toEqual({ at: 2, of: 3 });
    await page.keyboard.press('Escape');
  });

  it('fit into a narrow window, with what is known below', async () => {
    await page.setViewportSize({ width: 380, height: 700 });
    await thumbnails().first().focus();
    await page.keyboard.press('Space');
    await viewer().getByRole('button', { name: 'Details', pressed: false }).click();
    await viewer().getByRole('complementary', { name: 'Details' }).waitFor();
    expect(await viewer().evaluate((element) => element.scrollWidth)).toBe(380);
    await page.keyboard.press('Escape');
  });

  it('leave no fault behind', () => {
    expect(faults).toEqual([]);
  });
});
