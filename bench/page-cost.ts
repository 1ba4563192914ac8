import { startSimulator } from '../simulator/simulator.ts';
import { launchChromium } from '../test/chromium.ts';
import { startWebMonitor } from '../test/web-monitor.ts';

export interface PageCost {
  scenario: string;
  seconds: number;
  /** Milliseconds of script, layout and style, and of everything on the main thread, per second. */
  scriptMsPerSecond: number;
  layoutMsPerSecond: number;
  taskMsPerSecond: number;
  heapMiB: number;
}

/** What the page costs its machine while a busy server is watched. */
export async function measurePageCost(seconds: number): Promise<PageCost> {
  const scenario = 'busy';
  const simulator = await startSimulator({ scenario, speed: 4 });
  const monitor = await startWebMonitor(['--server', simulator.url]);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(monitor.url);
    await page.getByRole('progressbar').first().waitFor();
    await page.waitForTimeout(3_000);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const metrics = async () =>
      new Map((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
    const before = await metrics();
    await page.waitForTimeout(seconds * 1000);
    const after = await metrics();
    const spent = (...names: string[]) =>
      round(
        (names.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0) * 1000) /
          seconds,
      );
    return {
      scenario,
      seconds,
      scriptMsPerSecond: spent('ScriptDuration'),
      layoutMsPerSecond: spent('LayoutDuration', 'RecalcStyleDuration'),
      taskMsPerSecond: spent('TaskDuration'),
      heapMiB: round((after.get('JSHeapUsedSize') ?? 0) / 1024 ** 2),
    };
  } finally {
    await browser.close();
    await monitor.stop();
    await simulator.stop();
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
