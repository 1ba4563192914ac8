import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fakeComputer } from '../testing/fake-computer.ts';

const appleSilicon = `+-o AGXAcceleratorG16G  <class AGXAcceleratorG16G, id 0x10000050b, registered, matched, active, busy 0 (655 ms), retain 51>
    {
      "IOClass" = "AGXAcceleratorG16G"
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=1574862848,"Tiler Utilization %"=20,"recoveryCount"=0,"Renderer Utilization %"=19,"TiledSceneBytes"=1605632,"Device Utilization %"=21,"SplitSceneCount"=0,"In use system memory"=351141888}
      "model" = "Apple M4"
      "gpu-core-count" = 10
    }
`;
const intelMac = `+-o AMDRadeonX6000_AMDNavi14GraphicsAccelerator  <class AMDRadeonX6000_AMDNavi14GraphicsAccelerator, id 0x100000620, registered>
    {
      "VRAM,totalMB" = 8176
      "model" = <"AMD Radeon Pro 5500M">
      "PerformanceStatistics" = {"Device Utilization %"=44,"vramUsedBytes"=1073741824,"vramFreeBytes"=7499415552}
    }
+-o IntelAccelerator  <class IntelAccelerator, id 0x100000555, registered>
    {
      "PerformanceStatistics" = {"Device Utilization %"=2,"hardwareWaitTime"=0}
    }
`;
const vmStat = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10000.
Pages active:                            400000.
Pages inactive:                           30000.
Pages speculative:                         2000.
Pages throttled:                              0.
Pages wired down:                        100000.
`;

/** A Mac whose programs say this. */
function mac(ioreg: string) {
  const computer = fakeComputer();
  computer.program('ioreg', `[ "$*" = '-r -d 1 -w 0 -c IOAccelerator' ] && cat <<'E'\n${ioreg}\nE`);
  computer.program('vm_stat', `cat <<'E'\n${vmStat}E`);
  computer.program('sysctl', `[ "$*" = '-n machdep.cpu.brand_string' ] && echo 'Apple M1 Pro'`);
  return computer;
}

// The programs that these tests make are scripts of a shell.
const onUnix = describe.skipIf(process.platform === 'win32');

onUnix('the GPU of a Mac', () => {
  it('uses the RAM of the computer, and tells heat and power to administrators alone', async () => {
    const computer = mac(appleSilicon);
    const reading = await computer.reading(({ gpus }) => gpus.length > 0, { platform: 'darwin' });
    expect(reading.gpus).toMatchObject([
      {
        name: 'Apple M4',
        isIntegrated: true,
        loadPercent: 21,
        vramUsed: 351141888,
        vramTotal: totalmem(),
        temperatureC: null,
        powerWatts: null,
        missing: {
          temperatureC: 'macOS has no public way to ask for it',
          powerWatts: 'macOS has no public way to ask for it',
        },
      },
    ]);
    expect(reading.ramTotal).toBe(totalmem());
    expect(reading.ramUsed).toBe(totalmem() - 42_000 * 16_384);
  });

  it('is called as the chip where ioreg gives it no name', async () => {
    const computer = mac(appleSilicon.replace('"model" = "Apple M4"', ''));
    const { gpus } = await computer.reading((reading) => reading.gpus.length > 0, { platform: 'darwin' });
    expect(gpus[0]?.name).toBe('Apple M1 Pro');
  });

  it('may be a card of AMD with memory of its own beside one of Intel', async () => {
    const { gpus } = await mac(intelMac).reading((reading) => reading.gpus.length > 0, {
      platform: 'darwin',
    });
    expect(gpus).toMatchObject([
      {
        name: 'AMD Radeon Pro 5500M',
        isIntegrated: null,
        loadPercent: 44,
        vramUsed: 2 ** 30,
        vramTotal: 8176 * 2 ** 20,
      },
      {
        name: null,
        loadPercent: 2,
        vramUsed: null,
        missing: { vramUsed: 'macOS does not tell it for this GPU' },
      },
    ]);
  });

  it('is not measured while ioreg hangs, and the rest is', async () => {
    const computer = mac(appleSilicon);
    computer.program('ioreg', 'exec sleep 60');
    const reading = await computer.reading(() => true, {
      platform: 'darwin',
      times: { patience: 60 },
    });
    expect(reading).toMatchObject({ gpus: [], ramTotal: totalmem() });
    expect(computer.log).toEqual(['The GPU of this Mac is not measured now: ioreg does not answer']);
  });

  it('counts as free RAM what the system can give back, also before anybody follows', () => {
    const machine = mac(appleSilicon).machine({ platform: 'darwin' });
    expect(machine.memory()).toEqual({ total: totalmem(), free: 42_000 * 16_384 });
  });
});
