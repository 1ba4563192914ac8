import { readFileSync } from 'node:fs';
import { startSimulator } from '../simulator/simulator.ts';
import { textToImage } from '../simulator/workflows.ts';
import { launchChromium } from '../test/chromium.ts';
import { startWebMonitor } from '../test/web-monitor.ts';

const count = 10;
const watchedFor = 8_000;

export interface TenServersCost {
  servers: number;
  /** From submitting a prompt to any of them until the page shows it, ms. */
  appearsMs: number;
  slowestMs: number;
  /** CPU time of the monitor per second while all of them run; null where the system does not tell. */
  hostCpuMsPerSecond: number | null;
}

/** How soon prompts appear, and what it costs, when ten servers are watched at once. */
export async function measureTenServers(): Promise<TenServersCost> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => startSimulator({ scenario: 'idle' })),
  );
  const monitor = await startWebMonitor(servers.flatMap(({ url }) => ['--server', url]));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(monitor.url);
    const list = page.getByRole('navigation', { name: 'Servers' });
    await list
      .getByText('Idle')
      .nth(count - 1)
      .waitFor();
    const before = cpuTime(monitor.pid);
    const startedAt = performance.now();
    const times: number[] = [];
    for (const [n, server] of servers.entries()) {
      const { graph, workflow } = textToImage({ title: `Picture ${n}`, prompt: 'x', seed: n, steps: 60 });
      const submittedAt = performance.now();
      server.submit(graph, { clientId: 'bench', workflow });
      await list.getByText(`Picture ${n}`).waitFor();
      times.push(performance.now() - submittedAt);
    }
    await page.waitForTimeout(watchedFor);
    const after = cpuTime(monitor.pid);
    const seconds = (performance.now() - startedAt) / 1_000;
    return {
      servers: count,
      appearsMs: Math.round(times.reduce((sum, time) => sum + time, 0) / count),
      slowestMs: Math.round(Math.max(...times)),
      hostCpuMsPerSecond: before === null || after === null ? null : Math.round((after - before) / seconds),
    };
  } finally {
    await browser.close();
    await monitor.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** CPU time of a process so far, ms; null on systems without /proc, which count in ticks of 10 ms. */
function cpuTime(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return null;
  }
}
