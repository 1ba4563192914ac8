import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EmbeddedKey, readEmbeddedJson } from './embedded-json.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const graph = '{"3":{"inputs":{"text":"a lake"}}}';

function chunk(type: string, data: string | Buffer, length?: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(length ?? data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(data), Buffer.alloc(4)]);
}
const png = (...chunks: Buffer[]) =>
  Buffer.concat([signature, chunk('IHDR', Buffer.alloc(13)), ...chunks, chunk('IEND', '')]);

/** A file as it comes from a server: in pieces. */
async function* inPieces(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const jsonOf = (key: EmbeddedKey, bytes: Uint8Array) => readEmbeddedJson(inPieces(bytes), key);
const promptOf = (bytes: Uint8Array, size?: number) => readEmbeddedJson(inPieces(bytes, size), 'prompt');

describe('the prompt in a PNG', () => {
  it.each([
    ['a text', chunk('tEXt', `prompt\0${graph}`)],
    ['a packed text', chunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(graph)]))],
    ['an international text', chunk('iTXt', `prompt\0\0\0en\0Prompt\0${graph}`)],
    [
      'a packed international text',
      chunk('iTXt', Buffer.concat([Buffer.from('prompt\0\x01\0\0\0'), deflateSync(graph)])),
    ],
    ['the chunk of animations', chunk('comf', `prompt\0${graph}`)],
  ])('is read from %s, however the file is cut', async (_, text) => {
    const file = png(chunk('tEXt', 'workflow\0{}'), chunk('IDAT', Buffer.alloc(500)), text);
    for (const size of [1, 7, 64, 10_000]) expect(await promptOf(file, size)).toBe(graph);
  });

  it('is found without reading the picture itself', async () => {
    let pieces = 0;
    let ended = false;
    async function* endless() {
      try {
        yield png(chunk('tEXt', `prompt\0${graph}`));
        for (;;) {
          pieces += 1;
          yield Buffer.alloc(1_000);
        }
      } finally {
        ended = true;
      }
    }
    expect(await readEmbeddedJson(endless(), 'prompt')).toBe(graph);
    expect([pieces, ended]).toEqual([0, true]);
  });

  it.each([
    ['another keyword', chunk('tEXt', `parameters\0${graph}`)],
    ['no keyword', chunk('tEXt', 'prompt')],
    ['a length beyond the end', chunk('tEXt', `prompt\0${graph}`, 4_000)],
    ['a length beyond all', chunk('tEXt', `prompt\0${graph}`, 0xffffffff)],
    [
      'a text that unpacks to too much',
      chunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(Buffer.alloc(64 * 2 ** 20))])),
    ],
    ['what cannot be unpacked', chunk('zTXt', 'prompt\0\0nonsense')],
    ['half an international text', chunk('iTXt', 'prompt\0\0')],
  ])('is none where there is %s', async (_, text) => {
    expect(await promptOf(png(text))).toBeNull();
  });

  it('is not looked for in a stream that does not end', async () => {
    let bytes = 0;
    async function* endless() {
      yield Buffer.concat([signature, chunk('IDAT', Buffer.alloc(0), 0xffffffff)]);
      for (;;) {
        bytes += 2 ** 20;
        yield Buffer.alloc(2 ** 20);
      }
    }
    expect(await readEmbeddedJson(endless(), 'prompt')).toBeNull();
    expect(bytes).toBeLessThanOrEqual(65 * 2 ** 20);
  });
});

describe('the workflow in a PNG', () => {
  it('is read from beside the prompt', async () => {
    const file = png(chunk('tEXt', `prompt\0${graph}`), chunk('tEXt', 'workflow\0{"nodes":[1]}'));
    expect(await jsonOf('workflow', file)).toBe('{"nodes":[1]}');
    expect(await jsonOf('workflow', png(chunk('tEXt', `prompt\0${graph}`)))).toBeNull();
  });
});

describe('the prompt in a WebP', () => {
  /** One text tag in the first directory. */
  function exif(text: string): Buffer {
    const tiff = Buffer.alloc(26);
    tiff.write('MM\0*', 'latin1');
    tiff.writeUInt32BE(8, 4);
    tiff.writeUInt16BE(1, 8);
    tiff.writeUInt16BE(0x0110, 10);
    tiff.writeUInt16BE(2, 12);
    tiff.writeUInt32BE(text.length + 1, 14);
    tiff.writeUInt32BE(26, 18);
    return Buffer.concat([tiff, Buffer.from(`${text}\0`)]);
  }
  function webp(...chunks: [string, Buffer][]): Buffer {
    const parts = chunks.map(([type, data]) => {
      const head = Buffer.alloc(8);
      head.write(type, 'latin1');
      head.writeUInt32LE(data.length, 4);
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
    });
    return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), ...parts]);
  }

  it('is read from its EXIF, behind the picture', async () => {
    const file = webp(['VP8 ', Buffer.alloc(101)], ['EXIF', exif(`prompt:${graph}`)]);
    for (const size of [1, 13, 10_000]) expect(await promptOf(file, size)).toBe(graph);
    const other = webp(['EXIF', exif(`workflow:${graph}`)]);
    expect([await promptOf(other), await jsonOf('workflow', other)]).toEqual([null, graph]);
  });

  it('is null for whatever else is in there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        const found = await promptOf(webp(['EXIF', Buffer.concat([Buffer.from('II*\0'), noise])]));
        expect(found === null || found.length <= 200).toBe(true);
      }),
    );
  });
});

describe('a file that is no image', () => {
  it('has no prompt, whatever its bytes are', async () => {
    const start = fc.constantFrom(signature, Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.alloc(0));
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (head, noise, size) => {
          const found = await promptOf(Buffer.concat([head, noise]), size);
          expect(found === null || found.length <= 300).toBe(true);
        },
      ),
    );
  });

  it('may end anywhere', async () => {
    const file = png(chunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(graph)])));
    for (let end = 0; end < 60; end += 1) expect(await promptOf(file.subarray(0, end))).toBeNull();
  });
});
