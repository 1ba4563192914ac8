import type { NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import { type GpuState, type GpuValue, vramOfOthers } from '../../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatBytesOf, formatPercent } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { type Explanation, explanationOf, type FigureFacts, nobodyTells } from '../source-words.ts';
import { powerText, temperatureText, throttleText } from './gpu-words.ts';

/** What there is to know of one GPU: its state, and what was measured last. */
export interface GpuFacts {
  named: NamedGpu;
  gpu: GpuState;
  sample: GpuSample | undefined;
}

/** Without a word about why, these would be missed. */
const expected: readonly GpuValue[] = ['loadPercent', 'temperatureC', 'vramUsed'];

/** Every figure of a GPU with its source, and why others are missing. */
export function gpuExplanation(facts: GpuFacts, units: ByteUnits): Explanation {
  const { named, gpu } = facts;
  const figures = [...loadFigures(facts), ...vramFigures(facts, units), ...otherFigures(facts)];
  return explanationOf(gpu.name ?? named.model, figures, [
    ...(gpu.missing.all === undefined
      ? []
      : [t('machine.unmeasured_because_sentence', { reason: gpu.missing.all })]),
    ...(gpu.isUsed === false ? [t('machine.unused')] : []),
  ]);
}

/** What fills the VRAM of a GPU, what the figure means, and who says so. */
export function vramExplanation(facts: GpuFacts, units: ByteUnits): Explanation {
  return explanationOf(null, vramFigures(facts, units), [vramMeaning(facts.gpu)]);
}

function vramMeaning({ vramCounts, sources, isIntegrated }: GpuState): string {
  if (vramCounts === 'pytorch') return t('machine.vram_means_pytorch');
  const meaning = t(
    sources.vramUsed === 'system_stats'
      ? 'machine.vram_means_stats'
      : sources.vramUsed === 'crystools'
        ? 'machine.vram_means_crystools'
        : 'machine.vram_means_driver',
  );
  return isIntegrated === true ? `${meaning} ${t('machine.vram_is_ram')}` : meaning;
}

function loadFigures({ gpu, sample }: GpuFacts): FigureFacts[] {
  return [fact(gpu, 'loadPercent', t('machine.load'), mapped(sample?.loadPercent, formatPercent))];
}

function vramFigures({ gpu, sample }: GpuFacts, units: ByteUnits): FigureFacts[] {
  const size = (bytes: number) => formatBytes(bytes, units);
  const { vramUsed = null, vramTotal = null } = sample ?? {};
  const used =
    vramUsed === null || vramTotal === null
      ? mapped(vramUsed, size)
      : formatBytesOf(vramUsed, vramTotal, units);
  return [
    fact(gpu, 'vramUsed', t('machine.vram'), used),
    fact(gpu, 'vramOwn', t('machine.vram_own'), mapped(gpu.vramOwn, size)),
    {
      name: t('machine.vram_others'),
      value: mapped(vramOfOthers(gpu, vramUsed), size),
      source: gpu.sources.vramOwn,
    },
    fact(gpu, 'vramReserved', t('machine.vram_reserved'), mapped(gpu.vramReserved, size)),
    fact(gpu, 'sharedUsed', t('machine.vram_shared'), mapped(gpu.sharedUsed, size)),
  ];
}

function otherFigures({ gpu, sample }: GpuFacts): FigureFacts[] {
  const megahertz = (value: number) => `${Math.round(value)} MHz`;
  const throttled = gpu.throttledBy && (throttleText(gpu.throttledBy) ?? t('machine.not_slowed'));
  return [
    fact(gpu, 'temperatureC', t('machine.temperature'), temperatureText(sample?.temperatureC ?? null)),
    fact(gpu, 'temperatureLimitC', t('machine.temperature_limit'), temperatureText(gpu.temperatureLimitC)),
    fact(gpu, 'powerWatts', t('machine.power'), powerText(sample?.powerWatts ?? null, gpu.powerLimitWatts)),
    fact(gpu, 'fanPercent', t('machine.fan'), mapped(gpu.fanPercent, formatPercent)),
    fact(gpu, 'coreClockMhz', t('machine.clock'), mapped(gpu.coreClockMhz, megahertz)),
    fact(gpu, 'memoryClockMhz', t('machine.memory_clock'), mapped(gpu.memoryClockMhz, megahertz)),
    fact(gpu, 'throttledBy', t('machine.speed'), throttled),
  ];
}

function fact({ sources, missing }: GpuState, of: GpuValue, name: string, value: string | null): FigureFacts {
  const reason =
    missing[of] ?? (expected.includes(of) && missing.all === undefined ? nobodyTells() : undefined);
  return { name, value, source: sources[of], reason };
}

function mapped(value: number | null | undefined, text: (value: number) => string): string | null {
  return value === null || value === undefined ? null : text(value);
}
