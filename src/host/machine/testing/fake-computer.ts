import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { MachineReading } from '../../../domain/telemetry/machine-reading.ts';
import { createLocalMachine, type LocalMachineOptions } from '../local-machine.ts';
import { type FileContents, writeFiles } from './graphics-cards.ts';

/** A row of nvidia-smi by its fields; what is not given is `[N/A]`. */
export type NvidiaRowValues = Record<string, string | number>;

interface FakeNvidiaSmi {
  gpus?: NvidiaRowValues[];
  /** Fields that this version does not know. */
  unknown?: string[];
  /** It says this instead of anything, and ends. */
  says?: { line: string; code: number };
  hangs?: boolean;
  floods?: boolean;
  /** It ends at its next round with this code. */
  endsWith?: number;
  /** Address of a GPU at which it gives up, as if that were lost. */
  givesUpOn?: string;
  /** What it answers to `-q -d TEMPERATURE`, `-q -x`, `-L`. */
  text?: { temperature?: string; xml?: string; list?: string };
}

/** A computer in a folder of its own: what the kernel says, and programs, as a test makes them. */
export interface FakeComputer {
  folder: string;
  /** Lines of the log. */
  log: string[];
  /** Writes files by their paths in the folder. */
  write(files: FileContents): void;
  /** Installs a fake `nvidia-smi`, or changes what it does from now on. */
  nvidiaSmi(behaviour: FakeNvidiaSmi): void;
  /** Installs a program, as lines of a shell, or changes it. */
  program(name: string, lines: string): void;
  /** With which programs find what they need. */
  env: NodeJS.ProcessEnv;
  /** How nvidia-smi was called so far. */
  calls(): { pid: number; args: string[] }[];
  /** The machine, with times so short that a test does not wait. */
  machine(options?: Partial<LocalMachineOptions>): ReturnType<typeof createLocalMachine>;
  /** Follows the machine until a reading is as wanted, which is given. Fails after two seconds. */
  reading(
    holds: (reading: MachineReading) => boolean,
    options?: Partial<LocalMachineOptions>,
  ): Promise<MachineReading>;
}

export function fakeComputer(): FakeComputer {
  const folder = mkdtempSync(join(tmpdir(), 'machine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const log: string[] = [];
  const behaviourFile = join(folder, 'nvidia-smi.json');
  mkdirSync(join(folder, 'drm'));
  writeFiles(folder, { 'proc/stat': 'cpu  10 0 5 80 5 0 0 0 0 0', 'proc/meminfo': 'MemTotal: 32768 kB' });

  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, FAKE_NVIDIA_SMI: behaviourFile };
  const computer: FakeComputer = {
    folder,
    log,
    write: (files) => writeFiles(folder, files),
    nvidiaSmi(behaviour) {
      // As a whole: a round must not find half of it.
      writeFileSync(`${behaviourFile}.new`, JSON.stringify(behaviour));
      renameSync(`${behaviourFile}.new`, behaviourFile);
      const script = join(import.meta.dirname, 'fake-nvidia-smi.mjs');
      if (!existsSync(join(folder, 'bin/nvidia-smi')))
        computer.program('nvidia-smi', `exec '${process.execPath}' '${script}' "$@"`);
    },
    program(name, lines) {
      writeFiles(folder, { [`bin/${name}`]: `#!/bin/sh\n${lines}` });
      chmodSync(join(folder, 'bin', name), 0o755);
    },
    env,
    calls() {
      const path = `${behaviourFile}.calls`;
      const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
      return lines.map((line) => JSON.parse(line));
    },
    machine(options = {}) {
      return createLocalMachine({
        log: (line) => log.push(line),
        platform: 'linux',
        env,
        ...options,
        places: {
          drm: join(folder, 'drm'),
          proc: join(folder, 'proc'),
          amdNames: join(folder, 'amdgpu.ids'),
          ioreg: join(folder, 'bin/ioreg'),
          sysctl: join(folder, 'bin/sysctl'),
          vmStat: join(folder, 'bin/vm_stat'),
          powershell: join(folder, 'bin/powershell'),
          ...options.places,
        },
        times: {
          urgent: 20,
          calm: 80,
          settle: 0,
          first: 5,
          firstWait: 1_500,
          patience: 100,
          programPatience: 400,
          firstPause: 10,
          longestPause: 40,
          ...options.times,
        },
      });
    },
    reading(holds, options) {
      const machine = computer.machine(options);
      return new Promise((resolve, reject) => {
        let latest: MachineReading | null = null;
        const end = machine.follow(
          (reading) => {
            latest = reading;
            if (!holds(reading)) return;
            finish();
            resolve(reading);
          },
          () => true,
        );
        const tooLong = setTimeout(() => {
          finish();
          reject(new Error(`No such reading, but ${JSON.stringify(latest)}; log: ${log.join(' | ')}`));
        }, 4_000);
        const finish = (): void => {
          clearTimeout(tooLong);
          end();
        };
        onTestFinished(finish);
      });
    },
  };
  return computer;
}
