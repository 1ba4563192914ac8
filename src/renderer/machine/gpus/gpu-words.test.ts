import { expect, it } from 'vitest';
import type { ThrottleReason } from '../../../domain/telemetry/machine-reading.ts';
import type { GpuState } from '../../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../../domain/telemetry/telemetry.ts';
import { gpuState } from '../../../domain/testing/builders.ts';
import { gpuNotes, powerText } from './gpu-words.ts';

const gib = 1024 ** 3;
const unmeasured = {
  loadPercent: null,
  temperatureC: null,
  vramUsed: null,
  vramTotal: null,
  powerWatts: null,
};

function notes(known: Partial<GpuState>, measured: Partial<GpuSample> = {}): string[] {
  return gpuNotes(gpuState(known), { ...unmeasured, ...measured }, 'binary', () => '14:02').map(
    ({ text, kind }) => `${kind === 'warning' ? '! ' : ''}${text}`,
  );
}

it('says nothing of a GPU that is well', () => {
  expect(notes({ throttledBy: [], temperatureLimitC: 90 }, { temperatureC: 71 })).toEqual([]);
});

it.each<[ThrottleReason[], string]>([
  [['heat'], '! Slowed down by heat'],
  [['power_limit'], 'At its power limit'],
  [['power_brake'], '! Slowed down by the power supply’s brake'],
  [['hardware'], '! Slowed down by its own protection'],
  [['power_limit', 'heat'], '! At its power limit, slowed down by heat'],
])('says in words what slows it down: %j', (throttledBy, text) => {
  expect(notes({ throttledBy })).toEqual([text]);
});

it('does not mind that a card without work is slowed down', () => {
  expect(notes({ throttledBy: ['hardware'] }, { loadPercent: 3 })).toEqual([]);
});

it.each([
  [84, []],
  [85, ['! 5 °C below its limit of 90 °C']],
  [90, ['! At its temperature limit of 90 °C']],
  [93, ['! 3 °C above its temperature limit of 90 °C']],
])('goes by the limit of the card itself at %i °C', (temperatureC, expected) => {
  expect(notes({ temperatureLimitC: 90 }, { temperatureC })).toEqual(expected);
});

it('says what other programs hold of the VRAM, where both figures are of one source', () => {
  const sources = { vramUsed: 'companion', vramOwn: 'companion' } as const;
  const measured = { vramUsed: 20 * gib, vramTotal: 24 * gib };
  expect(notes({ vramOwn: 17.9 * gib, sources }, measured)).toEqual([
    '2.1 GiB of VRAM are used by other programs',
  ]);
  expect(notes({ vramOwn: 19.95 * gib, sources }, measured)).toEqual([]);
  expect(notes({ vramOwn: 17.9 * gib, sources: { ...sources, vramUsed: 'local' } }, measured)).toEqual([]);
});

it('tells what PyTorch holds where nobody knows more', () => {
  expect(notes({ vramReserved: 17 * gib }, { vramUsed: 20 * gib })).toEqual([
    'ComfyUI’s PyTorch holds 17.0 GiB',
  ]);
  expect(notes({ vramCounts: 'pytorch', vramReserved: gib }, { vramUsed: gib })).toEqual([
    'VRAM: only what ComfyUI’s PyTorch holds is counted',
  ]);
});

it('tells what a card holds in the RAM of the computer, but not of graphics that always do', () => {
  expect(notes({ sharedUsed: 1.2 * gib })).toEqual(['The GPU also uses 1.2 GiB of the computer’s RAM']);
  expect(notes({ sharedUsed: 0.1 * gib })).toEqual([]);
  expect(notes({ sharedUsed: 1.2 * gib, isIntegrated: true })).toEqual([]);
});

it('says of a GPU that is gone since when, and nothing else', () => {
  expect(notes({ goneSince: 5, throttledBy: ['heat'] })).toEqual([
    '! Not found since 14:02: its driver may have lost it',
  ]);
  expect(notes({ goneSince: 5, missing: { all: 'nvidia-smi says “GPU is lost”' } })).toEqual([
    '! Not found since 14:02: nvidia-smi says “GPU is lost”',
  ]);
  expect(notes({ missing: { all: 'it sleeps' } })).toEqual(['Not measured: it sleeps']);
});

it('gives watts with their limit where there is one', () => {
  expect(powerText(412.3, 450)).toBe('412 of 450 W');
  expect(powerText(12.6, null)).toBe('13 W');
  expect(powerText(null, 450)).toBeNull();
});
