import { describe, expect, it } from 'vitest';
import { unmeasuredGpu, unmeasuredMachine } from '../../domain/telemetry/machine-reading.ts';
import type { LocalMachine } from './local-machine.ts';
import { hasGpusOf, isOwnAddress, isThisComputer } from './this-computer.ts';

const gib = 2 ** 30;

function computer(platform: string, free = 40 * gib): LocalMachine {
  return {
    platform,
    memory: () => ({ total: 64 * gib, free }),
    follow: () => () => {},
    disk: async () => null,
  };
}

function says(os: string | null, total = 64 * gib, ramFree: number | null = 40 * gib) {
  return { os, ramFree, reading: { ...unmeasuredMachine(0), ramTotal: total } };
}

const named = (...names: (string | null)[]) => ({
  ...unmeasuredMachine(0),
  gpus: names.map((name) => ({ ...unmeasuredGpu(), name })),
});

describe('an address of this computer', () => {
  const interfaces = {
    eth0: [
      {
        address: '192.168.1.20',
        netmask: '255.255.255.0',
        family: 'IPv4' as const,
        mac: '',
        internal: false,
        cidr: null,
      },
    ],
  };
  it.each([
    ['http://127.0.0.1:8188', true],
    ['http://localhost:8188/comfy', true],
    ['http://[::1]:8188', true],
    ['http://192.168.1.20:8188', true],
    ['http://192.168.1.21:8188', false],
    ['http://0.0.0.0:8188', true],
    ['http://Workshop:8188', true],
    ['http://workshop.local:8188', true],
    ['http://workshop.example.org:8188', false],
    ['https://gpu.example.org', false],
  ])('%s: %s', (url, is) => {
    expect(isOwnAddress(url, interfaces, 'Workshop.local')).toBe(is);
  });
});

describe('a server behind an address of this computer', () => {
  it.each([
    ['linux', 'linux'],
    ['posix', 'linux'],
    ['posix', 'darwin'],
    ['nt', 'win32'],
    ['win32', 'win32'],
    ['darwin', 'darwin'],
  ])('runs here if it says %s, and this is %s', (os, platform) => {
    expect(isThisComputer(says(os), computer(platform))).toBe(true);
  });

  it('is another one where the system or the memory is another one', () => {
    expect(isThisComputer(says('linux'), computer('win32'))).toBe(false);
    expect(isThisComputer(says('posix'), computer('win32'))).toBe(false);
    expect(isThisComputer(says('linux', 128 * gib), computer('linux'))).toBe(false);
    expect(isThisComputer(says('linux', 64 * gib, 5 * gib), computer('linux'))).toBe(false);
  });

  it('is not taken for this one where it says too little', () => {
    expect(isThisComputer(says(null), computer('linux'))).toBe(false);
    expect(isThisComputer(says('linux', 64 * gib, null), computer('linux'))).toBe(false);
  });

  it('is another one where it names GPUs that are not here', () => {
    expect(hasGpusOf(named('cuda:0 NVIDIA A100'), named('NVIDIA GeForce RTX 4090'))).toBe(false);
    expect(hasGpusOf(named('cuda:0 NVIDIA GeForce RTX 4090'), named('NVIDIA GeForce RTX 4090'))).toBe(true);
    expect(hasGpusOf(named(), named('NVIDIA GeForce RTX 4090')), 'it computes on the processor').toBe(true);
    expect(hasGpusOf(named('NVIDIA A100'), named()), 'none was found').toBe(true);
    expect(hasGpusOf(named('AMD Radeon PRO W7900'), named('NVIDIA A100')), 'of another maker').toBe(true);
    expect(hasGpusOf(named('xpu:0 Intel Arc A770'), named('Intel GPU 56a0')), 'no model').toBe(true);
  });
});
