import { describe, expect, it } from 'vitest';
import { pciAddressOf, readRow, throttleOf } from './query-row.ts';
import { readTemperatureLimits } from './temperature-limits.ts';

describe('a row of nvidia-smi', () => {
  it.each([
    [0x0n, []],
    [0x1n, []],
    [0x2n | 0x10n | 0x100n, []],
    [0x4n, ['power_limit']],
    [0x20n, ['heat']],
    [0x48n, ['heat']],
    [0x88n, ['power_brake']],
    [0x8n, ['hardware']],
    [0x4n | 0x60n, ['power_limit', 'heat']],
  ])('says by its mask %d what holds a GPU back', (mask, reasons) => {
    expect(throttleOf(mask)).toEqual(reasons);
  });

  it('may have a name with a comma', () => {
    expect(readRow('0, NVIDIA RTX, the first', ['index', 'name'])?.gpu.name).toBe('NVIDIA RTX, the first');
  });

  it.each(['', 'x', '0', '-1, RTX', '1.5, RTX', '99999, RTX', `0, ${'x'.repeat(3_000)}`])(
    'is not %j',
    (line) => {
      expect(readRow(line, ['index', 'name'])).toBeNull();
    },
  );

  it('has an address as all sources write it', () => {
    expect(pciAddressOf('00000000:0A:00.0')).toBe('0000:0a:00.0');
    expect(pciAddressOf('0001:0A:00.0')).toBe('0001:0a:00.0');
    expect(pciAddressOf('10000000:E1:00.0')).toBe('10000000:e1:00.0');
    expect(pciAddressOf('[N/A]')).toBeNull();
  });
});

describe('where a GPU slows down by itself', () => {
  const limitFrom = (...lines: string[]): number | undefined =>
    readTemperatureLimits(
      `Attached GPUs : 1\nGPU 00000000:01:00.0\n    Temperature\n${lines.join('\n')}\n`,
    ).get('0000:01:00.0');

  it.each([
    [['GPU Current Temp : 45 C', 'GPU T.Limit Temp : 41 C', 'GPU Slowdown T.Limit Temp : -2 C'], 88],
    [['GPU Current Temp : 50 C', 'GPU T.Limit Temp : 37 C', 'GPU Slowdown T.Limit Temp : N/A'], 87],
    [['GPU Shutdown Temp : 98 C', 'GPU Slowdown Temp : 95 C', 'GPU Max Operating Temp : 93 C'], 95],
    [['GPU Slowdown Temp : N/A', 'GPU Max Operating Temp : 93 C'], 93],
    [['GPU Current Temp : 45 C', 'GPU T.Limit Temp : N/A', 'GPU Slowdown T.Limit Temp : -2 C'], undefined],
    [['GPU Current Temp : N/A', 'GPU Slowdown Temp : 0 C'], undefined],
  ])('is from %j %s', (lines, limit) => {
    expect(limitFrom(...lines)).toBe(limit);
  });
});
