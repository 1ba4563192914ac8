import {
  type GpuReading,
  gpuFigures,
  throttleReasons,
} from '../../../src/domain/telemetry/machine-reading.ts';
import { readIoreg } from '../../../src/host/machine/apple/ioreg-text.ts';
import { complaintOf, lostAddressIn, refusedFieldIn } from '../../../src/host/machine/nvidia/complaints.ts';
import { readMigNames, readMigSlices, slicedGpu } from '../../../src/host/machine/nvidia/mig-slices.ts';
import { queryFields, readRow } from '../../../src/host/machine/nvidia/query-row.ts';
import { readTemperatureLimits } from '../../../src/host/machine/nvidia/temperature-limits.ts';
import { splitLines } from '../../../src/host/machine/processes/line-splitter.ts';
import { readAmdNames } from '../../../src/host/machine/sysfs/amd-names.ts';
import { readGpuMetrics } from '../../../src/host/machine/sysfs/gpu-metrics.ts';
import {
  cpuPercentBetween,
  readMeminfo,
  readProcStat,
  readVmStat,
} from '../../../src/host/machine/system-text.ts';
import { readCounterLine } from '../../../src/host/machine/windows/counter-lines.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { mutateBytes, mutateJson, mutateText, noise } from '../mutations.ts';

const row =
  '0, GPU-6f2c31aa, 00000000:01:00.0, 97, 20480, 24564, 71, 412.30, 450.00, 60, 2700, 10501, 0x0000000000000004, [N/A], NVIDIA GeForce RTX 4090';
const complaints = [
  'Field "clocks_event_reasons.active" is not a valid field to query.',
  'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU',
  'Failed to initialize NVML: Driver/library version mismatch',
] as const;
const pciAddress = /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[\da-f]$/;
const temperatures = `Attached GPUs : 2
GPU 00000000:01:00.0
    Temperature
        GPU Current Temp                  : 45 C
        GPU T.Limit Temp                  : 41 C
        GPU Slowdown T.Limit Temp         : -2 C
GPU 00000000:02:00.0
    Temperature
        GPU Slowdown Temp                 : 95 C
        GPU Max Operating Temp            : N/A
`;
const slices = `<nvidia_smi_log><gpu id="00000000:01:00.0"><mig_devices><mig_device><index>0</index>
<fb_memory_usage><total>20096 MiB</total><used>107 MiB</used></fb_memory_usage></mig_device></mig_devices></gpu></nvidia_smi_log>`;
const sliceNames = `GPU 0: NVIDIA A100 (UUID: GPU-5f)
  MIG 3g.20gb     Device  0: (UUID: MIG-c9)
`;
const ioreg = `+-o AGXAcceleratorG16G  <class AGXAcceleratorG16G, id 0x10000050b, registered>
    {
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Device Utilization %"=21,"In use system memory"=351141888}
      "model" = "Apple M4"
    }
`;
const amdNames = '1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n73BF,\tC1,\tAMD Radeon RX 6800 XT\n';
const procStat = 'cpu  1000 0 500 8000 500 0 0 0 900 0\ncpu0 1 2 3 4\n';
const memory = 'MemTotal:       32768 kB\nMemAvailable:    1024 kB\nSwapTotal: 0 kB\n';
const vmStat = 'Statistics: (page size of 16384 bytes)\nPages free: 10000.\nPages inactive: 30000.\n';
const counters = {
  adapters: [{ luid: '86661', name: 'AMD Radeon', vendor: 4098, vram: '25753026560' }],
  memory: [{ name: 'luid_0x00000000_0x00015285_phys_0', dedicated: '21474836480', shared: '104857600' }],
  engines: [{ name: 'pid_4_luid_0x00000000_0x00015285_phys_0_eng_0_engtype_3D', load: '60' }],
};

