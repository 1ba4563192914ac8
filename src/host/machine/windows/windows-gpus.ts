import { pid } from 'node:process';
import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import type { GpuSource } from '../gpu-source.ts';
import { keepProcess } from '../processes/kept-process.ts';
import { readCounterLine } from './counter-lines.ts';
import { counterScript } from './counter-script.ts';

export interface WindowsGpusOptions {
  log: (line: string) => void;
  /** Absolute path. */
  powershell: string;
  /** ms: without an answer it hangs, beside its pace; the pauses before it is started anew. */
  patience: number;
  pauses: { first: number; longest: number };
  firstWait: number;
}

/** Each round asks Windows for the counters of all programs: never more often than every two seconds. */
const leastPace = 2_000;

/** GPUs of Windows by its performance counters, which know no temperature, power or clock. */
export function createWindowsGpus(options: WindowsGpusOptions): GpuSource {
  const { log } = options;
  let pace = leastPace;
  let isRunning = false;
  let latest: GpuReading[] = [];
  let onAnswer = (): void => {};
  let answer: Promise<void> = Promise.resolve();

  const kept = keepProcess({
    pauses: options.pauses,
    patience: () => options.patience + 2 * pace,
    command: () => ({
      program: options.powershell,
      args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', counterScript({ pace, host: pid })],
    }),
    onLine(line) {
      const said = readCounterLine(line);
      if (said === null) return false;
      if ('error' in said) onTrouble(`Windows says “${said.error}”`);
      else latest = said.gpus;
      onAnswer();
      return true;
    },
    onTrouble,
  });

  function onTrouble(why: string): void {
    log(`GPUs are not measured now: ${why}`);
    latest = latest.map(({ name, isIntegrated }) => ({
      ...unmeasuredGpu(),
      name,
      isIntegrated,
      missing: { all: 'Windows’ performance counters do not answer' },
    }));
    onAnswer();
  }

  return {
    start(wanted) {
      const next = Math.max(wanted, leastPace);
      const isOther = next !== pace;
      pace = next;
      if (isRunning) {
        if (isOther) kept.restart();
        return;
      }
      isRunning = true;
      answer = new Promise((resolve) => {
        const longest = setTimeout(resolve, options.firstWait);
        onAnswer = () => {
          clearTimeout(longest);
          resolve();
        };
      });
      kept.start();
    },
    stop() {
      isRunning = false;
      kept.stop();
      onAnswer();
      latest = [];
    },
    async read() {
      await answer;
      return latest;
    },
  };
}
