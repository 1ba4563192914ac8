import { spawn } from 'node:child_process';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MachineReading, unmeasuredMachine } from '../../domain/telemetry/machine-reading.ts';
import { fakeComputer } from './testing/fake-computer.ts';
import { amdFiles, plugIn } from './testing/graphics-cards.ts';
import { isAlive } from './testing/is-alive.ts';

const proc = {
  'proc/stat': 'cpu  1000 0 500 8000 500 0 0 0 0 0',
  'proc/meminfo':
    'MemTotal:       32768 kB\nMemFree:         2048 kB\nMemAvailable:    8192 kB\nSwapTotal:       4096 kB\nSwapFree:        1024 kB',
};

// The programs that these tests make are scripts of a shell.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix('this computer', () => {
  it('tells CPU, RAM and swap, where RAM that the system can give back is free', async () => {
    const computer = fakeComputer();
    computer.write(proc);
    let readings = 0;
    const reading = await computer.reading(({ cpuPercent }) => {
      readings += 1;
      computer.write({
        'proc/stat': `cpu  ${1000 + readings * 25} 0 500 ${8000 + readings * 75} 500 0 0 0 0 0`,
      });
      return cpuPercent !== null;
    });
    expect(reading).toEqual({
      ...unmeasuredMachine(0),
      at: expect.any(Number),
      cpuPercent: 25,
      ramUsed: 24_576 * 1_024,
      ramTotal: 32_768 * 1_024,
      swapUsed: 3_072 * 1_024,
      swapTotal: 4_096 * 1_024,
      disk: null,
      isCpuOnly: false,
      gpus: [],
    });
  });

  it('is measured with null for what the system does not tell', async () => {
    const computer = fakeComputer();
    const reading = await computer.reading(() => true, { places: { proc: join(computer.folder, 'none') } });
    expect(reading).toMatchObject({ cpuPercent: null, ramUsed: null, ramTotal: null, swapUsed: null });
  });

  it('has the real memory of this one', async () => {
    const computer = fakeComputer();
    const { total, free } = computer.machine().memory();
    expect(total).toBe(totalmem());
    expect(Math.abs(free - freemem())).toBeLessThan(totalmem() / 4);
    const reading = await computer.reading(({ cpuPercent }) => cpuPercent !== null, {
      platform: process.platform,
      places: { proc: '/proc' },
    });
    expect(reading.ramTotal).toBe(totalmem());
    expect(Math.abs((reading.ramTotal ?? 0) - (reading.ramUsed ?? 0) - freemem())).toBeLessThan(
      totalmem() / 4,
    );
  });

  it('is measured once for all who follow, often while one of them is in a hurry, and not at all for nobody', async () => {
    const computer = fakeComputer();
    plugIn(computer, 'card0', { address: '0000:03:00.0', driver: 'amdgpu' }, amdFiles);
    const machine = computer.machine({ times: { urgent: 10, calm: 200 } });
    const calm: MachineReading[] = [];
    const urgent: MachineReading[] = [];
    let isUrgent = true;
    const leave = machine.follow(
      (reading) => calm.push(reading),
      () => false,
    );
    const end = machine.follow(
      (reading) => urgent.push(reading),
      () => isUrgent,
    );
    await expect.poll(() => urgent.length).toBeGreaterThan(4);
    expect(calm).toEqual(urgent);
    isUrgent = false;
    const before = calm.length;
    // One may have been under way.
    await expect.poll(() => calm.length).toBeGreaterThan(before + 2);
    const ats = calm.map(({ at }) => at);
    expect((ats.at(-1) ?? 0) - (ats.at(-2) ?? 0)).toBeGreaterThan(80);
    leave();
    const left = calm.length;
    await expect.poll(() => urgent.length).toBeGreaterThan(left);
    expect(calm).toHaveLength(left);
    end();
    end();
    const ended = urgent.length;
    // As long as ten readings would take.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(urgent).toHaveLength(ended);
  });

  it('wakes no GPU for one who does not want them, and lets them sleep when nobody does any more', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({
      gpus: [{ index: 0, uuid: 'GPU-1', 'pci.bus_id': '00000000:01:00.0', name: 'NVIDIA L4' }],
    });
    const machine = computer.machine();
    const without: MachineReading[] = [];
    const withThem: MachineReading[] = [];
    const end = machine.follow(
      (reading) => without.push(reading),
      () => true,
      false,
    );
    onTestFinished(end);
    await expect.poll(() => without.length).toBeGreaterThan(3);
    expect(computer.calls()).toEqual([]);
    const leave = machine.follow(
      (reading) => withThem.push(reading),
      () => true,
    );
    await expect.poll(() => withThem.at(-1)?.gpus.length).toBe(1);
    expect(without.every(({ gpus }) => gpus.length === 0)).toBe(true);
    leave();
    const running = () => computer.calls().filter(({ pid }) => isAlive(pid));
    await expect.poll(running).toEqual([]);
  });

  it('goes on measuring when one who follows fails', async () => {
    const computer = fakeComputer();
    let calls = 0;
    const end = computer.machine().follow(
      () => {
        calls += 1;
        throw new Error('no');
      },
      () => true,
    );
    await expect.poll(() => calls).toBeGreaterThan(2);
    end();
    expect(computer.log.filter((line) => line.includes('no'))).toHaveLength(2);
  });

  it('knows the space of a disk as df counts it, and none of a folder that is not there', async () => {
    const computer = fakeComputer();
    const machine = computer.machine();
    const space = await machine.disk(computer.folder);
    expect(space?.used).toBeGreaterThan(0);
    expect(space?.total).toBeGreaterThan(space?.used ?? 0);
    expect(await machine.disk(join(computer.folder, 'none'))).toBeNull();
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'leaves no program behind when its host ends by %s',
    async (signal) => {
      const computer = fakeComputer();
      computer.nvidiaSmi({ gpus: [{ 'pci.bus_id': '00000000:01:00.0', 'utilization.gpu': 1, name: 'RTX' }] });
      const host = spawn(
        process.execPath,
        [join(import.meta.dirname, 'testing/follow-for-ever.ts'), computer.folder],
        { stdio: ['ignore', 'pipe', 'inherit'], env: computer.env },
      );
      await new Promise((resolve) => host.stdout.once('data', resolve));
      const loop = computer.calls().find(({ args }) => args[0]?.startsWith('--query-gpu'))?.pid ?? 0;
      expect(isAlive(loop)).toBe(true);
      host.kill(signal);
      await expect.poll(() => isAlive(loop), { timeout: 3_000 }).toBe(false);
    },
  );
});
