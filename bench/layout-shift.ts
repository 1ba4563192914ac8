import { startSimulator } from '../simulator/simulator.ts';
import { launchChromium } from '../test/chromium.ts';
import { type LayoutShifts, layoutShifts } from '../test/layout-shifts.ts';
import { startWebMonitor } from '../test/web-monitor.ts';

export interface LayoutShiftFigures extends LayoutShifts {
  scenario: string;
  /** CSS px. */
  width: number;
  seconds: number;
}

/** How much moves on the page by itself while a busy server is watched and nothing is touched. */
export async function measureLayoutShift(
  seconds: number,
  sizes = [1280, 380],
): Promise<LayoutShiftFigures[]> {
  const scenario = 'busy';
  const simulator = await startSimulator({ scenario });
  const monitor = await startWebMonitor(['--server', simulator.url]);
  const browser = await launchChromium();
  try {
    const pages = await Promise.all(
      sizes.map(async (width) => {
        const page = await browser.newPage({ viewport: { width, height: 860 } });
        await page.goto(monitor.url);
        await page.locator('.thumbnail').first().waitFor();
        // What comes with the first values of all panels is loading, not movement.
        await page.waitForTimeout(3_000);
        return { page, width };
      }),
    );
    return await Promise.all(
      pages.map(async ({ page, width }) => ({
        scenario,
        width,
        seconds,
        ...(await layoutShifts(page, seconds * 1_000)),
      })),
    );
  } finally {
    await browser.close();
    await monitor.stop();
    await simulator.stop();
  }
}
