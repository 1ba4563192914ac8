import { readdirSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import type { GpuReading } from '../../../domain/telemetry/machine-reading.ts';
import { unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import type { OptionalSource } from '../first-source.ts';
import { outputOf } from '../processes/children.ts';
import { findProgram, type ProgramPlace } from '../processes/find-program.ts';
import { keepProcess } from '../processes/kept-process.ts';
import { complaintOf, lostAddressIn, refusedFieldIn } from './complaints.ts';
import { type MigName, type MigSlice, readMigNames, readMigSlices, slicedGpu } from './mig-slices.ts';
import { lostReason, type NvidiaRow, olderField, pciAddressOf, queryFields, readRow } from './query-row.ts';
import { readTemperatureLimits } from './temperature-limits.ts';

export interface NvidiaSmiOptions extends ProgramPlace {
  /** Tells each kind of trouble; the caller bounds how often. */
  log: (line: string) => void;
  /** Linux' `/proc`. */
  proc: string;
  /** ms: without an answer it hangs, beside its pace; and the pauses before it is started anew. */
  patience: number;
  pauses: { first: number; longest: number };
  /** ms beside its pace after which figures are too old to be shown; it is waited for longer. */
  stale: number;
  /** Waits for the first figures, ms. */
  firstWait: number;
}

interface Known {
  row: NvidiaRow;
  /** Rows of all GPUs that had come when its own came. */
  at: number;
}

/** GPUs that are remembered: no machine has more. */
const mostGpus = 64;
/** Slices come and go rarely, and asking for them costs as much as thirty rows. */
const migPace = 5_000;
/** How long a lost GPU is not asked for, ms: it may be back after a reset. */
const lostPace = 300_000;
/** Limits do not change but with the GPUs, ms. */
const limitsPace = 60_000;

/** NVIDIA's GPUs. The order is that of nvidia-smi, which is that of the PCI bus. */
export function createNvidiaSmi(options: NvidiaSmiOptions): OptionalSource {
  const { log } = options;
  let program: string | null = null;
  let pace = 1_000;
  let isRunning = false;
  let fields: string[] = [...queryFields];
  let rows = 0;
  /** When the newest row came, and the pace then. */
  let newest = { at: 0, pace };
  const known = new Map<string, Known>();
  let limits = new Map<string, number>();
  let limitsAt = Number.NEGATIVE_INFINITY;
  let trouble: string | null = null;
  let complaint: string | null = null;
  /** PCI addresses of GPUs for which nvidia-smi gives up on all: it is asked for the others. */
  const lost = new Set<string>();
  let lostAt = 0;
  let slices: MigSlice[] = [];
  let migNames = new Map<string, MigName>();
  let migAt = Number.NEGATIVE_INFINITY;
  let ended = new AbortController();
  /** Runs out when no further GPU follows the first ones. */
  let more: NodeJS.Timeout | null = null;
  let isAnswered = false;
  let onAnswer = (): void => {};
  let answer: Promise<void> = Promise.resolve();

  const kept = keepProcess({
    env: options.env,
    pauses: options.pauses,
    patience: () => options.patience + 2 * pace,
    command() {
      if (program === null) return null;
      void askLimits(program);
      const asked = lost.size > 0 ? othersThanLost() : [];
      return {
        program,
        args: [
          `--query-gpu=${fields.join(',')}`,
          '--format=csv,noheader,nounits',
          `--loop-ms=${pace}`,
          ...(asked.length > 0 ? [`--id=${asked.join(',')}`] : []),
        ],
      };
    },
    onLine,
    onTrouble(why) {
      const said = complaint ?? why;
      complaint = null;
      trouble = `nvidia-smi measures nothing: ${said}`;
      log(`NVIDIA GPUs are not measured now: ${said}`);
      onAnswer();
    },
  });

  function onLine(line: string): boolean {
    const row = readRow(line, fields);
    if (row) {
      const key = keyOf(row);
      if (!known.has(key) && known.size >= mostGpus) return true;
      rows += 1;
      newest = { at: performance.now(), pace };
      known.set(key, { row: { ...row, gpu: withIdentity(row.gpu, known.get(key)?.row.gpu) }, at: rows });
      trouble = null;
      complaint = null;
      awaitMore();
      return true;
    }
    const refused = refusedFieldIn(line);
    if (refused !== null && fields.includes(refused)) {
      leaveOut(refused);
      return true;
    }
    const address = lostAddressIn(line);
    if (address !== null) onLost(address);
    if (/\S/.test(line) && complaint === null) complaint = complaintOf(line);
    return false;
  }

  /** The first answer is that of all GPUs: a server is matched to them. */
  function awaitMore(): void {
    if (isAnswered) return;
    if (more) clearTimeout(more);
    more = setTimeout(onAnswer, Math.min(150, pace / 2));
  }

  function leaveOut(field: string): void {
    log(`This nvidia-smi does not know ${field}: that figure is left out`);
    fields = fields.flatMap((other) => (other === field ? (olderField[other] ?? []) : other));
    kept.restart();
  }

  /** Says at most 64 times that a GPU is lost: each is asked for no more. */
  function onLost(address: string): void {
    if (lost.has(address) || lost.size >= mostGpus) return;
    lost.add(address);
    lostAt = performance.now();
    log(`The driver has lost the GPU at ${address}`);
    if (othersThanLost().length > 0) kept.restart();
  }

  /** Those that were measured, and those that Linux' driver lists: nvidia-smi may have given up before their turn. */
  function othersThanLost(): string[] {
    const measured = [...known.values()].flatMap(({ row }) => row.gpu.pciAddress ?? []);
    const all = [...new Set([...measured, ...listedByDriver(options)])];
    return all.filter((address) => !lost.has(address)).slice(0, mostGpus);
  }

  function keyOf(row: NvidiaRow): string {
    if (row.gpu.pciAddress !== null) return row.gpu.pciAddress;
    for (const [key, other] of known) if (other.row.index === row.index) return key;
    return `${row.index}`;
  }

  const bounds = () => ({ patience: 10_000, env: options.env, signal: ended.signal });

  async function askLimits(path: string): Promise<void> {
    const now = performance.now();
    if (now - limitsAt < limitsPace) return;
    limitsAt = now;
    const text = await outputOf(path, ['-q', '-d', 'TEMPERATURE'], bounds());
    if (text !== null) limits = readTemperatureLimits(text);
  }

  /** Asks for slices where there are any, at most every five seconds and never twice at once. */
  async function askSlices(): Promise<void> {
    const now = performance.now();
    if (program === null || now - migAt < migPace) return;
    if (![...known.values()].some(({ row }) => row.isMig)) return;
    migAt = Number.POSITIVE_INFINITY;
    const xml = await outputOf(program, ['-q', '-x'], bounds());
    const list = await outputOf(program, ['-L'], bounds());
    if (xml !== null) slices = readMigSlices(xml);
    if (list !== null) migNames = readMigNames(list);
    migAt = performance.now();
  }

  function current({ row, at }: Known): GpuReading[] {
    const { gpu } = row;
    const isGone = lost.has(gpu.pciAddress ?? '') || rows - at > 2 * known.size;
    const isStale = performance.now() - newest.at > options.stale + 1.5 * Math.max(pace, newest.pace);
    const why = trouble ?? (isGone ? lostReason : isStale ? 'nvidia-smi does not answer' : null);
    if (why !== null || row.isLost)
      return [
        {
          ...unmeasuredGpu(),
          uuid: gpu.uuid,
          pciAddress: gpu.pciAddress,
          name: gpu.name,
          isIntegrated: gpu.isIntegrated,
          isLost: isGone || row.isLost,
          missing: { all: why ?? lostReason },
        },
      ];
    const limit = limits.get(gpu.pciAddress ?? '');
    const reading = { ...gpu, missing: { ...gpu.missing }, temperatureLimitC: limit ?? null };
    const own = row.isMig ? slices.filter(({ pciAddress }) => pciAddress === gpu.pciAddress) : [];
    return own.length > 0 ? slicedGpu(reading, own, migNames) : [reading];
  }

  return {
    // A driver may be left over from a GPU that was replaced.
    isThere: () => program !== null && (trouble === null || known.size > 0),
    start(wanted) {
      const isOther = wanted !== pace;
      pace = wanted;
      if (isRunning) {
        if (isOther) kept.restart();
        return;
      }
      isRunning = true;
      ended = new AbortController();
      program = findProgram(options.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi', options, [
        ...windowsFolders(options),
      ]);
      if (program === null) {
        log('There is no nvidia-smi on this computer: NVIDIA GPUs are not measured');
        return;
      }
      isAnswered = false;
      answer = new Promise((resolve) => {
        const latest = setTimeout(resolve, options.firstWait);
        onAnswer = () => {
          isAnswered = true;
          clearTimeout(latest);
          resolve();
        };
      });
      kept.start();
    },
    stop() {
      isRunning = false;
      kept.stop();
      if (more) clearTimeout(more);
      ended.abort();
      limitsAt = Number.NEGATIVE_INFINITY;
      onAnswer();
      known.clear();
      lost.clear();
      slices = [];
      migAt = Number.NEGATIVE_INFINITY;
      trouble = null;
      complaint = null;
      rows = 0;
      fields = [...queryFields];
    },
    async read() {
      await answer;
      if (lost.size > 0 && performance.now() - lostAt > lostPace) {
        lost.clear();
        kept.restart();
      }
      const isFirstAsked = migAt === Number.NEGATIVE_INFINITY;
      const asking = askSlices();
      // The first answer waits for the slices, so that the GPUs do not change at once.
      if (isFirstAsked)
        await Promise.race([asking, setTimeoutPromise(options.firstWait, undefined, { ref: false })]);
      return [...known.values()]
        .sort((a, b) => (a.row.gpu.pciAddress ?? '').localeCompare(b.row.gpu.pciAddress ?? ''))
        .flatMap(current);
    },
  };
}

/** PCI addresses, which Linux' driver knows without asking the GPUs; none elsewhere. */
function listedByDriver({ platform, proc }: NvidiaSmiOptions): string[] {
  if (platform !== 'linux') return [];
  try {
    return readdirSync(join(proc, 'driver/nvidia/gpus')).flatMap((name) => pciAddressOf(name) ?? []);
  } catch {
    return [];
  }
}

/** A lost GPU is still known by what it was called. */
function withIdentity(gpu: GpuReading, before: GpuReading | undefined): GpuReading {
  if (!before) return gpu;
  return {
    ...gpu,
    uuid: gpu.uuid ?? before.uuid,
    pciAddress: gpu.pciAddress ?? before.pciAddress,
    name: gpu.name ?? before.name,
    isIntegrated: gpu.isIntegrated ?? before.isIntegrated,
  };
}

/** Where Windows has nvidia-smi: with the driver, and up to 2020 in a folder of its own. */
function windowsFolders({ platform, env }: ProgramPlace): string[] {
  if (platform !== 'win32') return [];
  return [
    win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32'),
    win32.join(env.ProgramFiles ?? 'C:\\Program Files', 'NVIDIA Corporation', 'NVSMI'),
  ];
}
