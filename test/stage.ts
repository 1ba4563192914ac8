import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/simulator.ts';
import { launchChromium } from './chromium.ts';
import { startWebMonitor, type WebMonitor } from './web-monitor.ts';

/** Everything that tests start. It is ended with them, last first. */
export interface Stage {
  /** A simulated ComfyUI; quiet and without the companion node by default. */
  simulator(options?: SimulatorOptions): Promise<Simulator>;
  /** The built browser host, in another environment if one is given. */
  monitor(args: string[], userDataDir?: string, environment?: NodeJS.ProcessEnv): Promise<WebMonitor>;
  /** An empty tab in a browser profile of its own. */
  tab(options?: BrowserContextOptions): Promise<Page>;
  /** A tab that shows the monitor. */
  page(monitor: WebMonitor, options?: BrowserContextOptions): Promise<Page>;
  /** Ends something else. */
  onEnd(end: () => unknown): void;
}

/** Call it in a `describe`. Its tests share what they start, unless it is to end after each of them. */
export function useStage(endAfter: 'all' | 'each' = 'all'): Stage {
  const endings: (() => unknown)[] = [];
  let browser: Promise<Browser> | null = null;

  const endsAfter = { all: afterAll, each: afterEach }[endAfter];
  endsAfter(async () => {
    browser = null;
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function tab(options?: BrowserContextOptions): Promise<Page> {
    if (!browser) {
      browser = launchChromium();
      const started = browser;
      endings.push(async () => (await started).close());
    }
    const context = await (await browser).newContext({ reducedMotion: 'reduce', ...options });
    return context.newPage();
  }

  return {
    async simulator(options) {
      const simulator = await startSimulator({ scenario: 'idle', ...options });
      endings.push(() => simulator.stop());
      return simulator;
    },
    async monitor(args, userDataDir, environment) {
      const monitor = await startWebMonitor(args, userDataDir, [], environment);
      endings.push(() => monitor.stop());
      return monitor;
    },
    tab,
    async page(monitor, options) {
      const page = await tab(options);
      await page.goto(monitor.url);
      return page;
    },
    onEnd: (end) => endings.push(end),
  };
}
