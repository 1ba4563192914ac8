/** The example tables of the JPEG standard (ITU T.81, Annex K), which most encoders use. */
export interface HuffmanTable {
  /** How many codes there are of each length from 1 to 16. */
  readonly counts: readonly number[];
  readonly values: readonly number[];
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

/** Codes are given out in order of length (T.81, Annex C). */
function huffmanTable(counts: readonly number[], values: readonly number[]): HuffmanTable {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let next = 0;
  for (const [index, count] of counts.entries()) {
    for (let nth = 0; nth < count; nth += 1) {
      const symbol = values[next] ?? 0;
      codes[symbol] = code;
      lengths[symbol] = index + 1;
      code += 1;
      next += 1;
    }
    code <<= 1;
  }
  return { counts, values, codes, lengths };
}

/** A hexadecimal listing as numbers. */
function hex(listing: string): number[] {
  return (listing.match(/[0-9a-f]{2}/g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

export const zigzagOrder = hex(`
  00 01 08 10 09 02 03 0a 11 18 20 19 12 0b 04 05 0c 13 1a 21 28 30 29 22 1b 14 0d 06 07 0e 15 1c
  23 2a 31 38 39 32 2b 24 1d 16 0f 17 1e 25 2c 33 3a 3b 34 2d 26 1f 27 2e 35 3c 3d 36 2f 37 3e 3f`);

export const lumaQuantisation = hex(`
  10 0b 0a 10 18 28 33 3d 0c 0c 0e 13 1a 3a 3c 37 0e 0d 10 18 28 39 45 38 0e 11 16 1d 33 57 50 3e
  12 16 25 38 44 6d 67 4d 18 23 37 40 51 68 71 5c 31 40 4e 57 67 79 78 65 48 5c 5f 62 70 64 67 63`);

export const chromaQuantisation = hex(`
  11 12 18 2f 63 63 63 63 12 15 1a 42 63 63 63 63 18 1a 38 63 63 63 63 63 2f 42 63 63 63 63 63 63
  63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63 63`);

const dcValues = hex('00 01 02 03 04 05 06 07 08 09 0a 0b');
export const lumaDc = huffmanTable(hex('00 01 05 01 01 01 01 01 01 00 00 00 00 00 00 00'), dcValues);
export const chromaDc = huffmanTable(hex('00 03 01 01 01 01 01 01 01 01 01 00 00 00 00 00'), dcValues);
export const lumaAc = huffmanTable(
  hex('00 02 01 03 03 02 04 03 05 05 04 04 00 00 01 7d'),
  hex(`
  01 02 03 00 04 11 05 12 21 31 41 06 13 51 61 07 22 71 14 32 81 91 a1 08 23 42 b1 c1 15 52 d1 f0
  24 33 62 72 82 09 0a 16 17 18 19 1a 25 26 27 28 29 2a 34 35 36 37 38 39 3a 43 44 45 46 47 48 49
  4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68 69 6a 73 74 75 76 77 78 79 7a 83 84 85 86 87 88 89
  8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4 b5 b6 b7 b8 b9 ba c2 c3 c4 c5
  c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e1 e2 e3 e4 e5 e6 e7 e8 e9 ea f1 f2 f3 f4 f5 f6 f7 f8
  f9 fa`),
);
export const chromaAc = huffmanTable(
  hex('00 02 01 02 04 04 03 04 07 05 04 04 00 01 02 77'),
  hex(`
  00 01 02 03 11 04 05 21 31 06 12 41 51 07 61 71 13 22 32 81 08 14 42 91 a1 b1 c1 09 23 33 52 f0
  15 62 72 d1 0a 16 24 34 e1 25 f1 17 18 19 1a 26 27 28 29 2a 35 36 37 38 39 3a 43 44 45 46 47 48
  49 4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68 69 6a 73 74 75 76 77 78 79 7a 82 83 84 85 86 87
  88 89 8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4 b5 b6 b7 b8 b9 ba c2 c3
  c4 c5 c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e2 e3 e4 e5 e6 e7 e8 e9 ea f2 f3 f4 f5 f6 f7 f8
  f9 fa`),
);
