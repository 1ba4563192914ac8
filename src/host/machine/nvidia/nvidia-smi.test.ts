import { describe, expect, it } from 'vitest';
import { fakeComputer, type NvidiaRowValues } from '../testing/fake-computer.ts';

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

describe('GPUs of NVIDIA', () => {
  it('are measured in our units by one program, which ends when nobody follows', async () => {
    const computer = fakeComputer();
    computer.nvidiaSmi({ gpus: [rtx], text: { temperature } });
    const { gpus } = await computer.reading(({ gpus: [gpu] }) => gpu?.temperatureLimitC != null);
    expect(gpus).toEqual([
      {
        uuid: 'GPU-6f2c31aa-0b6c-5d1e-8f57-0a1b2c3d4e5f',
        pciAddress: '0000:01:00.0',
        name: 'NVIDIA GeForce RTX 4090',
        isIntegrated: false,
        device: null,
        isUsed: null,
        loadPercent: 97,
        temperatureC: 71,
        temperatureLimitC: 88,
        vramUsed: 20480 * 2 ** 20,
        vramTotal: 24564 * 2 ** 20,
        vramOwn: null,
        vramReserved: null,
        sharedUsed: null,
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
  });
});
