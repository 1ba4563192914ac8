import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';
import { gpuTitle, machineGpus } from '../../telemetry/machine-gpus.ts';
import type { MachineState } from '../../telemetry/machine-state.ts';
import { reasonText } from '../../telemetry/reason-words.ts';
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
  if (!gpu) return others.find((candidate) => candidate.place === place)?.model ?? t('news.gpu.another');
  if (gpu.number === null) return gpu.model ?? t('news.gpu.the');
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
        t('news.gpu.hot', { gpu, degrees: Math.round(alert.temperatureC) }),
        t('news.gpu.hot.body', { server: serverName, limit: limitWords(alert.limit) }),
      );
    case 'throttled':
      return warning(
        tag('throttled'),
        t('news.gpu.throttled', { gpu, brakes: listOf(alert.brakes) }),
        t('news.gpu.throttled.body', { server: serverName, advice: advice(alert.brakes) }),
      );
    case 'spilled': {
      const held = formatBytes(alert.spill.held, units);
      const onCard = formatBytes(alert.spill.onCard, units);
      return warning(
        tag('spilled'),
        t('news.gpu.spilled', { gpu }),
        t('news.gpu.spilled.body', { server: serverName, held, onCard }),
      );
    }
    case 'full':
      return warning(
        tag('vram'),
        t('news.gpu.full', { percent: formatPercent(alert.percent) }),
        t('news.gpu.full.body', {
          gpu,
          server: serverName,
          used: formatBytes(alert.used, units),
          total: formatBytes(alert.total, units),
        }),
      );
    case 'lost': {
      const about = {
        server: serverName,
        span: formatDuration(alert.forMs),
        why: alert.why === null ? t('news.gpu.lost.driver') : reasonText(alert.why),
      };
      return warning(
        tag('lost'),
        t('news.gpu.lost', { gpu }),
        alert.isUsed === true ? t('news.gpu.lost.used', about) : t('news.gpu.lost.body', about),
      );
    }
  }
}

function limitWords({ celsius, setBy }: TemperatureLimit): string {
  const limit = `${Math.round(celsius)} °C`;
  switch (setBy) {
    case 'user':
      return t('news.gpu.limit.user', { limit });
    case 'card':
      return t('news.gpu.limit.card', { limit });
    case 'usual':
      return t('news.gpu.limit.usual', { limit });
  }
}

const brakeWords: Record<Brake, TextKey> = {
  heat: 'news.gpu.brake.heat',
  power_brake: 'news.gpu.brake.power',
  hardware: 'news.gpu.brake.hardware',
};

/** `heat and its power supply` */
function listOf(brakes: readonly Brake[]): string {
  return brakes
    .map((brake) => t(brakeWords[brake]))
    .reduce((first, second) => t('news.gpu.brakes', { first, second }));
}

function advice(brakes: readonly Brake[]): string {
  return brakes.includes('heat') ? t('news.gpu.advice.heat') : t('news.gpu.advice.power');
}
