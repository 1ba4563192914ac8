import { describe, expect, it, vi } from 'vitest';
import { type MachineReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import { fakeComputer, type NvidiaRowValues } from '../testing/fake-computer.ts';
import { isAlive } from '../testing/is-alive.ts';

const rtx: NvidiaRowValues = {
  uuid: 'GPU-6f2c31aa-0b6c-5d1e-8f57-0a1b2c3d4e5f',
  'pci.bus_id': '00000000:01:00.0',
  'utilization.gpu': 97,
  'memory.used': 20480,
  'memory.total': 24564,
  'temperature.gpu': 71,
  'power.draw': 412.3,
  'enforced.power.limit': '450.00',
  'fan.speed': 60,
  'clocks.sm': 2700,
  'clocks.mem': 10501,
  'clocks_event_reasons.active': '0x0000000000000004',
  'mig.mode.current': '[N/A]',
  name: 'NVIDIA GeForce RTX 4090',
};
const second = { ...rtx, uuid: 'GPU-2', 'pci.bus_id': '00000000:02:00.0', 'utilization.gpu': 3 };
const third = { ...rtx, uuid: 'GPU-3', 'pci.bus_id': '00000000:03:00.0', 'utilization.gpu': 4 };

const temperature = `
==============NVSMI LOG==============

GPU 00000000:01:00.0
    Temperature
        GPU Current Temp                  : 45 C
        GPU T.Limit Temp                  : 41 C
        GPU Shutdown T.Limit Temp         : -7 C
        GPU Slowdown T.Limit Temp         : -2 C
        GPU Max Operating T.Limit Temp    : 0 C
`;

// The programs that these tests make are scripts of a shell.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix('GPUs of NVIDIA', () => {
  it('are measured in our units by one program that runs as long as somebody follows', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx], text: { temperature } });
    const { gpus } = await computer.reading(({ gpus: [gpu] }) => gpu?.temperatureLimitC != null);
    expect(gpus).toEqual([
      {
        ...unmeasuredGpu(),
        uuid: 'GPU-6f2c31aa-0b6c-5d1e-8f57-0a1b2c3d4e5f',
        pciAddress: '0000:01:00.0',
        name: 'NVIDIA GeForce RTX 4090',
        isIntegrated: false,
        loadPercent: 97,
        temperatureC: 71,
        temperatureLimitC: 88,
        vramUsed: 20480 * 2 ** 20,
        vramTotal: 24564 * 2 ** 20,
        powerWatts: 412.3,
        powerLimitWatts: 450,
        fanPercent: 60,
        coreClockMhz: 2700,
        memoryClockMhz: 10501,
        throttledBy: ['power_limit'],
        missing: {},
      },
    ]);
    expect(computer.log).toEqual([]);
    const loops = computer.calls().filter(({ args }) => args[0]?.startsWith('--query-gpu'));
    expect(loops).toHaveLength(1);
    await expect.poll(() => loops.some(({ pid }) => isAlive(pid))).toBe(false);
  });

  it('are eight in the order of the bus, whatever their order was, and follow what changes', async () => {
    const computer = fakeComputer();
    const eight = Array.from({ length: 8 }, (_, n) => ({
      ...rtx,
      uuid: `GPU-${n}`,
      'pci.bus_id': `00000000:${n}1:00.0`,
      'utilization.gpu': n * 10,
    }));
    computer.nvidiaSmi({ gpus: eight.toReversed() });
    const loads = (reading: MachineReading): (number | null)[] =>
      reading.gpus.map(({ loadPercent }) => loadPercent);
    await computer.reading((reading) => loads(reading).join() === '0,10,20,30,40,50,60,70');
    computer.nvidiaSmi({ gpus: eight.map((gpu) => ({ ...gpu, 'utilization.gpu': 5 })) });
    await computer.reading((reading) => loads(reading).join() === '5,5,5,5,5,5,5,5');
  });

  it('lose a figure alone where an older driver does not know its field, or knows it under another name', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({
      gpus: [{ ...rtx, 'clocks_throttle_reasons.active': '0x0000000000000048' }],
      unknown: ['clocks_event_reasons.active', 'mig.mode.current', 'enforced.power.limit'],
    });
    const { gpus } = await computer.reading((reading) => reading.gpus.length > 0);
    expect(gpus[0]).toMatchObject({
      loadPercent: 97,
      powerLimitWatts: null,
      throttledBy: ['heat'],
      missing: { powerLimitWatts: 'this version of the driver does not tell it' },
    });
  });

  it('lose only the figures that the driver does not tell, each with a reason that is logged once', async () => {
    const computer = fakeComputer();
    const passive = {
      ...rtx,
      'fan.speed': '[N/A]',
      'power.draw': '[Unknown Error]',
      'utilization.gpu': 'N/A',
      'temperature.gpu': '-1',
      'clocks.sm': 'NaN',
      'clocks.mem': '[Not Supported]',
      'clocks_event_reasons.active': '[Insufficient Permissions]',
      'memory.used': '-5',
    };
    computer.nvidiaSmi({ gpus: [passive] });
    let readings = 0;
    const { gpus } = await computer.reading(({ gpus: [gpu] }) => gpu !== undefined && ++readings === 3);
    expect(gpus[0]).toMatchObject({
      vramTotal: 24564 * 2 ** 20,
      temperatureC: null,
      missing: {
        fanPercent: 'the driver does not tell it for this GPU',
        powerWatts: 'the driver reports an error',
        loadPercent: 'the driver does not tell it for this GPU',
        coreClockMhz: 'nvidia-smi gives no number',
        memoryClockMhz: 'the driver does not tell it for this GPU',
        throttledBy: 'the driver tells it only to administrators',
        vramUsed: 'the driver gives a value that cannot be',
        temperatureC: 'the driver gives a value that cannot be',
      },
    });
    expect(computer.log.toSorted()).toEqual([...new Set(computer.log)].toSorted());
    expect(computer.log).toContain(
      'NVIDIA GeForce RTX 4090: no fanPercent, the driver does not tell it for this GPU',
    );
  });

  it('leave the others alone when one is lost', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx, second, third] });
    const machine = computer.machine();
    const readings: MachineReading[] = [];
    const end = machine.follow(
      (reading) => readings.push(reading),
      () => true,
    );
    await expect.poll(() => readings.at(-1)?.gpus.length).toBe(3);

    // As newer drivers say it: in its row.
    const words = Object.fromEntries(Object.keys(rtx).map((field) => [field, '[GPU is lost]']));
    const lostRow = { ...words, 'pci.bus_id': '00000000:02:00.0' };
    computer.nvidiaSmi({ gpus: [rtx, lostRow, third] });
    await expect
      .poll(() => readings.at(-1)?.gpus.map(({ loadPercent }) => loadPercent))
      .toEqual([97, null, 4]);
    expect(readings.at(-1)?.gpus[1]).toMatchObject({
      uuid: 'GPU-2',
      pciAddress: '0000:02:00.0',
      name: 'NVIDIA GeForce RTX 4090',
      isLost: true,
      missing: { all: 'the driver has lost this GPU' },
    });

    // It comes back after a reset, and another is in no row any more.
    computer.nvidiaSmi({ gpus: [rtx, second] });
    await expect
      .poll(() => readings.at(-1)?.gpus.map(({ loadPercent }) => loadPercent))
      .toEqual([97, 3, null]);
    expect(readings.at(-1)?.gpus.map(({ isLost }) => isLost)).toEqual([false, false, true]);
    end();
  });

  it('are measured without the one at which nvidia-smi gives up', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx, second, third] });
    const machine = computer.machine();
    let latest: MachineReading | null = null;
    const end = machine.follow(
      (reading) => {
        latest = reading;
      },
      () => true,
    );
    const loads = () => latest?.gpus.map(({ loadPercent }) => loadPercent);
    await expect.poll(loads).toEqual([97, 3, 4]);
    computer.nvidiaSmi({
      gpus: [rtx, second, { ...third, 'utilization.gpu': 5 }],
      givesUpOn: '00000000:02:00.0',
    });
    await expect.poll(loads).toEqual([97, null, 5]);
    expect(latest).toMatchObject({ gpus: [{ isLost: false }, { isLost: true }, { isLost: false }] });
    end();
    expect(computer.log.filter((line) => line.includes('0000:02:00.0'))).toEqual([
      'The driver has lost the GPU at 0000:02:00.0',
    ]);
  });

  it('are measured where one was lost before, and nvidia-smi gives up at it before their turn', async () => {
    const computer = fakeComputer();
    for (const bus of ['01', '02', '03'])
      computer.write({ [`proc/driver/nvidia/gpus/0000:${bus}:00.0/information`]: '' });
    computer.nvidiaSmi({ gpus: [rtx, second, third], givesUpOn: '00000000:01:00.0' });
    const reading = await computer.reading(({ gpus }) => gpus.length === 2);
    expect(reading.gpus.map(({ loadPercent }) => loadPercent)).toEqual([3, 4]);
  });

  it.each([
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
      9,
      'the NVIDIA driver is not running',
    ],
    [
      'Failed to initialize NVML: Driver/library version mismatch',
      18,
      'the NVIDIA driver was updated, and the computer must be restarted (driver/library version mismatch)',
    ],
    ['No devices were found', 6, 'there is no NVIDIA GPU'],
    ['Something new', 1, 'nvidia-smi says “Something new”'],
  ])('are none where nvidia-smi says %j, and the rest is measured', async (line, code, why) => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ says: { line, code } });
    const asked = () => computer.calls().filter(({ args }) => args[0]?.startsWith('--query-gpu')).length;
    const reading = await computer.reading(() => asked() >= 3);
    expect(reading).toMatchObject({ gpus: [], ramTotal: expect.any(Number) });
    expect(computer.log).toEqual([`NVIDIA GPUs are not measured now: ${why}`]);
  });

  it('come back after nvidia-smi ended, hung, or printed without end, and are unmeasured meanwhile', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx] });
    const machine = computer.machine({ times: { programPatience: 150 } });
    let latest: MachineReading | null = null;
    const end = machine.follow(
      (reading) => {
        latest = reading;
      },
      () => true,
    );
    const gpu = () => latest?.gpus[0];
    await expect.poll(() => gpu()?.loadPercent).toBe(97);
    for (const trouble of [{ endsWith: 0 }, { hangs: true }, { floods: true }]) {
      computer.nvidiaSmi({ gpus: [rtx], ...trouble });
      await expect.poll(() => gpu()?.missing.all, { timeout: 2_000 }).toMatch(/^nvidia-smi measures nothing/);
      expect(gpu()).toMatchObject({ name: 'NVIDIA GeForce RTX 4090', loadPercent: null, vramUsed: null });
      computer.nvidiaSmi({ gpus: [rtx] });
      await expect.poll(() => gpu()?.loadPercent, { timeout: 2_000 }).toBe(97);
    }
    end();
    expect(computer.log).toEqual([
      'NVIDIA GPUs are not measured now: it ended (code 0)',
      expect.stringContaining('NVIDIA GeForce RTX 4090: not measured, '),
      'NVIDIA GPUs are not measured now: it does not answer',
      expect.stringContaining('not measured'),
      'NVIDIA GPUs are not measured now: it prints without end',
      expect.stringContaining('not measured'),
    ]);
  });

  it('are unmeasured while nvidia-smi is silent, before it is given up', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx] });
    const machine = computer.machine({ times: { programPatience: 60_000, stale: 50 } });
    let latest: MachineReading | null = null;
    const end = machine.follow(
      (reading) => {
        latest = reading;
      },
      () => true,
    );
    const gpu = () => latest?.gpus[0];
    await expect.poll(() => gpu()?.loadPercent).toBe(97);
    computer.nvidiaSmi({ gpus: [rtx], hangs: true });
    await expect.poll(() => gpu()?.missing.all).toBe('nvidia-smi does not answer');
    computer.nvidiaSmi({ gpus: [{ ...rtx, 'utilization.gpu': 12 }] });
    await expect.poll(() => gpu()?.loadPercent).toBe(12);
    end();
    expect(computer.calls().filter(({ args }) => args[0]?.startsWith('--query-gpu'))).toHaveLength(1);
  });

  it('are none without nvidia-smi, which is not looked for in the current folder', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx] });
    const here = vi.spyOn(process, 'cwd').mockReturnValue(`${computer.folder}/bin`);
    const { gpus } = await computer.reading(() => true, { env: { PATH: ':.:bin' } });
    here.mockRestore();
    expect(gpus).toEqual([]);
    expect(computer.calls()).toEqual([]);
    expect(computer.log).toEqual(['There is no nvidia-smi on this computer: NVIDIA GPUs are not measured']);
  });

  it('are asked less often by another program when nobody is in a hurry any more', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx] });
    let isUrgent = true;
    const machine = computer.machine();
    const end = machine.follow(
      () => {},
      () => isUrgent,
    );
    const paces = () =>
      computer.calls().flatMap(({ args }) => args.find((arg) => arg.startsWith('--loop-ms=')) ?? []);
    await expect.poll(paces).toEqual(['--loop-ms=20']);
    isUrgent = false;
    await expect.poll(paces).toEqual(['--loop-ms=20', '--loop-ms=80']);
    isUrgent = true;
    await expect.poll(paces).toEqual(['--loop-ms=20', '--loop-ms=80', '--loop-ms=20']);
    end();
    await expect.poll(() => computer.calls().some(({ pid }) => isAlive(pid))).toBe(false);
  });

  it('are shown as their slices where they are cut into some', async () => {
    const computer = fakeComputer();
    const card = {
      ...rtx,
      uuid: 'GPU-5f',
      name: 'NVIDIA A100-PCIE-40GB',
      'utilization.gpu': '[N/A]',
      'mig.mode.current': 'Enabled',
    };
    const slice = (index: number, used: string): string => `<mig_device><index>${index}</index>
      <fb_memory_usage><total>20096 MiB</total><reserved>0 MiB</reserved><used>${used}</used></fb_memory_usage>
      <bar1_memory_usage><total>32767 MiB</total><used>0 MiB</used></bar1_memory_usage></mig_device>`;
    computer.nvidiaSmi({
      gpus: [card, second],
      text: {
        xml: `<nvidia_smi_log><gpu id="00000000:01:00.0"><mig_devices>${slice(0, '107 MiB')}${slice(1, 'N/A')}</mig_devices>
          <fb_memory_usage><total>40960 MiB</total></fb_memory_usage></gpu>
          <gpu id="00000000:02:00.0"><mig_devices>None</mig_devices></gpu></nvidia_smi_log>`,
        list: `GPU 0: NVIDIA A100-PCIE-40GB (UUID: GPU-5f)
  MIG 3g.20gb     Device  0: (UUID: MIG-c9)
  MIG 2g.10gb     Device  1: (UUID: MIG-d0)
GPU 1: NVIDIA GeForce RTX 4090 (UUID: GPU-2)\n`,
      },
    });
    const { gpus } = await computer.reading((reading) => reading.gpus.length === 3);
    expect(gpus).toMatchObject([
      {
        uuid: 'MIG-c9',
        name: 'NVIDIA A100-PCIE-40GB MIG 3g.20gb',
        pciAddress: '0000:01:00.0',
        vramUsed: 107 * 2 ** 20,
        vramTotal: 20096 * 2 ** 20,
        temperatureC: 71,
        powerWatts: null,
        loadPercent: null,
        missing: { loadPercent: 'the driver does not measure the load of MIG slices' },
      },
      { uuid: 'MIG-d0', vramUsed: null, missing: { vramUsed: 'the driver does not tell it for this slice' } },
      { uuid: 'GPU-2', loadPercent: 3 },
    ]);
  });
});
