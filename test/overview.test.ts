import { describe, expect, it } from 'vitest';
import { otherClient, sleepingPrompt } from '../simulator/testing/prompts.ts';
import { accessibilityFlaws } from './accessibility.ts';
import { listenForFaults } from './page-faults.ts';
import { useStage } from './stage.ts';

describe('the overview of several servers', () => {
  const stage = useStage('each');

  it('shows them side by side, leads to ComfyUI, and to the wall and back', async () => {
    const [busy, idle] = [await stage.simulator(), await stage.simulator()];
    busy.submit(sleepingPrompt('Long nap', 600), otherClient);
    const monitor = await stage.monitor(['--server', busy.url, '--server', idle.url]);
    const page = await stage.tab();
    const faults = await listenForFaults(page);
    await page.goto(monitor.url);
    const card = page.getByRole('article', { name: new URL(busy.url).host });
    await card.getByText('Long nap').waitFor();
    await card.getByText('1 running').waitFor();
    expect(await page.getByRole('article').count()).toBe(2);
    expect(await accessibilityFlaws(page)).toEqual([]);
    const [comfy] = await Promise.all([
      page.context().waitForEvent('page'),
      card.getByRole('button', { name: /^Open ComfyUI/ }).click(),
    ]);
    expect(comfy.url()).toBe(`${busy.url}/`);
    expect(await comfy.evaluate(() => window.opener)).toBeNull();
    await comfy.close();
    await page.keyboard.press('w');
    const wall = page.getByRole('main', { name: 'Wall mode' });
    await wall.getByText('Long nap').waitFor();
    const sizes = await wall.evaluate((element) =>
      [...element.querySelectorAll('p, b, span, time')]
        .filter((text) => text.checkVisibility() && text.textContent !== '')
        .map((text) => Number.parseFloat(getComputedStyle(text).fontSize) / window.innerHeight),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.0299);
    await page.keyboard.press('w');
    await card.waitFor();
    expect(faults).toEqual([]);
  });
});
