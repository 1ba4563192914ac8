import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { countingPrompt, otherClient } from '../../../simulator/testing/prompts.ts';
import { causeMessage } from '../../../src/domain/text/cause-text.ts';
import { type CheckedApp, startApp } from '../checked-app.ts';
import { costLimits, limited, rounded, showingLimit } from '../findings.ts';
import { linuxUsage, processTree } from '../processes.ts';
import type { Scene } from '../scene.ts';
import { hasTool, runTool } from '../tool.ts';
import { lookUntil } from './start.ts';
import { knowsOfTray, timeToShow } from './windows.ts';

/** After a change the app gets so long to settle, s. */
const settling = 10;

type Situation = keyof typeof costLimits;

/** What the app costs, shown and hidden, with a job of three steps a second and without one. */
export async function checkCost(scene: Scene): Promise<void> {
  const { record, program, tap, simulator, options } = scene;
  record.group('Cost');
  const app = await startApp({ program, server: tap.url });
  // What others do at the same time makes everything dearer: caches are cold, and cores are shared.
  if (process.platform !== 'win32')
    record.note(
      'load of the machine, with other programs',
      'figure',
      `${rounded(loadavg()[0] ?? 0)} on ${cpus().length} cores`,
    );
  const startJob = (): unknown =>
    simulator.submit(
      countingPrompt({ title: 'At work', seed: 3, steps: 10_000, secondsPerStep: 1 / 3 }),
      otherClient,
    );
  try {
    await app.hear(({ news }) => news === 'page loaded', 'its page was loaded');
    await lookUntil(app, ({ servers }) => servers.some(({ connected }) => connected), 'a connection');
    await measure(scene, app, 'shown, idle');
    startJob();
    await measure(scene, app, 'shown, with a job');
    if (await knowsOfTray(scene, app)) {
      await app.order('window', { act: 'close' });
      await measure(scene, app, 'hidden, with a job');
      const shown = limited(await timeToShow(app), showingLimit, 'ms', options.limits);
      record.note('showing it again after that, until it is painted', shown.verdict, shown.seen);
      await app.order('window', { act: 'close' });
      simulator.interrupt();
      await measure(scene, app, 'hidden, idle');
    } else record.note('hidden', 'not here', 'this desktop shows no tray icons');
  } catch (cause) {
    record.note('measuring', 'failed', causeMessage(cause));
  } finally {
    simulator.interrupt();
    await app.kill();
  }
}

async function measure({ record, options }: Scene, app: CheckedApp, situation: Situation): Promise<void> {
  await delay(settling * 1_000);
  const { cpuPercent, memoryMb, memoryKind, processes } = await costOver(app, options.seconds);
  const limit = costLimits[situation];
  const cpu = limited(cpuPercent, limit.cpuPercent, '% of a core', options.limits);
  record.note(
    `${situation}: processor`,
    cpu.verdict,
    `${cpu.seen} over ${options.seconds} s, ${processes} processes`,
  );
  const memory = limited(memoryMb, limit.memoryMb, 'MB', options.limits);
  record.note(`${situation}: memory`, memory.verdict, `${memory.seen} (${memoryKind})`);
  const video = await videoMemory(app);
  record.note(`${situation}: VRAM`, video.known ? 'figure' : 'not here', video.words);
}

interface Cost {
  /** Of one core, all processes together. */
  cpuPercent: number;
  memoryMb: number;
  memoryKind: string;
  processes: number;
}

async function costOver(app: CheckedApp, seconds: number): Promise<Cost> {
  const from = await usageOf(app);
  const startedAt = performance.now();
  await delay(seconds * 1_000);
  const to = await usageOf(app);
  const elapsed = (performance.now() - startedAt) / 1_000;
  // One that has started meanwhile counts with all that it has used.
  const used = [...to.cpuSeconds].reduce((sum, [pid, now]) => sum + now - (from.cpuSeconds.get(pid) ?? 0), 0);
  return {
    cpuPercent: (100 * used) / elapsed,
    memoryMb: to.memory / 1e6,
    memoryKind: to.memoryKind,
    processes: to.cpuSeconds.size,
  };
}

async function usageOf(app: CheckedApp): ReturnType<typeof linuxUsage> {
  if (process.platform === 'linux') return linuxUsage((await processTree(app.pid)).map(({ pid }) => pid));
  const { processes } = await app.order('look', {});
  if (processes.some(({ cpuSeconds }) => cpuSeconds === null))
    throw new Error('this Electron does not tell how much processor time its processes have used');
  return {
    cpuSeconds: new Map(processes.map(({ pid, cpuSeconds }) => [pid, cpuSeconds ?? 0])),
    memory: processes.reduce((sum, { memory }) => sum + memory, 0),
    memoryKind: process.platform === 'win32' ? 'private bytes' : 'working set',
  };
}

/** What NVIDIA's driver counts for our processes. */
async function videoMemory(app: CheckedApp): Promise<{ known: boolean; words: string }> {
  if (!hasTool('nvidia-smi')) return { known: false, words: 'there is no nvidia-smi to ask' };
  try {
    const listing = await runTool('nvidia-smi', ['pmon', '--count', '1', '--select', 'm'], 20_000);
    const pids = new Set((await processTree(app.pid)).map(({ pid }) => pid));
    const found = videoMemoryOf(listing, pids);
    if (found === null) return { known: false, words: 'the driver does not count it for each process' };
    return { known: true, words: `${rounded(found)} MiB` };
  } catch (cause) {
    return { known: false, words: causeMessage(cause) };
  }
}

/**
 * MiB of VRAM in what `nvidia-smi pmon -s m` prints: GPU, process, kind, MiB. Zero if it lists none of ours; null
 * if it lists them without a number, as on Windows.
 */
export function videoMemoryOf(listing: string, pids: ReadonlySet<number>): number | null {
  const ours = listing.split('\n').flatMap((line) => {
    const [, pid, mebibytes] = /^\s*\d+\s+(\d+)\s+\S+\s+(\d+|-)/.exec(line) ?? [];
    return pid !== undefined && mebibytes !== undefined && pids.has(Number(pid)) ? [mebibytes] : [];
  });
  if (ours.includes('-')) return null;
  return ours.reduce((sum, mebibytes) => sum + Number(mebibytes), 0);
}
