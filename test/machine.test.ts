import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../simulator/clock.ts';
import { fakeComputer } from '../src/host/machine/testing/fake-computer.ts';
import { accessibilityFlaws } from './accessibility.ts';
import { useStage } from './stage.ts';

function machineOf(page: Page) {
  return page.getByRole('region', { name: 'Machine' });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the machine of a server', () => {
  const stage = useStage();

  it.skipIf(process.platform === 'win32')(
    'on this computer is measured without any extension, for as long as it is watched',
    async () => {
      const computer = fakeComputer();
      computer.nvidiaSmi({
        gpus: [
          {
            index: 0,
            uuid: 'GPU-1',
            'pci.bus_id': '00000000:01:00.0',
            name: 'NVIDIA GeForce RTX 4090',
            'utilization.gpu': 93,
            'memory.used': 18_000,
            'memory.total': 24_564,
            'temperature.gpu': 71,
            'power.draw': 401.2,
            'enforced.power.limit': 450,
          },
        ],
      });
      const simulator = await stage.simulator({ scenario: 'no-extension' });
      const environment = { ...process.env, ...computer.env };
      const monitor = await stage.monitor(['--server', simulator.url], undefined, environment);
      const page = await stage.page(monitor);
      const machine = machineOf(page);
      await machine.getByText('93%').waitFor();
      await machine.getByText('401 W').waitFor();
      const title = machine.getByRole('button', { name: /RTX 4090/ });
      await title.focus();
      await expect
        .poll(() => page.locator('body').innerText())
        .toContain('Measured on this computer by the monitor');
      expect(await machine.innerText()).not.toMatch(/not available|Install/);
      await monitor.stop();
      await expect.poll(() => computer.calls().filter(({ pid }) => isRunning(pid))).toEqual([]);
    },
  );

  it('that loses a GPU says so, and goes on with the other', async () => {
    const clock = new ManualClock(Date.now());
    const simulator = await stage.simulator({ scenario: 'gpu-lost', clock });
    const monitor = await stage.monitor(['--server', simulator.url]);
    const page = await stage.page(monitor);
    await expect.poll(() => simulator.clientCount).toBe(1);
    clock.advance(2_000);
    const machine = machineOf(page);
    await machine.getByText('GPU 1').first().waitFor();
    // A second at a time, as a server sends it.
    await expect
      .poll(
        () => {
          clock.advance(1_000);
          return machine.innerText();
        },
        { timeout: 20_000 },
      )
      .toMatch(/not found since/i);
  });

  it('with eight GPUs is read without seeing or pointing', async () => {
    const simulator = await stage.simulator({ scenario: 'eight-gpus' });
    const monitor = await stage.monitor(['--server', simulator.url]);
    const page = await stage.page(monitor);
    await machineOf(page).getByText('GPU 7').waitFor();
    expect(await accessibilityFlaws(page)).toEqual([]);
  });
});
