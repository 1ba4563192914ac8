import type { GpuState } from '../../telemetry/machine-state.ts';
import type { GpuSample } from '../../telemetry/telemetry.ts';

/** What one source measures of two kinds, one after the other, can differ by as much as is loaded in between, bytes. */
const slack = 2 ** 30;

/** What ComfyUI's PyTorch holds, and how much of it can be on the card at most, bytes. */
export interface Spill {
  held: number;
  onCard: number;
}

/**
 * Whether ComfyUI's PyTorch holds more than the card has, or than the driver counts on it: the driver (on Windows and
 * WSL) has moved the rest into RAM. Null if that is not known.
 *
 * That `sharedUsed` grows says nothing: memory that ComfyUI pins to load models faster counts as shared, too, and it
 * does so by default since the end of 2025.
 */
export function spillOf(gpu: GpuState, { vramUsed, vramTotal }: GpuSample): Spill | false | null {
  const { vramReserved: held, vramOwn, vramCounts, sources } = gpu;
  // ComfyUI is asked every ten seconds: what it held then, others may have seen go by now.
  const isOfThen = (value: 'vramUsed' | 'vramOwn'): boolean => sources[value] === sources.vramReserved;
  if (held === null || mayBeRam(gpu)) return null;
  const bounds = [
    ...(isMeasured(vramTotal) ? [{ onCard: vramTotal, slack: 0 }] : []),
    ...(isMeasured(vramUsed) && vramCounts === 'all' && isOfThen('vramUsed')
      ? [{ onCard: vramUsed, slack }]
      : []),
    ...(isMeasured(vramOwn) && isOfThen('vramOwn') ? [{ onCard: vramOwn, slack }] : []),
  ];
  if (bounds.length === 0) return null;
  const passed = bounds.filter((bound) => held > bound.onCard + bound.slack);
  return passed.length > 0 && { held, onCard: Math.min(...passed.map(({ onCard }) => onCard)) };
}

/** Nothing at all beside what PyTorch holds is a driver that does not tell. */
function isMeasured(bytes: number | null): bytes is number {
  return bytes !== null && bytes > 0;
}

/**
 * Where VRAM is RAM, nothing can spill, and the driver may count only the part that is set aside. Crystools knows cards
 * of NVIDIA alone, and what PyTorch itself gives as total is what it can use.
 */
function mayBeRam({ isIntegrated, sources }: GpuState): boolean {
  return isIntegrated ?? (sources.vramTotal !== 'crystools' && sources.vramTotal !== 'system_stats');
}
