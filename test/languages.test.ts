import { describe, expect, it } from 'vitest';
import { useStage } from './stage.ts';

describe('the language', () => {
  const stage = useStage();

  it('is that of the browser, and another at once when the user chooses one', async () => {
    const page = await stage.page(await stage.monitor(['--demo']), { locale: 'zh-CN' });
    await page.getByRole('button', { name: '设置' }).click();
    const dialog = page.getByRole('dialog', { name: '设置' });
    await dialog.waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');

    await dialog.getByRole('button', { name: '外观' }).click();
    await dialog.getByRole('combobox', { name: '语言' }).selectOption({ label: 'Deutsch' });
    // The dialog stays where it was.
    const german = page.getByRole('dialog', { name: 'Einstellungen' });
    await german.getByRole('heading', { name: 'Darstellung' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.keyboard.press('Escape');
    await german.waitFor({ state: 'detached' });
    // Figures by locale: a comma in German.
    await page
      .getByText(/\d,\d\sGiB|\d,\d von \d/)
      .first()
      .waitFor();

    // And on the next visit, from its beginning.
    await page.reload();
    await page.getByRole('button', { name: 'Einstellungen' }).waitFor();
  });

  it('is that of the reader where the host says something', async () => {
    const page = await stage.page(await stage.monitor(['--demo']), { locale: 'zh-CN' });
    await page.getByRole('button', { name: '设置' }).waitFor();
    await page.keyboard.press('s');
    await page.getByRole('button', { name: '添加服务器' }).last().click();
    await page.getByRole('textbox', { name: '地址' }).fill('ftp://here');
    await page.getByRole('button', { name: '添加服务器' }).last().click();
    await page.getByText('ComfyUI 通过 http 或 https 访问').waitFor();
    expect(await page.title()).toContain('Comfy Monitor');
  });
});
