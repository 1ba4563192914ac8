import { win32 } from 'node:path';
import { hostNow } from '../../comfy/host-clock.ts';
import type { LocalMachine } from '../../comfy/machine/local-machine.ts';
import {
  type GpuReading,
  type MachineReading,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
import { createAppleGpus } from './apple/apple-gpus.ts';
import { createDiskSpace } from './disk-space.ts';
import { firstThatMeasures } from './first-source.ts';
import type { GpuSource } from './gpu-source.ts';
import { createNvidiaSmi } from './nvidia/nvidia-smi.ts';
import { createSysfsGpus } from './sysfs/sysfs-gpus.ts';
import { SystemFigures } from './system-figures.ts';
import { createWindowsGpus } from './windows/windows-gpus.ts';

export interface LocalMachineOptions {
  /** Told once of each kind of trouble, and of each figure that cannot be had. */
  log: (line: string) => void;
  /** For tests: another system, and where it keeps what is read and run. */
  platform?: string;
  env?: NodeJS.ProcessEnv;
  places?: Partial<typeof usualPlaces>;
  /** For tests: ms. */
  times?: Partial<typeof usualTimes>;
}

const usualPlaces = {
  drm: '/sys/class/drm',
  proc: '/proc',
  amdNames: '/usr/share/libdrm/amdgpu.ids',
  ioreg: '/usr/sbin/ioreg',
  sysctl: '/usr/sbin/sysctl',
  vmStat: '/usr/bin/vm_stat',
  /** In Windows' own folder, wherever that is, if it is empty. */
  powershell: '',
};

const usualTimes = {
  /** From one reading to the next while somebody is in a hurry, and else. */
  urgent: 1_000,
  calm: 4_000,
  /** How long nobody must be in a hurry before the programs are started anew at the slower pace. */
  settle: 20_000,
  /** From the start to the first reading, over which the CPU is measured. */
  first: 250,
  /**
   * How long the first reading waits for programs that are being started: by its GPUs it is decided whether a server
   * runs here. A driver without persistence takes seconds to wake eight of them.
   */
  firstWait: 10_000,
  /** How long a driver, a program, a disk may take. */
  patience: 1_500,
  programPatience: 8_000,
  /** How old what a program said may be beside its pace. */
  stale: 2_000,
  /** Pauses before a program that ended is started anew. */
  firstPause: 1_000,
  longestPause: 60_000,
};

/** Lines that the log was told: kinds of trouble and figures, of which there are few. */
const mostTold = 200;

interface Follower {
  listener: (reading: MachineReading) => void;
  isUrgent: () => boolean;
  wantsGpus: boolean;
}

/** The computer that this runs on. Nothing is measured, and nothing runs, while nobody follows it. */
export function createLocalMachine(options: LocalMachineOptions): LocalMachine {
  const platform = options.platform ?? process.platform;
  const env = options.env ?? process.env;
  const places = { ...usualPlaces, ...options.places };
  const times = { ...usualTimes, ...options.times };
  const log = onceEach(options.log);
  const system = new SystemFigures({ platform, proc: places.proc, vmStat: places.vmStat });
  const sources = createSources();
  const followers = new Set<Follower>();
  const disk = createDiskSpace(times.patience);

  let timer: NodeJS.Timeout | null = null;
  let isReading = false;
  let readAt = Number.NEGATIVE_INFINITY;
  let urgentAt = Number.NEGATIVE_INFINITY;
  /** Changes with each start, so that a reading of the one before is told to nobody. */
  let run = 0;

  function createSources(): GpuSource[] {
    const { patience, firstWait, programPatience } = times;
    const pauses = { first: times.firstPause, longest: times.longestPause };
    const program = { log, patience: programPatience, pauses, firstWait };
    const nvidia = createNvidiaSmi({ ...program, stale: times.stale, platform, env, proc: places.proc });
    if (platform === 'darwin')
      return [
        createAppleGpus({
          log,
          ioreg: places.ioreg,
          sysctl: places.sysctl,
          patience,
          pace: 2 * times.urgent,
        }),
      ];
    if (platform === 'linux')
      return [nvidia, createSysfsGpus({ drm: places.drm, amdNames: places.amdNames, patience })];
    if (platform !== 'win32') return [];
    const system32 = win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32');
    const powershell = places.powershell || win32.join(system32, 'WindowsPowerShell\\v1.0\\powershell.exe');
    return [firstThatMeasures(nvidia, createWindowsGpus({ ...program, powershell }))];
  }

  function start(): void {
    run += 1;
    readAt = Number.NEGATIVE_INFINITY;
    setPace();
    system
      .begin()
      .catch((cause: unknown) => log(`The load of the CPU could not be asked for: ${String(cause)}`));
    timer = setTimeout(tick, times.first);
  }

  function stop(): void {
    run += 1;
    if (timer) clearTimeout(timer);
    timer = null;
    for (const source of sources) source.stop();
    system.end();
  }

  function wantsGpus(): boolean {
    return [...followers].some((follower) => follower.wantsGpus);
  }

  /** Programs are hurried at once, but slowed only after a while: each change starts them anew. */
  function setPace(): boolean {
    const now = performance.now();
    const isUrgent = [...followers].some((follower) => follower.isUrgent());
    if (isUrgent) urgentAt = now;
    const pace = isUrgent || now - urgentAt < times.settle ? times.urgent : times.calm;
    const areWanted = wantsGpus();
    for (const source of sources) {
      if (areWanted) source.start(pace);
      else source.stop();
    }
    return isUrgent;
  }

  /** Once a second at least, so that a hurry is noticed. */
  function tick(): void {
    timer = setTimeout(tick, times.urgent);
    const isUrgent = setPace();
    // A tenth less, so that a timer that is early does not skip a turn.
    const isDue = performance.now() - readAt >= (isUrgent ? times.urgent : times.calm) - times.urgent / 10;
    if (isDue && !isReading) void read();
  }

  async function read(): Promise<void> {
    const begunIn = run;
    isReading = true;
    readAt = performance.now();
    try {
      const [gpus, figures] = await Promise.all([
        Promise.all(wantsGpus() ? sources.map((source) => source.read()) : []),
        system.read(),
      ]);
      if (run !== begunIn) return;
      const reading: MachineReading = { ...unmeasuredMachine(hostNow()), ...figures, gpus: gpus.flat() };
      tellMissing(reading.gpus);
      const withoutGpus = { ...reading, gpus: [] };
      for (const follower of [...followers]) follower.listener(follower.wantsGpus ? reading : withoutGpus);
    } catch (cause) {
      log(`This computer could not be measured: ${cause instanceof Error ? cause.message : String(cause)}`);
    } finally {
      isReading = false;
    }
  }

  function tellMissing(gpus: readonly GpuReading[]): void {
    for (const { name, missing } of gpus)
      for (const [figure, why] of Object.entries(missing))
        log(
          `${name ?? 'A GPU'}: ${figure === 'all' ? 'not measured' : `no ${figure}`}, ${why}`,
          `${figure} ${why}`,
        );
  }

  return {
    platform,
    memory: () => system.memory(),
    disk,
    follow(listener, isUrgent, wantsGpus = true) {
      const follower = { listener, isUrgent, wantsGpus };
      followers.add(follower);
      if (followers.size === 1) start();
      return () => {
        if (followers.delete(follower) && followers.size === 0) stop();
      };
    },
  };
}

/** Tells each kind of line once, and no more than `mostTold` of them. */
function onceEach(log: (line: string) => void): (line: string, kind?: string) => void {
  const told = new Set<string>();
  return (line, kind = line) => {
    if (told.has(kind) || told.size >= mostTold) return;
    told.add(kind);
    log(line);
  };
}
