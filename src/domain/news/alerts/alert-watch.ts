import type { ServerState } from '../../monitor-state.ts';
import { isReached } from '../../server.ts';
import { currentSample, type TelemetrySample } from '../../telemetry/telemetry.ts';
import type { Announcement } from '../announcement.ts';
import type { WatchCircumstances } from '../watch-circumstances.ts';
import { diskWarning, isNearlyFull, outputDiskOf } from './disk-watch.ts';
import { type GpuWatch, newGpuWatch, watchGpu } from './gpu-watch.ts';
import { gpuNameOf, gpuWarning } from './gpu-words.ts';

/** What has to be remembered of a machine to warn of it once. */
export interface AlertWatch {
  /** By place. */
  gpus: readonly GpuWatch[];
  /** That the disk of the outputs is nearly full, and that was told. */
  diskFull: boolean;
}

export const newAlertWatch: AlertWatch = { gpus: [], diskFull: false };

interface AlertStep {
  watch: AlertWatch;
  announcements: Announcement[];
}

/** Watches the machine that a server runs on. */
export function watchAlerts(before: AlertWatch, server: ServerState, about: WatchCircumstances): AlertStep {
  const { now, preferences } = about;
  // What was measured before the connection is no news of it.
  if (!isReached(server.connection.phase)) return { watch: forgetPresence(before), announcements: [] };
  const sample = sampleOfConnection(server, now);
  if (!sample) return { watch: before, announcements: [] };

  const { alerts } = preferences;
  const { units } = preferences.charts;
  const { machine } = server.telemetry;
  const { id, name } = server.server;
  const audible = about.audible && preferences.notifications.alerts;
  const announcements: Announcement[] = [];

  const places = Math.max(sample.gpus.length, before.gpus.length);
  const gpus = Array.from({ length: places }, (_, place) => {
    const known = before.gpus[place] ?? newGpuWatch;
    const gpuSample = sample.gpus[place];
    const gpu = machine.gpus[place];
    if (!gpuSample || !gpu) return known;
    const step = watchGpu(known, { at: sample.at, sample: gpuSample, gpu, alerts, audible });
    for (const alert of step.news) {
      const words = { serverId: id, serverName: name, gpu: gpuNameOf(machine, place, now), place, units };
      announcements.push(gpuWarning(alert, words));
    }
    return step.watch;
  });

  const disk = outputDiskOf(sample, machine);
  const diskFull = alerts.diskFull && isNearlyFull(before.diskFull, disk, audible);
  if (diskFull && !before.diskFull && disk)
    announcements.push(diskWarning(disk, machine.diskPath, server.server, units));

  const isSame = diskFull === before.diskFull && isSameList(gpus, before.gpus);
  return { watch: isSame ? before : { gpus, diskFull }, announcements };
}

function sampleOfConnection({ telemetry, connection }: ServerState, now: number): TelemetrySample | null {
  const sample = currentSample(telemetry, now);
  return sample && 'since' in connection && sample.at >= connection.since ? sample : null;
}

/** A server that is back may be started with fewer GPUs on purpose. */
function forgetPresence(watch: AlertWatch): AlertWatch {
  if (!watch.gpus.some(({ wasThere }) => wasThere)) return watch;
  return { ...watch, gpus: watch.gpus.map((gpu) => ({ ...gpu, wasThere: false })) };
}

function isSameList(one: readonly GpuWatch[], other: readonly GpuWatch[]): boolean {
  return one.length === other.length && one.every((gpu, place) => gpu === other[place]);
}