/** What drivers and programs of this computer say: never throws, and each figure is one that can be, or null. */
export const localMachineTarget: FuzzTarget = {
  name: 'local-machine',
  share: 6,
  attempt(chance) {
    const damaged = (text: string): string =>
      chance.chance(0.2) ? noise(chance, chance.below(300)).toString('latin1') : mutateText(chance, text);
    switch (chance.below(6)) {
      case 0: {
        const fields = queryFields.filter(() => chance.chance(0.95));
        checkComplaint(damaged(chance.pick(complaints)));
        const read = readRow(damaged(row), fields);
        if (!read) return;
        mustHold(read.index !== null && read.index >= 0, 'a GPU without a number', read.index);
        checkGpu(read.gpu);
        for (const gpu of slicedGpu(
          read.gpu,
          readMigSlices(damaged(slices)),
          readMigNames(damaged(sliceNames)),
        ))
          checkGpu(gpu);
        break;
      }
      case 1:
        for (const [address, limit] of readTemperatureLimits(damaged(temperatures)))
          mustHold(pciAddress.test(address) && limit >= 40 && limit <= 150, 'a limit that cannot be', [
            address,
            limit,
          ]);
        break;
      case 2: {
        const table = Buffer.alloc(152);
        table.set([120, 0, 1, 3]);
        const metrics = readGpuMetrics(mutateBytes(chance, table));
        for (const reason of metrics?.throttledBy ?? []) mustHold(throttleReasons.includes(reason), reason);
        for (const [ids, name] of readAmdNames(damaged(amdNames)))
          mustHold(/^[\dA-F]+ [\dA-F]+$/.test(ids) && name.length <= 100, 'a name that cannot be', [
            ids,
            name,
          ]);
        break;
      }
      case 3:
        for (const gpu of readIoreg(damaged(ioreg), 2 ** 34)) checkGpu(gpu);
        break;
      case 4: {
        const line = chance.chance(0.8)
          ? JSON.stringify(mutateJson(chance, counters))
          : damaged(JSON.stringify(counters));
        const said = readCounterLine(line ?? '');
        if (said && 'gpus' in said) said.gpus.forEach(checkGpu);
        if (said && 'error' in said)
          mustHold(said.error.length <= 100, 'an error that is too long', said.error);
        break;
      }
      default:
        checkSystem(damaged);
        checkLines(chance, damaged);
    }
  },
};

function checkGpu(gpu: GpuReading): void {
  for (const figure of gpuFigures) {
    const value = gpu[figure];
    mustHold(value === null || (Number.isFinite(value) && value >= 0), `${figure} of ${value}`);
    if (/Percent$/.test(figure)) mustHold(value === null || value <= 100, `${figure} of ${value}`);
  }
  mustHold(
    gpu.name === null || (gpu.name.length > 0 && gpu.name.length <= 250),
    'a name that is too long',
    gpu.name,
  );
  for (const why of Object.values(gpu.missing))
    mustHold(why.length > 0 && why.length <= 100, 'no short reason', why);
}

function checkComplaint(line: string): void {
  mustHold(complaintOf(line).length <= 150, 'a complaint that is too long', line);
  const field = refusedFieldIn(line);
  mustHold(field === null || /^[\w.]{1,80}$/.test(field), 'a field that cannot be', line);
  const address = lostAddressIn(line);
  mustHold(address === null || pciAddress.test(address), 'an address that cannot be', line);
}

function checkSystem(damaged: (text: string) => string): void {
  const before = readProcStat(damaged(procStat));
  const after = readProcStat(damaged(procStat));
  const percent = before && after ? cpuPercentBetween(before, after) : null;
  mustHold(percent === null || (percent >= 0 && percent <= 100), `${percent} % of the CPU`);
  for (const [name, size] of readMeminfo(damaged(memory))) mustHold(size >= 0, name, size);
  const free = readVmStat(damaged(vmStat));
  mustHold(free === null || free >= 0, `${free} bytes free`);
}

/** Lines are the same however the output is cut into pieces. */
function checkLines(chance: Seeded, damaged: (text: string) => string): void {
  const text = damaged(`${row}\n${row}\r\n${temperatures}`);
  const lines: string[] = [];
  const take = splitLines(
    (line) => lines.push(line),
    () => {},
  );
  for (let at = 0; at < text.length; ) {
    const size = 1 + chance.below(200);
    take(text.slice(at, at + size));
    at += size;
  }
  const whole = text.split(/\r\n|\n|\r/).slice(0, -1);
  mustHold(
    lines.filter((line) => line !== '').join('\n') === whole.filter((line) => line !== '').join('\n'),
    'other lines in pieces',
    text,
  );
}
