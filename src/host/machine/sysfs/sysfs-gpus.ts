import { setTimeout as wait } from 'node:timers/promises';
import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import type { GpuSource } from '../gpu-source.ts';
import { identifyAmd, measureAmd } from './amd-card.ts';
import { loadAmdNames } from './amd-names.ts';
import { cardIds, type DrmCard, describeCard, isAsleep } from './drm-card.ts';
import { type EnergyMark, identifyIntel, measureIntel } from './intel-card.ts';
import { SysfsFiles } from './sysfs-files.ts';

export interface SysfsGpusOptions {
  /** `/sys/class/drm`. */
  drm: string;
  /** libdrm's list of names. */
  amdNames: string;
  /** How long a driver may take to answer, ms. */
  patience: number;
}

interface KnownCard {
  card: DrmCard;
  files: SysfsFiles;
  /** What does not change: its names. */
  identity: GpuReading | null;
  energy: EnergyMark | null;
  /** Being read. If that takes long, its driver hangs. */
  isBusy: boolean;
  /** Forgotten as soon as it is read. */
  isGone: boolean;
}

/** Drivers that may hang at once: each takes one of the four threads that all files of the host are read with. */
const mostStuck = 2;

const drivers = new Set(['amdgpu', 'xe', 'i915']);

/** GPUs of AMD and Intel on Linux, in the order of the PCI bus. */
export function createSysfsGpus({ drm, amdNames, patience }: SysfsGpusOptions): GpuSource {
  const known = new Map<string, KnownCard>();
  let names: Promise<Map<string, string>> | null = null;
  /** Changes with each end. */
  let run = 0;

  /** Cards that are there now. */
  async function findCards(): Promise<KnownCard[]> {
    const ids = await cardIds(drm);
    for (const [id, entry] of known) if (!ids.includes(id)) forget(id, entry);
    for (const id of ids) {
      if (known.has(id)) continue;
      const card = await describeCard(drm, id);
      known.set(id, {
        card,
        files: new SysfsFiles(),
        identity: null,
        energy: null,
        isBusy: false,
        isGone: false,
      });
    }
    return [...known.values()]
      .filter(({ card }) => drivers.has(card.driver))
      .sort((a, b) => placeOf(a.card).localeCompare(placeOf(b.card)));
  }

  /** One that hangs is remembered, so that it is not asked a second time meanwhile. */
  function forget(id: string, entry: KnownCard): void {
    entry.isGone = entry.isBusy;
    if (entry.isGone) return;
    known.delete(id);
    entry.files.close();
  }

  function loadNames(): Promise<Map<string, string>> {
    names ??= loadAmdNames(amdNames);
    return names;
  }

  async function measure(entry: KnownCard): Promise<GpuReading> {
    const { card, files } = entry;
    const isAmd = card.driver === 'amdgpu';
    // Names are kept by the kernel: reading them wakes no card.
    entry.identity ??= isAmd
      ? await identifyAmd(files, card, await loadNames())
      : await identifyIntel(files, card);
    const gpu: GpuReading = { ...entry.identity, missing: {} };
    if (await isAsleep(files, card)) {
      gpu.missing.all = 'it is asleep to save power';
      entry.energy = null;
    } else if (isAmd) await measureAmd(files, card, gpu);
    else entry.energy = await measureIntel(files, card, gpu, entry.energy, performance.now());
    return gpu;
  }

  async function measureInTime(entry: KnownCard): Promise<GpuReading> {
    const stuck = [...known.values()].filter(({ isBusy }) => isBusy).length;
    if (entry.isBusy || stuck >= mostStuck) return unanswered(entry);
    entry.isBusy = true;
    const late = new AbortController();
    const measured = measure(entry)
      .catch(() => unanswered(entry))
      .finally(() => {
        entry.isBusy = false;
        if (entry.isGone) forget(entry.card.id, entry);
        late.abort();
      });
    const reading = await Promise.race([
      measured,
      wait(patience, null, { signal: late.signal, ref: false }).catch(() => null),
    ]);
    return reading ?? (entry.isBusy ? unanswered(entry) : measured);
  }

  function forgetAll(): void {
    for (const [id, entry] of known) forget(id, entry);
  }

  return {
    start() {},
    stop() {
      run += 1;
      forgetAll();
    },
    async read() {
      const begunIn = run;
      const readings: GpuReading[] = [];
      // One after the other: see `mostStuck`.
      for (const entry of await findCards()) if (run === begunIn) readings.push(await measureInTime(entry));
      // What was found and opened after the end is not left behind.
      if (run !== begunIn) forgetAll();
      return readings;
    },
  };
}

function placeOf({ pciAddress, id }: DrmCard): string {
  return pciAddress ?? id;
}

function unanswered({ card, identity }: KnownCard): GpuReading {
  const { uuid, name, isIntegrated } = identity ?? unmeasuredGpu();
  return {
    ...unmeasuredGpu(),
    uuid,
    name,
    isIntegrated,
    pciAddress: card.pciAddress,
    missing: { all: 'its driver does not answer' },
  };
}
