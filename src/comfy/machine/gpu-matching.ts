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
  const places: (number | 'new' | null | undefined)[] = found.map(() => undefined);
  const free = new Set(known.keys());
  const take = (index: number, place: number | undefined): void => {
    if (place === undefined) return;
    places[index] = place;
    free.delete(place);
  };
  const eachUnplaced = (place: (gpu: GpuIdentity, index: number) => void): void => {
    for (const [index, gpu] of found.entries()) if (places[index] === undefined) place(gpu, index);
  };
  const findFree = (is: (one: GpuIdentity) => boolean): number | undefined =>
    [...free].find((place) => is(known[place] ?? nobody));

  eachUnplaced((gpu, index) => {
    if (gpu.uuid !== null)
      take(
        index,
        findFree(({ uuid }) => uuid === gpu.uuid),
      );
  });
  eachUnplaced((gpu, index) => {
    if (gpu.pciAddress !== null)
      take(
        index,
        findFree((one) => one.pciAddress === gpu.pciAddress && mayBeSame(one, gpu)),
      );
  });
  eachUnplaced((gpu, index) => {
    // Lists of PCI devices name several models at once.
    if (gpu.device !== null)
      take(
        index,
        findFree((one) => one.device === gpu.device && mayBeSame({ ...one, name: null }, gpu)),
      );
  });

  // Each pair is compared once: a server may list many.
  const possible = found.map((gpu, index) =>
    places[index] === undefined ? [...free].filter((place) => mayBeSame(known[place] ?? nobody, gpu)) : [],
  );
  const likely = found.map((gpu, index) =>
    (possible[index] ?? []).filter((place) => isLikely(known[place] ?? nobody, gpu)),
  );
  const candidatesOf = (index: number): number[] => {
    const sure = (likely[index] ?? []).filter((place) => free.has(place));
    return sure.length > 0 ? sure : (possible[index] ?? []).filter((place) => free.has(place));
  };
  const rivalsFor = (candidates: readonly number[]): number => {
    const wanted = new Set(candidates);
    let rivals = 0;
    eachUnplaced((_, other) => {
      if (candidatesOf(other).some((place) => wanted.has(place))) rivals += 1;
    });
    return rivals;
  };
  // Where there are as many as there are places, the order decides; else how full they are.
  eachUnplaced((gpu, index) => {
    const candidates = candidatesOf(index);
    if (candidates.length !== rivalsFor(candidates)) take(index, asFull(gpu, candidates, known));
  });
  eachUnplaced((_, index) => {
    const candidates = candidatesOf(index);
    const [first] = candidates;
    if (first === undefined) places[index] = 'new';
    else if (rivalsFor(candidates) >= candidates.length) take(index, first);
    else places[index] = null;
  });
  return places.map((place) => place ?? null);
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

/** `Navi 31 [Radeon RX 7900 XT/7900 XTX]`, as lists of PCI devices have it, can be any of them. */
function modelsOf(name: string): string[] {
  const before = modelsByName.get(name);
  if (before) return before;
  const listed = /\[([^\]]+)\]\s*$/.exec(name)?.[1];
  const models = (listed?.split('/', mostListed) ?? [name]).map(modelWords);
  if (modelsByName.size >= mostNames) modelsByName.clear();
  modelsByName.set(name, models);
  return models;
}

/** More models of one PCI device are not looked at. */
const mostListed = 8;
/** The same few names come again each second. */
const modelsByName = new Map<string, string[]>();
const mostNames = 200;

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
