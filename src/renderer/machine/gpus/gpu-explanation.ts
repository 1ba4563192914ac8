import type { NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import { type GpuState, type GpuValue, vramOfOthers } from '../../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatBytesOf, formatPercent } from '../../../domain/text/format.ts';
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
    ...(gpu.missing.all === undefined ? [] : [`Not measured: ${gpu.missing.all}.`]),
    ...(gpu.isUsed === false ? ['ComfyUI does not compute on it.'] : []),
  ]);
}

/** What fills the VRAM of a GPU, what the figure means, and who says so. */
export function vramExplanation(facts: GpuFacts, units: ByteUnits): Explanation {
  return explanationOf(null, vramFigures(facts, units), [vramMeaning(facts.gpu)]);
}

function vramMeaning({ vramCounts, sources, isIntegrated }: GpuState): string {
  if (vramCounts === 'pytorch')
    return 'Only what ComfyUI’s PyTorch holds is counted: nobody tells of the rest.';
  const shared = isIntegrated === true ? ' It is part of the computer’s RAM.' : '';
  if (sources.vramUsed === 'system_stats')
    return `What all programs hold, memory that PyTorch keeps without using it included.${shared}`;
  const kept =
    sources.vramUsed === 'crystools' ? ' Crystools counts what the driver keeps for itself, too.' : '';
  return `What all programs hold, as the driver counts it.${kept}${shared}`;
}

function loadFigures({ gpu, sample }: GpuFacts): FigureFacts[] {
  return [fact(gpu, 'loadPercent', 'Load', mapped(sample?.loadPercent, formatPercent))];
}

function vramFigures({ gpu, sample }: GpuFacts, units: ByteUnits): FigureFacts[] {
  const size = (bytes: number) => formatBytes(bytes, units);
  const { vramUsed = null, vramTotal = null } = sample ?? {};
  const used =
    vramUsed === null || vramTotal === null
      ? mapped(vramUsed, size)
      : formatBytesOf(vramUsed, vramTotal, units);
  return [
    fact(gpu, 'vramUsed', 'VRAM', used),
    fact(gpu, 'vramOwn', 'VRAM of ComfyUI', mapped(gpu.vramOwn, size)),
    {
      name: 'VRAM of other programs',
      value: mapped(vramOfOthers(gpu, vramUsed), size),
      source: gpu.sources.vramOwn,
    },
    fact(gpu, 'vramReserved', 'Held by ComfyUI’s PyTorch', mapped(gpu.vramReserved, size)),
    fact(gpu, 'sharedUsed', 'In the computer’s RAM', mapped(gpu.sharedUsed, size)),
  ];
}

function otherFigures({ gpu, sample }: GpuFacts): FigureFacts[] {
  const megahertz = (value: number) => `${Math.round(value)} MHz`;
  const throttled = gpu.throttledBy && (throttleText(gpu.throttledBy) ?? 'Not slowed down');
  return [
    fact(gpu, 'temperatureC', 'Temperature', temperatureText(sample?.temperatureC ?? null)),
    fact(gpu, 'temperatureLimitC', 'Slows down at', temperatureText(gpu.temperatureLimitC)),
    fact(gpu, 'powerWatts', 'Power', powerText(sample?.powerWatts ?? null, gpu.powerLimitWatts)),
    fact(gpu, 'fanPercent', 'Fan', mapped(gpu.fanPercent, formatPercent)),
    fact(gpu, 'coreClockMhz', 'Clock', mapped(gpu.coreClockMhz, megahertz)),
    fact(gpu, 'memoryClockMhz', 'Clock of the memory', mapped(gpu.memoryClockMhz, megahertz)),
    fact(gpu, 'throttledBy', 'Speed', throttled),
  ];
}

function fact({ sources, missing }: GpuState, of: GpuValue, name: string, value: string | null): FigureFacts {
  const reason =
    missing[of] ?? (expected.includes(of) && missing.all === undefined ? nobodyTells : undefined);
  return { name, value, source: sources[of], reason };
}

function mapped(value: number | null | undefined, text: (value: number) => string): string | null {
  return value === null || value === undefined ? null : text(value);
}
