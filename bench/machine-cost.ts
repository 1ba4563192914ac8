import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryFields, readRow } from '../src/host/machine/nvidia/query-row.ts';
import { createSysfsGpus } from '../src/host/machine/sysfs/sysfs-gpus.ts';
import { SystemFigures } from '../src/host/machine/system-figures.ts';
import { amdFiles, plugIn } from '../src/host/machine/testing/graphics-cards.ts';

const readings = 1_000;
const gpus = 8;

export interface MachineCost {
  readings: number;
  gpus: number;
  /** CPU time of the host per reading, all threads, ms; once a second, 5 ms are 0.5 % of a core. */
  amdMs: number;
  nvidiaMs: number;
  systemMs: number;
}

/**
 * What it costs the host to measure the computer that it runs on: the files of eight cards of AMD, eight rows of
 * nvidia-smi, CPU and RAM. What drivers and nvidia-smi themselves take is not in it.
 */
export async function measureMachineCost(): Promise<MachineCost> {
  const folder = mkdtempSync(join(tmpdir(), 'machine-cost-'));
  try {
    for (let n = 0; n < gpus; n += 1)
      plugIn({ folder }, `card${n}`, { address: `0000:${n}3:00.0`, driver: 'amdgpu' }, amdFiles);
    const amd = createSysfsGpus({
      drm: join(folder, 'drm'),
      amdNames: join(folder, 'none'),
      patience: 1_500,
    });
    const system = new SystemFigures({
      platform: process.platform,
      proc: '/proc',
      vmStat: '/usr/bin/vm_stat',
    });
    const cost = {
      readings,
      gpus,
      amdMs: await cpuMs(async () => {
        const read = await amd.read();
        if (read.length !== gpus || read.some(({ loadPercent }) => loadPercent !== 96))
          throw new Error('not measured');
      }),
      nvidiaMs: await cpuMs(async () => {
        for (let n = 0; n < gpus; n += 1) if (!readRow(rowOf(n), queryFields)) throw new Error('not a row');
      }),
      systemMs: await cpuMs(async () => void (await system.read())),
    };
    amd.stop();
    system.end();
    return cost;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(index: number): string {
  return `${index}, GPU-6f2c31aa-${index}, 00000000:0${index}:00.0, 97, 20480, 24564, 71, 412.30, 450.00, 60, 2700, 10501, 0x0000000000000004, [N/A], NVIDIA GeForce RTX 4090`;
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  // The first ones find the cards and compile the code.
  for (let n = 0; n < 50; n += 1) await work();
  const before = process.cpuUsage();
  for (let n = 0; n < readings; n += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / readings) / 1_000;
}
