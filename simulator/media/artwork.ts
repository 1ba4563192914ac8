import { hashText } from '../random.ts';

/** The motifs the simulated model can paint. */
const motifs = ['landscape', 'inkwash', 'cosmos'] as const;
export type Motif = (typeof motifs)[number];

/** What an image of the simulator shows. The same artwork looks the same at every size. */
export type Artwork =
  | { readonly kind: 'painting'; readonly motif: Motif; readonly seed: number }
  | { readonly kind: 'colour'; readonly rgb: number };

/** Words of a prompt that decide what is painted, in the order they are looked for. */
const motifWords: readonly (readonly [RegExp, Motif])[] = [
  [/[\u4e00-\u9fff]|ink wash|sumi/i, 'inkwash'],
  [/nebula|galax|planet|cosmos|space|star/i, 'cosmos'],
  [/mountain|lake|landscape|valley|fjord|dune|desert|forest|aurora|dawn/i, 'landscape'],
];

/** The painting a sampler makes of a positive prompt: the words choose the motif, the seed all the rest. */
export function paintingOf(prompt: string, seed: number): Artwork {
  const motif = motifWords.find(([words]) => words.test(prompt))?.[1];
  return {
    kind: 'painting',
    motif: motif ?? motifs[hashText(prompt) % motifs.length] ?? 'landscape',
    seed: hashText(`${prompt}/${seed}`),
  };
}

/** The artwork at a place in a batch: the same motif, another take. */
export function variationOf(artwork: Artwork, index: number): Artwork {
  return artwork.kind === 'painting' && index > 0
    ? { ...artwork, seed: hashText(`${artwork.seed}+${index}`) }
    : artwork;
}

/** Names an artwork at a size, for caches. */
export function artworkKey(artwork: Artwork, width: number, height: number): string {
  const what = artwork.kind === 'painting' ? `${artwork.motif}:${artwork.seed}` : `colour:${artwork.rgb}`;
  return `${what}@${width}x${height}`;
}
