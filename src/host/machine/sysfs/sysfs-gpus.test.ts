import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type GpuReading,
  type MachineReading,
  unmeasuredGpu,
} from '../../../domain/telemetry/machine-reading.ts';
import { type FakeComputer, fakeComputer } from '../testing/fake-computer.ts';
import { amdFiles, amdMetrics, plugIn } from '../testing/graphics-cards.ts';
import { describeCard } from './drm-card.ts';
import { type EnergyMark, identifyIntel, measureIntel } from './intel-card.ts';
import { SysfsFiles } from './sysfs-files.ts';

const first = { address: '0000:03:00.0', driver: 'amdgpu' };
const second = { address: '0000:0a:00.0', driver: 'amdgpu' };

async function gpuOf(computer: FakeComputer): Promise<GpuReading> {
  const [gpu] = (await computer.reading(({ gpus }) => gpus.length === 1)).gpus;
  if (!gpu) throw new Error('no GPU');
  return gpu;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

// The links and pipes that these tests make need a system of the kind.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix('GPUs of AMD on Linux', () => {
  it('are measured in our units, with the name from the list of the system', async () => {
    const computer = fakeComputer();
    computer.write({ 'amdgpu.ids': '# List of AMDGPU IDs\n1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX' });
    plugIn(computer, 'card1', first, amdFiles);
    computer.write({ 'drm/card1-DP-1/status': 'connected', 'drm/version': 'drm 1.1.0' });
    expect(await gpuOf(computer)).toEqual({
      ...unmeasuredGpu(),
      uuid: 'GPU-5f8b3c2d1a0e9f77',
      pciAddress: '0000:03:00.0',
      name: 'AMD Radeon RX 7900 XTX',
      isIntegrated: false,
      loadPercent: 96,
      temperatureC: 63,
      temperatureLimitC: 100,
      vramUsed: 21_474_836_480,
      vramTotal: 25_753_026_560,
      sharedUsed: 104_857_600,
      powerWatts: 338,
      powerLimitWatts: 339,
      fanPercent: 50,
      coreClockMhz: 2371,
      memoryClockMhz: 1249,
      throttledBy: ['power_limit'],
      missing: {},
    });
    expect(computer.log).toEqual(['There is no nvidia-smi on this computer: NVIDIA GPUs are not measured']);
  });

  it('are not woken: one that sleeps is asked for nothing but its names, until it is awake', async () => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', first, { ...amdFiles, 'power/runtime_status': 'suspended' });
    // Whoever opens it waits for ever.
    const pipe = join(computer.folder, device, 'gpu_busy_percent');
    rmSync(pipe);
    execFileSync('mkfifo', [pipe]);
    const gpu = await gpuOf(computer);
    expect(gpu).toMatchObject({ name: 'AMD GPU 744c', loadPercent: null, vramUsed: null });
    expect(gpu.missing).toEqual({ all: 'it is asleep to save power' });
    // Nobody reads from it.
    expect(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).toThrow('ENXIO');
    rmSync(pipe);
    computer.write({ [`${device}/gpu_busy_percent`]: 7, [`${device}/power/runtime_status`]: 'active' });
    await computer.reading(({ gpus: [awake] }) => awake?.loadPercent === 7);
  });

  it('lose only the figures that the driver does not tell', async () => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', first, {
      ...amdFiles,
      gpu_busy_percent: 'busy',
      'hwmon/hwmon4/temp1_input': 5_000_000,
      'hwmon/hwmon4/power1_average': -1,
      gpu_metrics: amdMetrics(1, 1, 96, 68, 0n),
    });
    rmSync(join(computer.folder, device, 'hwmon/hwmon4/fan1_input'));
    rmSync(join(computer.folder, device, 'mem_info_vram_used'));
    // A folder cannot be read, as a file that the driver refuses.
    computer.write({ [`${device}/mem_info_vram_used/x`]: 1 });
    const gpu = await gpuOf(computer);
    expect(gpu).toMatchObject({ vramTotal: 25_753_026_560, fanPercent: null, throttledBy: null });
    expect(gpu.missing).toEqual({
      loadPercent: 'the driver gives no number',
      temperatureC: 'the driver gives a value that cannot be',
      powerWatts: 'the driver gives a value that cannot be',
      vramUsed: 'the driver gives an error (EISDIR)',
      throttledBy: 'the driver does not tell it for this GPU',
    });
  });

  it.each([
    ['1.3', amdMetrics(1, 3, 120, 112, 1n << 33n), { isIntegrated: false, throttledBy: ['heat'] }],
    ['1.3', amdMetrics(1, 3, 120, 112, (1n << 18n) | (1n << 35n)), { throttledBy: ['power_limit', 'heat'] }],
    ['1.3', amdMetrics(1, 3, 120, 112, 1n << 36n), { throttledBy: [] }],
    ['1.3 without reasons', amdMetrics(1, 3, 120, 112, 0n), { throttledBy: [] }],
    ['1.3 that does not tell them', amdMetrics(1, 3, 120, 112, (1n << 64n) - 1n), { throttledBy: null }],
    [
      '1.3 that is cut off',
      amdMetrics(1, 3, 120, 112, 1n).subarray(0, 100),
      { isIntegrated: null, throttledBy: null },
    ],
    [
      '2.3 of a processor',
      amdMetrics(2, 3, 152, 120, 1n << 5n),
      { isIntegrated: true, throttledBy: ['power_limit'] },
    ],
    ['3.0 of a processor', amdMetrics(3, 0, 264, 120, 1n), { isIntegrated: true, throttledBy: null }],
    ['an unknown one', amdMetrics(9, 9, 120, 112, 1n), { isIntegrated: null, throttledBy: null }],
    ['nothing', Buffer.alloc(0), { isIntegrated: null, throttledBy: null }],
  ])('say what holds them back where their table of metrics (%s) does', async (_kind, table, expected) => {
    const computer = fakeComputer();
    plugIn(computer, 'card0', first, { ...amdFiles, gpu_metrics: table });
    expect(await gpuOf(computer)).toMatchObject({ loadPercent: 96, ...expected });
  });

  it('measure their fan by its drive where its most turns are not known', async () => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', first, {
      ...amdFiles,
      'hwmon/hwmon4/pwm1': 51,
      'hwmon/hwmon4/pwm1_max': 255,
    });
    rmSync(join(computer.folder, device, 'hwmon/hwmon4/fan1_max'));
    expect((await gpuOf(computer)).fanPercent).toBe(20);
  });

  it('come and go', async () => {
    const computer = fakeComputer();
    plugIn(computer, 'card1', second, { ...amdFiles, gpu_busy_percent: 10 });
    const device = plugIn(computer, 'card2', first, { ...amdFiles, gpu_busy_percent: 20 });
    const readings: MachineReading[] = [];
    const end = computer.machine().follow(
      (reading) => readings.push(reading),
      () => true,
    );
    const loads = () => readings.at(-1)?.gpus.map(({ loadPercent }) => loadPercent);
    await expect.poll(loads).toEqual([20, 10]);
    rmSync(join(computer.folder, 'drm/card2'), { recursive: true });
    rmSync(join(computer.folder, device), { recursive: true });
    await expect.poll(loads).toEqual([10]);
    // The driver was reset, and counts on.
    plugIn(computer, 'card3', first, { ...amdFiles, gpu_busy_percent: 30 });
    await expect.poll(loads).toEqual([30, 10]);
    end();
  });

  it.runIf(process.platform === 'linux')('leave no file open when nobody follows any more', async () => {
    const computer = fakeComputer();
    plugIn(computer, 'card0', first, amdFiles);
    const opened = () =>
      readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`).startsWith(computer.folder))
        .length;
    const machine = computer.machine();
    let most = 0;
    // The machine is left at other moments of a reading each time.
    for (let n = 0; n < 15; n += 1) {
      const end = machine.follow(
        () => {},
        () => true,
      );
      await expect.poll(opened, { interval: 1 }).toBeGreaterThan(n);
      most = Math.max(most, opened());
      end();
      await expect.poll(opened, { interval: 1 }).toBe(0);
    }
    expect(most).toBeGreaterThan(10);
  });

  it('leave the others alone when a driver hangs', async () => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', first, amdFiles);
    plugIn(computer, 'card1', second, amdFiles);
    const pipe = join(computer.folder, device, 'gpu_busy_percent');
    rmSync(pipe);
    execFileSync('mkfifo', [pipe]);
    let rounds = 0;
    const { gpus } = await computer.reading(() => ++rounds === 3);
    expect(gpus).toMatchObject([
      { pciAddress: '0000:03:00.0', loadPercent: null, missing: { all: 'its driver does not answer' } },
      { pciAddress: '0000:0a:00.0', loadPercent: 96, missing: {} },
    ]);
    // One thread alone waits for it, which goes on as soon as it is answered.
    const end = openSync(pipe, constants.O_WRONLY);
    writeSync(end, '5\n');
    closeSync(end);
  });
});

onUnix('GPUs of Intel on Linux', () => {
  const sensors = 'hwmon/hwmon3';
  const xe = {
    device: '0xe20b',
    'power/runtime_status': 'active',
    'tile0/physical_vram_size_bytes': 12_884_901_888,
    'tile0/gt0/freq0/act_freq': 2_850,
    'tile0/gt0/freq0/throttle/status': 1,
    'tile0/gt0/freq0/throttle/reason_pl1': 1,
    'tile0/gt0/freq0/throttle/reason_thermal': 0,
    [`${sensors}/energy1_label`]: 'card',
    [`${sensors}/energy1_input`]: 1_000_000,
    [`${sensors}/energy2_label`]: 'pkg',
    [`${sensors}/energy2_input`]: 9,
    [`${sensors}/power1_label`]: 'card',
    [`${sensors}/power1_max`]: 190_000_000,
    [`${sensors}/temp2_label`]: 'pkg',
    [`${sensors}/temp2_input`]: 61_000,
    [`${sensors}/temp2_crit`]: 100_000,
    [`${sensors}/temp3_label`]: 'vram',
    [`${sensors}/temp3_input`]: 70_000,
  };

  it('say with the driver xe what everybody may know, and that the rest is for administrators', async () => {
    const computer = fakeComputer();
    plugIn(computer, 'card0', { address: '0000:03:00.0', driver: 'xe' }, xe);
    const gpu = await gpuOf(computer);
    expect(gpu).toMatchObject({
      name: 'Intel GPU e20b',
      isIntegrated: false,
      loadPercent: null,
      vramUsed: null,
      vramTotal: 12_884_901_888,
      temperatureC: 61,
      temperatureLimitC: 100,
      powerLimitWatts: 190,
      coreClockMhz: 2_850,
      throttledBy: ['power_limit'],
    });
    expect(gpu.missing).toEqual({
      loadPercent: 'the Intel driver tells it only to administrators',
      vramUsed: 'the Intel driver tells it only to administrators',
    });
  });

  it.each([
    [{ status: 0, reason_pl1: 1 }, []],
    [{ status: 1, reason_pl1: 0, reason_soc_thermal: 1, reason_psys_pl2: 1 }, ['power_limit', 'heat']],
    [{ status: 1, reason_fast_vmode: 1 }, ['hardware']],
    [{ status: 1 }, ['hardware']],
  ])('say by the files %j what holds them back', async (throttle, expected) => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', { address: '0000:03:00.0', driver: 'xe' }, { device: '0xe20b' });
    computer.write(
      Object.fromEntries(
        Object.entries(throttle).map(([name, value]) => [
          `${device}/tile0/gt0/freq0/throttle/${name}`,
          value,
        ]),
      ),
    );
    expect((await gpuOf(computer)).throttledBy?.toSorted()).toEqual(expected.toSorted());
  });

  it('have the limit of power that is set, and the memory that i915 writes as a hexadecimal number', async () => {
    const computer = fakeComputer();
    plugIn(
      computer,
      'card0',
      { address: '0000:03:00.0', driver: 'i915' },
      { device: '0x56a0', 'hwmon/hwmon1/power1_max': 0, 'hwmon/hwmon1/power1_cap': 225_000_000 },
    );
    computer.write({ 'drm/card0/lmem_total_bytes': '0x400000000' });
    expect(await gpuOf(computer)).toMatchObject({ powerLimitWatts: 225, vramTotal: 2 ** 34 });
  });

  it('measure their power by the energy that they used between two readings', async () => {
    const computer = fakeComputer();
    const device = plugIn(computer, 'card0', { address: '0000:03:00.0', driver: 'xe' }, xe);
    const files = new SysfsFiles();
    const card = await describeCard(join(computer.folder, 'drm'), 'card0');
    let mark: EnergyMark | null = null;
    const wattsAt = async (energy: number, seconds: number): Promise<number | null> => {
      computer.write({ [`${device}/${sensors}/energy1_input`]: energy });
      const gpu = await identifyIntel(files, card);
      mark = await measureIntel(files, card, gpu, mark, seconds * 1_000);
      return gpu.powerWatts;
    };
    expect(await wattsAt(1_000_000, 10)).toBeNull();
    expect(await wattsAt(341_000_000, 12)).toBe(170);
    // The counter begins anew with the driver.
    expect(await wattsAt(5_000_000, 14)).toBeNull();
    expect(await wattsAt(105_000_000, 16)).toBe(50);
    files.close();
  });

  it('are those in processors by their address, with the driver i915', async () => {
    const computer = fakeComputer();
    plugIn(computer, 'card0', { address: '0000:00:02.0', driver: 'i915' }, { device: '0xa780' });
    computer.write({
      'drm/card0/gt/gt0/rps_act_freq_mhz': 1_450,
      'drm/card0/gt/gt0/throttle_reason_status': 1,
      'drm/card0/gt/gt0/throttle_reason_thermal': 1,
      'drm/card0/gt/gt0/throttle_reason_pl2': 1,
    });
    const gpu = await gpuOf(computer);
    expect(gpu).toMatchObject({
      name: 'Intel GPU a780',
      isIntegrated: true,
      coreClockMhz: 1_450,
      throttledBy: ['power_limit', 'heat'],
      missing: { loadPercent: 'the Intel driver tells it only to administrators' },
    });
    expect(gpu.missing.vramUsed).toBeUndefined();
  });

  it('stand beside those of NVIDIA and AMD in one machine', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({
      gpus: [{ name: 'NVIDIA RTX A2000', 'pci.bus_id': '00000000:05:00.0', 'utilization.gpu': 9 }],
    });
    plugIn(computer, 'card0', { address: '0000:00:02.0', driver: 'i915' }, { device: '0xa780' });
    plugIn(computer, 'card1', first, amdFiles);
    plugIn(computer, 'card2', { address: '0000:05:00.0', driver: 'nvidia' }, {});
    const { gpus } = await computer.reading((reading) => reading.gpus.length === 3);
    expect(gpus.map(({ name }) => name)).toEqual(['NVIDIA RTX A2000', 'Intel GPU a780', 'AMD GPU 744c']);
  });
});
