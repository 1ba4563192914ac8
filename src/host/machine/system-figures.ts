import { cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { MachineReading } from '../../domain/telemetry/machine-reading.ts';
import { outputNow, outputOf } from './processes/children.ts';
import { SysfsFiles } from './sysfs/sysfs-files.ts';
import { type CpuTimes, cpuPercentBetween, readMeminfo, readProcStat, readVmStat } from './system-text.ts';

export interface SystemFiguresOptions {
  platform: string;
  /** `/proc`. */
  proc: string;
  /** Absolute path of macOS' program. */
  vmStat: string;
}

type Figures = Pick<MachineReading, 'cpuPercent' | 'ramUsed' | 'ramTotal' | 'swapUsed' | 'swapTotal'>;

/** How long what macOS said of its memory holds, ms. */
const vmStatHolds = 10_000;
/** How long it may take to say it, ms. */
const vmStatPatience = 1_000;

/** CPU, RAM and swap. CPU is the share since the reading before. */
export class SystemFigures {
  readonly #options: SystemFiguresOptions;
  readonly #files = new SysfsFiles();
  /** Changes with each end. */
  #run = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #times: CpuTimes | null = null;
  #macFree: { bytes: number; at: number } | null = null;

  constructor(options: SystemFiguresOptions) {
    this.#options = options;
  }

  /** From here on the share of the CPU is counted. */
  async begin(): Promise<void> {
    await this.#whole(async () => {
      this.#times = await this.#cpuTimes();
    });
  }

  read(): Promise<Figures> {
    return this.#whole(() => this.#read());
  }

  /** One after the other, as the files are read. What was opened after the end is not left open. */
  async #whole<T>(work: () => Promise<T>): Promise<T> {
    const begunIn = this.#run;
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    const done = await turn;
    if (this.#run !== begunIn) this.#files.close();
    return done;
  }

  async #read(): Promise<Figures> {
    const before = this.#times;
    this.#times = await this.#cpuTimes();
    const cpuPercent = before && this.#times ? cpuPercentBetween(before, this.#times) : null;
    if (this.#options.platform === 'linux') {
      const found = await this.#files.text(join(this.#options.proc, 'meminfo'));
      const sizes = readMeminfo(found !== null && 'text' in found ? found.text : '');
      const ram = usedOf(sizes.get('MemTotal'), sizes.get('MemAvailable'));
      const swap = usedOf(sizes.get('SwapTotal'), sizes.get('SwapFree'));
      return {
        cpuPercent,
        ramUsed: ram.used,
        ramTotal: ram.total,
        swapUsed: swap.used,
        swapTotal: swap.total,
      };
    }
    if (this.#options.platform === 'darwin')
      this.#keepVmStat(await outputOf(this.#options.vmStat, [], { patience: vmStatPatience }));
    const { total, free } = this.memory();
    return { cpuPercent, ramUsed: total - free, ramTotal: total, swapUsed: null, swapTotal: null };
  }

  /**
   * RAM at this moment, bytes. On Linux `os.freemem()` is MemAvailable, and what is available on Windows, too; macOS'
   * own program is asked where nothing was measured lately, which takes some milliseconds.
   */
  memory(): { total: number; free: number } {
    const total = totalmem();
    if (this.#options.platform !== 'darwin') return { total, free: freemem() };
    const isFresh = this.#macFree !== null && performance.now() - this.#macFree.at < vmStatHolds;
    if (!isFresh) this.#keepVmStat(outputNow(this.#options.vmStat, vmStatPatience));
    return { total, free: Math.min(this.#macFree?.bytes ?? freemem(), total) };
  }

  end(): void {
    this.#run += 1;
    this.#files.close();
    this.#times = null;
  }

  /** On Linux without `os.cpus()`, which also asks each processor for its clock. */
  async #cpuTimes(): Promise<CpuTimes | null> {
    if (this.#options.platform === 'linux') {
      const found = await this.#files.text(join(this.#options.proc, 'stat'));
      return found !== null && 'text' in found ? readProcStat(found.text) : null;
    }
    const sum: CpuTimes = { total: 0, idle: 0 };
    for (const { times } of cpus()) {
      sum.total += times.user + times.nice + times.sys + times.idle + times.irq;
      sum.idle += times.idle;
    }
    return sum;
  }

  #keepVmStat(text: string | null): void {
    const bytes = text === null ? null : readVmStat(text);
    if (bytes !== null) this.#macFree = { bytes, at: performance.now() };
  }
}

function usedOf(
  total: number | undefined,
  free: number | undefined,
): { used: number | null; total: number | null } {
  if (total === undefined) return { used: null, total: null };
  return { used: free === undefined ? null : Math.max(0, total - free), total };
}
