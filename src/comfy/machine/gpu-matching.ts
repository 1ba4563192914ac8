import type { GpuReading } from '../../domain/telemetry/machine-reading.ts';

/** By what a GPU is recognised; null for what is not known of it. Sizes in bytes. */
export type GpuIdentity = Pick<
  GpuReading,
  'uuid' | 'pciAddress' | 'name' | 'isIntegrated' | 'device' | 'vramTotal' | 'vramUsed'
>;

/** Drivers and PyTorch count a little less or more of the same memory, as a fraction. */
const sizeTolerance = 0.06;
/** How near, as a fraction of its VRAM, two measurements of the same GPU lie that were made about then. */
const useTolerance = 0.02;

/**
 * Which place each GPU of a reading has among those that are known: an index of `known`, `new` for one that is none of
 * them, or null where it could be any of several, so that its figures are nobody's. The driver's id and the PCI address
 * decide, then the number that PyTorch gave it; else name, memory and order, and of equal ones how full they are.
 */
export function placesOf(
  found: readonly GpuIdentity[],
  known: readonly GpuIdentity[],
): (number | 'new' | null)[] {
  const places = new Map<GpuIdentity, number | 'new' | null>();
  const free = new Set(known.keys());
  const take = (gpu: GpuIdentity, place: number | undefined): void => {
    if (place === undefined) return;
    places.set(gpu, place);
    free.delete(place);
  };
  const unplaced = () => found.filter((gpu) => !places.has(gpu));
  const findFree = (is: (one: GpuIdentity) => boolean) =>
    [...free].filter((place) => is(known[place] ?? nobody));

  for (const gpu of unplaced())
    if (gpu.uuid !== null) take(gpu, findFree(({ uuid }) => uuid === gpu.uuid)[0]);
  for (const gpu of unplaced())
    if (gpu.pciAddress !== null)
      take(gpu, findFree((one) => one.pciAddress === gpu.pciAddress && mayBeSame(one, gpu))[0]);
  for (const gpu of unplaced())
    if (gpu.device !== null)
      // Lists of PCI devices name several models at once.
      take(gpu, findFree((one) => one.device === gpu.device && mayBeSame({ ...one, name: null }, gpu))[0]);

  // Names are compared once for each pair: whoever sends thirty odd ones must not keep us busy.
  const fitting = new Map(
    unplaced().map((gpu) => {
      const all = findFree((one) => mayBeSame(one, gpu));
      return [gpu, { all, likely: all.filter((place) => isLikely(known[place] ?? nobody, gpu)) }];
    }),
  );
  const candidatesOf = (gpu: GpuIdentity): number[] => {
    const { all = [], likely: surer = [] } = fitting.get(gpu) ?? {};
    const likely = surer.filter((place) => free.has(place));
    return likely.length > 0 ? likely : all.filter((place) => free.has(place));
  };
  const rivalsFor = (candidates: readonly number[]) =>
    unplaced().filter((other) => candidatesOf(other).some((place) => candidates.includes(place)));
  // Where there are as many as there are places, the order decides; else how full they are.
  for (const gpu of unplaced()) {
    const candidates = candidatesOf(gpu);
    if (candidates.length !== rivalsFor(candidates).length) take(gpu, asFull(gpu, candidates, known));
  }
  for (const gpu of unplaced()) {
    const candidates = candidatesOf(gpu);
    const [first] = candidates;
    if (first === undefined) places.set(gpu, 'new');
    else if (rivalsFor(candidates).length >= candidates.length) take(gpu, first);
    else places.set(gpu, null);
  }
  return found.map((gpu) => places.get(gpu) ?? null);
}

const nobody: GpuIdentity = {
  uuid: null,
  pciAddress: null,
  name: null,
  isIntegrated: null,
  device: null,
  vramTotal: null,
  vramUsed: null,
};

