import type { CDPSession, Page } from 'playwright-core';
import type { ScenarioName } from '../simulator/scenarios.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { launchChromium } from '../test/chromium.ts';
import { startWebMonitor } from '../test/web-monitor.ts';

/**
 * What the main thread of the page does in each second, ms: by the clock on the wall, and of the processor, where other
 * programs of the machine do not count.
 */
export interface PageCost {
  scenario: ScenarioName;
  seconds: number;
  /** Script, style and layout together, and each of them. */
  pageMsPerSecond: number;
  pageCpuMsPerSecond: number;
  scriptMsPerSecond: number;
  styleMsPerSecond: number;
  layoutMsPerSecond: number;
  /** With painting, and everything that the browser itself does. */
  taskMsPerSecond: number;
  taskCpuMsPerSecond: number;
  /** Of the processor, by everything that the browser runs: pages, drawing, network. */
  browserCpuMsPerSecond: number;
  /** Null if none took as long as 50 ms. */
  longestTaskMs: number | null;
  /** How often batches of events arrive. */
  batchesPerSecond: number;
  heapMiB: number;
}

/** Quiet enough that neither start nor first pictures are counted, ms. */
const warmUp = 6_000;

/** What the page costs its machine while a server of this scenario is watched, which runs so many times as fast. */
export async function measurePageCost(scenario: ScenarioName, seconds: number, speed = 1): Promise<PageCost> {
  const simulator = await startSimulator({ scenario, speed });
  const monitor = await startWebMonitor(['--server', simulator.url]);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    let batches = 0;
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"events"')) batches += 1;
      }),
    );
    await page.goto(monitor.url);
    await page.getByRole('heading', { name: 'Machine' }).waitFor();
    await page.waitForTimeout(warmUp);
    await watchLongTasks(page);
    const wall = await startMeter(page, 'timeTicks', seconds);
    const processor = await startMeter(page, 'threadTicks', seconds);
    const processes = await browser.newBrowserCDPSession();
    const used = await processorTime(processes);
    batches = 0;
    await page.waitForTimeout(seconds * 1000);
    const received = batches;
    const spent = await wall();
    const cpu = await processor();
    const all = (await processorTime(processes)) - used;
    return {
      scenario,
      seconds,
      pageMsPerSecond: spent.of(...parts),
      pageCpuMsPerSecond: cpu.of(...parts),
      scriptMsPerSecond: spent.of('ScriptDuration'),
      styleMsPerSecond: spent.of('RecalcStyleDuration'),
      layoutMsPerSecond: spent.of('LayoutDuration'),
      taskMsPerSecond: spent.of('TaskDuration'),
      taskCpuMsPerSecond: cpu.of('TaskDuration'),
      browserCpuMsPerSecond: round((all * 1000) / seconds),
      longestTaskMs: await longestTask(page),
      batchesPerSecond: round(received / seconds),
      heapMiB: round(spent.heap / 1024 ** 2),
    };
  } finally {
    await browser.close();
    await monitor.stop();
    await simulator.stop();
  }
}

/** What all processes of the browser have used so far, s. */
async function processorTime(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const parts = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];

/** What is spent from now on until its end is asked for. */
async function startMeter(page: Page, timeDomain: 'timeTicks' | 'threadTicks', seconds: number) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain });
  const before = await metricsOf(session);
  return async () => {
    const after = await metricsOf(session);
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return {
      of: (...names: string[]) => round((names.reduce((sum, name) => sum + grown(name), 0) * 1000) / seconds),
      heap: after.get('JSHeapUsedSize') ?? 0,
    };
  };
}

async function metricsOf(session: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

/** The browser tells of tasks from 50 ms on; TypeScript's list of what it tells lacks them. */
async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ entryTypes: ['longtask'] });
  `);
}

async function longestTask(page: Page): Promise<number | null> {
  const tasks: unknown = await page.evaluate(() => Reflect.get(globalThis, 'longTasks'));
  const lengths = Array.isArray(tasks) ? tasks.filter((task) => typeof task === 'number') : [];
  return lengths.length === 0 ? null : Math.max(...lengths);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
