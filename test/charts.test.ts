import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { accessibilityFlaws } from './accessibility.ts';
import { useStage } from './stage.ts';

describe('the charts of a machine', () => {
  const stage = useStage();
  let page: Page;

  beforeAll(async () => {
    const simulator = await stage.simulator({ scenario: 'showcase' });
    page = await stage.page(await stage.monitor(['--server', simulator.url]));
    await page.locator('.curve-line[d*="L"]').first().waitFor();
    // Some seconds of figures, and a prompt that ran.
    await vi.waitFor(async () => expect(await moments()).toBeGreaterThan(5), 60_000);
  });

  const slider = () => page.getByRole('slider', { name: 'Moment in the charts' });
  const said = async () => (await slider().getAttribute('aria-valuetext')) ?? '';
  const cursors = () => page.locator('.curve-cursor');

  /** How many places the first curve has. */
  async function moments(): Promise<number> {
    const path = await page.locator('.curve-line').first().getAttribute('d');
    return path?.split('L').length ?? 0;
  }

  it('have one crosshair, which keys move and say the values of', async () => {
    await slider().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await said()).toMatch(/^\d\d:\d\d:\d\d, GPU load \d+%, VRAM .+ GiB of .+, RAM /);
    const first = await said();
    await page.keyboard.press('ArrowLeft');
    expect(await said()).not.toBe(first);
    expect(await cursors().count()).toBe(3);
    expect(await accessibilityFlaws(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await cursors().count()).toBe(0);
  });

  it('are zoomed by dragging over a curve, and shown in full again', async () => {
    const box = await page.locator('.curve').first().boundingBox();
    if (!box) throw new Error('no curve');
    await page.mouse.move(box.x + box.width * 0.8, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + 30, { steps: 3 });
    await page.mouse.up();
    await page
      .getByText(/^\d\d:\d\d:\d\d$/)
      .first()
      .waitFor();
    expect(await page.locator('.chart-plot').first().textContent()).not.toContain('now');
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await page.locator('.chart-plot').first().getByText('now').waitFor();
  });

  it('are saved as a picture in the size of a screen', async () => {
    const file = await saved(/Picture/);
    expect(file.name).toMatch(/ \d{4}-\d\d-\d\d \d\d\.\d\d\.png$/);
    const { width, height, data, channels } = decode(file.content);
    expect([width > 2_000, height > 1_000]).toEqual([true, true]);
    const shades = new Set<number>();
    for (let at = 0; at < data.length; at += channels * 97) shades.add(data[at] ?? 0);
    expect(shades.size).toBeGreaterThan(8);
  });

  it('are saved as figures that other programs read', async () => {
    const file = await saved(/Figures/);
    const [head = '', first = ''] = file.content.toString('utf8').split('\r\n');
    expect(head).toContain(' load (%)');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,sample,/);
    expect(first.split(',')).toHaveLength(head.split(',').length);
  });

  async function saved(kind: RegExp): Promise<{ name: string; content: Buffer }> {
    await page.getByRole('button', { name: 'Save the charts' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: kind }).click();
    const file = await download;
    return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
  }
});