/** Whether nothing speaks against it that two descriptions are of the same GPU. */
function mayBeSame(one: GpuIdentity, other: GpuIdentity): boolean {
  return (
    (isUnsaid(one.uuid, other.uuid) || one.uuid === other.uuid) &&
    (isUnsaid(one.pciAddress, other.pciAddress) || one.pciAddress === other.pciAddress) &&
    (isUnsaid(one.device, other.device) || one.device === other.device) &&
    (isUnsaid(one.name, other.name) || sameName(one.name ?? '', other.name ?? '')) &&
    // PyTorch may use all of the RAM, of which the driver counts what is set aside.
    (one.isIntegrated === true || other.isIntegrated === true || sameSize(one.vramTotal, other.vramTotal))
  );
}

/** Whether something speaks for it, too. */
function isLikely(one: GpuIdentity, other: GpuIdentity): boolean {
  return !isUnsaid(one.name, other.name) || !isUnsaid(one.vramTotal, other.vramTotal);
}

function isUnsaid(one: unknown, other: unknown): boolean {
  return one === null || other === null;
}

function sameSize(one: number | null, other: number | null): boolean {
  if (one === null || other === null || one <= 0 || other <= 0) return true;
  return Math.abs(one - other) <= sizeTolerance * Math.max(one, other);
}

/** The one place of which the VRAM was as full as this; undefined if none is, or several are. */
function asFull(
  { vramUsed, vramTotal }: GpuIdentity,
  candidates: readonly number[],
  known: readonly GpuIdentity[],
): number | undefined {
  if (vramUsed === null || vramTotal === null) return undefined;
  const [one, ...others] = candidates.filter((place) => {
    const used = known[place]?.vramUsed ?? null;
    return used !== null && Math.abs(used - vramUsed) <= useTolerance * vramTotal;
  });
  return others.length === 0 ? one : undefined;
}

/**
 * Whether two sources can mean the same model: `cuda:0 NVIDIA GeForce RTX 4090 : native` is `NVIDIA GeForce RTX 4090`.
 * Names that tell a maker alone speak against no model of theirs.
 */
export function sameName(one: string, other: string): boolean {
  const [a, b] = [modelsOf(one), modelsOf(other)];
  if (a.every((model) => model !== '') && b.every((model) => model !== ''))
    return a.some((model) =>
      b.some(
        (known) => model === known || ` ${known}`.endsWith(` ${model}`) || ` ${model}`.endsWith(` ${known}`),
      ),
    );
  const [maker, otherMaker] = [makerOf(one), makerOf(other)];
  return maker === null || otherMaker === null || maker === otherMaker;
}

const makers = [
  { maker: 'NVIDIA', words: /\b(?:nvidia|geforce|quadro|tesla|rtx|gtx)\b/i },
  { maker: 'AMD', words: /\b(?:amd|ati|radeon|instinct)\b/i },
  { maker: 'Intel', words: /\b(?:intel(?:\(r\))?|arc|iris|uhd)\b/i },
  { maker: 'Apple', words: /\b(?:apple|mps)\b/i },
];

/** Who made a GPU, by its name; null if that does not tell. */
export function makerOf(name: string | null): string | null {
  return makers.find(({ words }) => words.test(name ?? ''))?.maker ?? null;
}

/** Models that share an entry in lists of PCI devices at most. */
const mostModels = 12;

/** `Navi 31 [Radeon RX 7900 XT/7900 XTX]`, as lists of PCI devices have it, can be any of them. */
function modelsOf(name: string): string[] {
  const listed = /\[([^\]]+)\]\s*$/.exec(name)?.[1];
  return (listed?.split('/', mostModels) ?? [name]).map(modelWords);
}

/** Whether a name tells a maker at most. */
export function isVagueName(name: string): boolean {
  return modelWords(name) === '';
}

/** The words by which models differ, without makers and what drivers put around; empty for a bare number of the PCI. */
function modelWords(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/^[a-z]+(?::\d+| \d+:)\s+/, '')
      .replace(/\s:\s\S+\s*$/, '')
      .replace(/\((?:r|tm)\)/g, ' ')
      .replace(/\(\d+ ?gb\)/g, ' ')
      // A number of the PCI list is no name.
      .replace(/\bgpu (?:0x)?[0-9a-f]{4}\s*$/, '')
      .replace(/\b(?:gpu|nvidia|amd|ati|intel|apple|geforce|radeon|graphics|corporation|inc)\b/g, ' ')
      .replace(/[^\p{L}\p{N}.]+/gu, ' ')
      .trim()
  );
}
