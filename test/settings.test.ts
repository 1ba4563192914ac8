import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityFlaws } from './accessibility.ts';
import { useStage } from './stage.ts';

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

describe('the settings', () => {
  const stage = useStage();

  it('apply at once, on every page, and are there after a reload', async () => {
    const monitor = await stage.monitor(['--demo']);
    const page = await stage.page(monitor);
    await page.getByRole('img', { name: /^VRAM: .* GiB/ }).waitFor();
    const light = await background(page);
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);

    await dialog.getByRole('button', { name: 'Appearance' }).click();
    await dialog.getByRole('radio', { name: 'Dark' }).click();
    await expect.poll(() => background(page)).not.toBe(light);
    await dialog.getByRole('button', { name: 'Charts' }).click();
    await dialog.getByRole('radio', { name: 'GB, 1000³ bytes' }).click();
    await dialog.getByRole('radio', { name: 'Last hour' }).click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /^VRAM: .* GB of .* GB/ }).waitFor();

    await page.reload();
    await page.getByRole('img', { name: /^VRAM: .* GB of .* GB/ }).waitFor();
    expect(await background(page)).not.toBe(light);
    await expect.poll(() => page.getByRole('radio', { name: 'Last hour' }).isChecked()).toBe(true);
    const other = await stage.page(monitor);
    await expect.poll(() => background(other)).not.toBe(light);
  });

  it('fit into a narrow window, one section below the other', async () => {
    const page = await stage.page(await stage.monitor(['--demo']));
    await page.setViewportSize({ width: 380, height: 700 });
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    for (const title of ['Servers', 'Notifications', 'Charts', 'About'])
      await dialog.getByRole('heading', { name: title }).waitFor();
    const sections = dialog.locator('.settings-sections');
    expect(await sections.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Licences' }).inputValue())
      .toMatch(/recharts.*Permission is hereby granted/s);
    const beyond = await sections.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(beyond).toBe(0);
  });
});
