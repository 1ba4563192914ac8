import { gpuTitle, machineGpus } from '../../telemetry/machine-gpus.ts';
import type { MachineState } from '../../telemetry/machine-state.ts';
import { type ByteUnits, formatBytes, formatDuration, formatPercent } from '../../text/format.ts';
import { type Announcement, warning } from '../announcement.ts';
import type { GpuAlert } from './gpu-watch.ts';
import type { Brake, TemperatureLimit } from './thresholds.ts';

interface About {
  serverId: string;
  serverName: string;
  /** Of the GPU, as `gpuNameOf` gives it. */
  gpu: string;
  place: number;
  units: ByteUnits;
}

/** A GPU as the page calls it: by its model, and by its number where ComfyUI computes on several. */
export function gpuNameOf(machine: MachineState, place: number, now: number): string {
  const { used, others } = machineGpus(machine, now);
  const gpu = used.find((candidate) => candidate.place === place);
  if (!gpu) return others.find((candidate) => candidate.place === place)?.model ?? 'Another GPU';
  if (gpu.number === null) return gpu.model ?? 'The GPU';
  return gpu.model === null ? gpuTitle(gpu) : `${gpuTitle(gpu)} (${gpu.model})`;
}

/** A warning about a GPU in words. */
export function gpuWarning(
  alert: GpuAlert,
  { serverId, serverName, gpu, place, units }: About,
): Announcement {
  const tag = (topic: string): string => `${topic} ${serverId} ${place}`;
  switch (alert.kind) {
    case 'hot':
      return warning(
        tag('heat'),
        `${gpu} is hot: ${Math.round(alert.temperatureC)} °C`,
        `On ${serverName}; ${limitWords(alert.limit)}.`,
      );
    case 'throttled':
      return warning(
        tag('throttled'),
        `${gpu} is slowed down by ${alert.brakes.map((brake) => brakeWords[brake]).join(' and ')}`,
        `On ${serverName}, for a minute now. ${advice(alert.brakes)}`,
      );
    case 'spilled': {
      const held = formatBytes(alert.spill.held, units);
      const onCard = formatBytes(alert.spill.onCard, units);
      return warning(
        tag('spilled'),
        `${gpu} spilled into system RAM`,
        `ComfyUI on ${serverName} holds ${held}, of which at most ${onCard} fit in the VRAM: it is much slower now. A smaller batch or resolution, fewer other programs or --lowvram help.`,
      );
    }
    case 'full':
      return warning(
        tag('vram'),
        `VRAM is nearly full: ${formatPercent(alert.percent)}`,
        `${gpu} on ${serverName} uses ${formatBytes(alert.used, units)} of ${formatBytes(alert.total, units)}.`,
      );
    case 'lost': {
      const who =
        alert.isUsed === true ? `ComfyUI on ${serverName} computed on it, and it` : `On ${serverName}, it`;
      return warning(
        tag('lost'),
        `${gpu} is gone`,
        `${who} has not been found for ${formatDuration(alert.forMs)}: ${alert.why ?? 'its driver may have lost it'}.`,
      );
    }
  }
}

function limitWords({ celsius, setBy }: TemperatureLimit): string {
  const limit = `${Math.round(celsius)} °C`;
  switch (setBy) {
    case 'user':
      return `your limit is ${limit}`;
    case 'card':
      return `the card’s own limit is ${limit}`;
    case 'usual':
      return `the usual limit is ${limit}, the card tells none`;
  }
}

const brakeWords: Record<Brake, string> = {
  heat: 'heat',
  power_brake: 'its power supply',
  hardware: 'its own protection',
};

function advice(brakes: readonly Brake[]): string {
  return brakes.includes('heat')
    ? 'Fans, dust or warm air around it can be why.'
    : 'Its power supply or its cables can be why.';
}
