import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { otherClient, sleepingPrompt } from '../simulator/testing/prompts.ts';
import { accessibilityFlaws } from './accessibility.ts';
import { listenForFaults } from './page-faults.ts';
import { useStage } from './stage.ts';

describe('the mini mode in the browser', () => {
  const stage = useStage('each');

  async function open(prepare: (page: Page) => Promise<unknown> = async () => {}) {
    const simulator = await stage.simulator();
    simulator.submit(sleepingPrompt('Long nap', 600), otherClient);
    const monitor = await stage.monitor(['--server', simulator.url]);
    const page = await stage.tab();
    const faults = await listenForFaults(page);
    await prepare(page);
    await page.goto(monitor.url);
    await page.getByRole('article', { name: 'Long nap' }).waitFor();
    return { simulator, page, faults };
  }

  it('is a window above all others, with the page’s styles, and follows what happens', async ({ skip }) => {
    const { simulator, page, faults } = await open();
    if (!(await page.evaluate(() => 'documentPictureInPicture' in window))) skip('no such window here');
    const [strip] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Mini mode' }).click(),
    ]);
    const view = strip.getByRole('main', { name: 'Mini mode' });
    await view.getByRole('heading', { name: 'Long nap' }).waitFor();
    expect(await view.evaluate((element) => getComputedStyle(element).containerName)).toBe('mini');
    simulator.submit(sleepingPrompt('Next nap', 600), otherClient);
    await view.getByText('Waiting').locator('xpath=../dd').getByText('1', { exact: true }).waitFor();
    await view.getByRole('button', { name: 'Interrupt “Long nap”' }).click();
    await view.getByRole('heading', { name: 'Next nap' }).waitFor();
    await closedBy(strip, view.getByRole('button', { name: 'Back to the full window' }));
    expect(faults).toEqual([]);
  });

  it('is a pop-up of its own where the browser has no such window', async () => {
    const { page, faults } = await open((tab) =>
      tab.addInitScript(() => {
        Reflect.deleteProperty(window, 'documentPictureInPicture');
      }),
    );
    const [popUp] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('m')]);
    expect(new URL(popUp.url()).hash).toBe('#mini');
    await popUp.getByRole('heading', { name: 'Long nap' }).waitFor();
    await popUp.getByText('No progress is reported').waitFor();
    // A strip of four lines is all main part.
    expect(await accessibilityFlaws(popUp)).toEqual(['0 × banner']);
    await closedBy(popUp, popUp.getByRole('button', { name: 'Back to the full window' }));
    expect(faults).toEqual([]);
  });
});

/** Clicks a button that closes its own window, which may be gone before the click is answered. */
async function closedBy(window: Page, button: Locator): Promise<void> {
  await Promise.all([window.waitForEvent('close'), button.click().catch(() => {})]);
}
