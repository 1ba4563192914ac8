import { readdirSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkflow } from '../../../comfy/wire/entries/workflow.ts';
import { readPromptParameters } from '../provenance/prompt-parameters.ts';
import { readTextParameters } from '../provenance/text-parameters.ts';
import { readEmbeddedTexts } from './embedded-texts.ts';
import { type FileSource, sourceOf } from './file-bytes.ts';

const folder = new URL('testing/samples/', import.meta.url);
const sample = (name: string) => readFileSync(new URL(name, folder));
const samples = readdirSync(folder).filter((name) => !name.endsWith('.md'));
const graph = '{"3":{"class_type":"CLIPTextEncode","inputs":{"text":"a lake"}}}';
const workflow = '{"nodes":[{"id":1}],"version":0.4}';
const parameters = 'a lake\nNegative prompt: blurry\nSteps: 24, Sampler: Euler a, Seed: 42, Model: dreamland';

const textsOf = (bytes: Uint8Array, wanted: 'prompt' | 'workflow' = 'prompt', pieceSize?: number) =>
  readEmbeddedTexts(sourceOf(bytes, pieceSize), wanted);

/** A source like a server that knows nothing of ranges, in small pieces. */
function frontOnly(bytes: Uint8Array, pieceSize: number): FileSource {
  return {
    async open() {
      return { ...(await sourceOf(bytes, pieceSize).open(0)), size: null };
    },
  };
}

describe('files as people save them', () => {
  it.each(samples.filter((name) => !name.startsWith('a1111')))(
    '%s tells its prompt and workflow',
    async (name) => {
      const bytes = sample(name);
      for (const size of [1, 7, 100_000]) {
        for (const source of [sourceOf(bytes, size), frontOnly(bytes, size)]) {
          const { prompt } = await readEmbeddedTexts(source, 'prompt');
          expect(readPromptParameters(prompt ?? '', '1')).toMatchObject({
            seed: '7',
            prompt: 'häfen at dawn',
          });
        }
        if (name === 'anim.png') continue;
        const found = await textsOf(bytes, 'workflow', size);
        expect(JSON.parse(readWorkflow(found.workflow ?? '') ?? 'null')).toMatchObject({
          nodes: [{ id: 1 }],
        });
      }
    },
  );

  it.each(samples.filter((name) => name.startsWith('a1111')))('%s tells its parameters', async (name) => {
    const { parameters: text, unread } = await textsOf(sample(name), 'prompt', 9);
    expect(readTextParameters(text ?? '')).toMatchObject({
      seed: '424242',
      steps: 24,
      model: 'dreamland',
      prompt: expect.stringMatching(/^h[äa]fen at dawn$/),
    });
    expect(unread).toBeNull();
  });
});

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
function chunk(type: string, data: string | Buffer, length?: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(length ?? data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(data), Buffer.alloc(4)]);
}
const png = (...chunks: Buffer[]) =>
  Buffer.concat([signature, chunk('IHDR', Buffer.alloc(13)), ...chunks, chunk('IEND', '')]);
const packed = (text: string) => deflateSync(Buffer.from(text));
const join = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));

describe('a PNG', () => {
  it.each([
    ['a text', chunk('tEXt', `prompt\0${graph}`)],
    ['a text with a capital', chunk('tEXt', `Prompt\0${graph}`)],
    ['a packed text', chunk('zTXt', join('prompt\0\0', packed(graph)))],
    ['a packed text without its method', chunk('zTXt', join('prompt\0', packed(graph)))],
    ['an international text', chunk('iTXt', `prompt\0\0\0en\0Prompt\0${graph}`)],
    ['a packed international text', chunk('iTXt', join('prompt\0\x01\0\0\0', packed(graph)))],
    ['an international text without compression bytes', chunk('iTXt', `prompt\0${graph}`)],
    ['the chunk of animations', chunk('comf', `prompt\0${graph}`)],
    ['a prompt that was written as JSON twice', chunk('tEXt', `prompt\0${JSON.stringify(graph)}`)],
    [
      'a comment that holds both',
      chunk('tEXt', `Comment\0${JSON.stringify({ prompt: graph, workflow: {} })}`),
    ],
    ['a comment that holds it as an object', chunk('tEXt', `Comment\0{"prompt":${graph}}`)],
  ])('tells its prompt in %s', async (_, text) => {
    const file = png(chunk('tEXt', 'workflow\0{}'), chunk('IDAT', Buffer.alloc(500)), text);
    expect((await textsOf(file)).prompt).toBe(graph);
  });

  it('tells raw UTF-8, whatever the format asks for, and else Latin-1', async () => {
    const words = (text: Buffer) =>
      textsOf(png(chunk('tEXt', join('prompt\0', text)))).then(
        ({ prompt }) => readPromptParameters(prompt ?? '', '3')?.prompt,
      );
    const text = '{"3":{"class_type":"TextEncode","inputs":{"text":"Häfen 港"}}}';
    expect(await words(Buffer.from(text))).toBe('Häfen 港');
    expect(await words(Buffer.from(text.replace('港', ''), 'latin1'))).toBe('Häfen');
  });

  it('tells its prompt behind one that is none, and that none can be read where there is no other', async () => {
    const broken = chunk('tEXt', 'prompt\0{"3": {"class_type": "Text');
    expect((await textsOf(png(broken, chunk('tEXt', `prompt\0${graph}`)))).prompt).toBe(graph);
    expect((await textsOf(png(broken))).prompt).toMatch(/^\{"3"/);
  });

  it('keeps all digits of a seed inside a comment', async () => {
    const inner = '{"1":{"class_type":"KSampler","inputs":{"seed":18446744073709551615}}}';
    const { prompt } = await textsOf(png(chunk('tEXt', `comment\0{"prompt":${inner}}`)));
    expect(readPromptParameters(prompt ?? '', '1')?.seed).toBe('18446744073709551615');
  });

  it('is not read further than it takes', async () => {
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
    const source = { open: async () => ({ start: 0, size: null, chunks: endless() }) };
    expect((await readEmbeddedTexts(source, 'prompt')).prompt).toBe(graph);
    expect([pieces, ended]).toEqual([0, true]);
  });

  it.each([
    ['another keyword', chunk('tEXt', `Software\0${'x'.repeat(50)}`), null],
    ['no keyword', chunk('tEXt', 'prompt'), null],
    ['a length beyond the end', chunk('tEXt', `prompt\0${graph}`, 4_000), 'damaged'],
    ['a length beyond all', chunk('tEXt', `prompt\0${graph}`, 0xffffffff), 'damaged'],
    [
      'a text that unpacks to too much',
      chunk('zTXt', join('prompt\0\0', deflateSync(Buffer.alloc(2 ** 26)))),
      'too-large',
    ],
    ['what cannot be unpacked', chunk('zTXt', 'prompt\0\0nonsense'), null],
    ['half an international text', chunk('iTXt', 'prompt\0\0'), null],
  ])('tells nothing where there is %s', async (_, text, unread) => {
    const nothing = { prompt: null, workflow: null, parameters: null };
    expect(await textsOf(png(text))).toEqual({ ...nothing, unread });
  });
});

describe('EXIF', () => {
  /** A JPEG with one tag in the directory of Exif. */
  function jpeg(tag: number, type: number, data: Buffer, order: 'II' | 'MM'): Buffer {
    const tiff = Buffer.alloc(44);
    const isLittle = order === 'II';
    const short = (value: number, at: number) =>
      isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
    const long = (value: number, at: number) =>
      isLittle ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
    tiff.write(order, 'latin1');
    short(42, 2);
    long(8, 4);
    short(1, 8);
    short(0x8769, 10);
    short(4, 12);
    long(1, 14);
    long(26, 18);
    short(1, 26);
    short(tag, 28);
    short(type, 30);
    long(data.length, 32);
    long(44, 36);
    const segment = join('Exif\0\0', tiff, data);
    const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(segment.length + 2, 4);
    return join(head, segment, Buffer.from([0xff, 0xda]));
  }
  const big = (text: string) => Buffer.from(text, 'utf16le').swap16();

  it.each([
    ['ASCII', join('ASCII\0\0\0', parameters)],
    ['big UTF-16', join('UNICODE\0', big(parameters))],
    ['little UTF-16', join('UNICODE\0', Buffer.from(parameters, 'utf16le'))],
    ['UTF-16 with its mark', join('UNICODE\0', big(`\ufeff${parameters}`))],
    ['UTF-8 that calls itself Unicode', join('UNICODE\0', parameters)],
    ['JIS', join('JIS\0\0\0\0\0', parameters)],
    ['an undefined code', join('\0\0\0\0\0\0\0\0', parameters)],
    ['no code at all', Buffer.from(parameters)],
  ])('tells parameters in a comment of %s, in both byte orders of the file', async (_, data) => {
    for (const order of ['II', 'MM'] as const)
      expect((await textsOf(jpeg(0x9286, 7, data, order))).parameters).toBe(parameters);
  });

  it('takes no time for entries that all point to the same long text', async () => {
    const count = 65_000;
    const tiff = Buffer.alloc(10 + count * 12 + 1_000_000, 'x');
    tiff.write('II*\0\x08\0\0\0', 'latin1');
    tiff.writeUInt16LE(count, 8);
    for (let at = 10; at < 10 + count * 12; at += 12) {
      tiff.writeUInt32LE(0x0002010e, at);
      tiff.writeUInt32LE(1_000_000, at + 4);
      tiff.writeUInt32LE(10 + count * 12, at + 8);
    }
    const begun = performance.now();
    expect(await textsOf(png(chunk('eXIf', tiff)))).toMatchObject({ prompt: null, unread: 'too-large' });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('XML', () => {
  it('tells what is in XMP, and in the metadata of an SVG', async () => {
    const escaped = parameters.replace('a lake', 'a &amp; b &#xe9;');
    const xmp = `<x:xmpmeta><rdf:li xml:lang="x-default">${escaped}</rdf:li></x:xmpmeta>`;
    const found = await textsOf(png(chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${xmp}`)));
    expect(readTextParameters(found.parameters ?? '')?.prompt).toBe('a & b é');
    const svg = `<svg><metadata><![CDATA[{"prompt":${graph},"workflow":${workflow}}]]></metadata></svg>`;
    expect((await textsOf(Buffer.from(svg))).prompt).toBe(graph);
  });

  it('takes no longer than it is long', async () => {
    const begun = performance.now();
    for (const part of ['<![CDATA[', '<a ', 'x', 'a="', "a='", '&#x', '<a>bbbbbbbbb'])
      await textsOf(Buffer.from(`<svg>${part.repeat(Math.floor(2 ** 21 / part.length))}`));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a 3D model', () => {
  it('tells what stands among the extras of its asset', async () => {
    const json = JSON.stringify({ asset: { version: '2.0', extras: { prompt: graph, workflow } } });
    const head = Buffer.from('glTF\x02\0\0\0\0\0\0\0\0\0\0\0JSON', 'latin1');
    head.writeUInt32LE(json.length, 12);
    expect((await textsOf(join(head, json))).prompt).toBe(graph);
    expect((await textsOf(Buffer.from(json), 'workflow')).workflow).toBe(workflow);
  });
});

describe('a large file', () => {
  /** A file that is zeros but for some places. */
  function sparse(size: number, places: Readonly<Record<number, Buffer>>, canJump = true) {
    const read = { bytes: 0, parts: 0 };
    const source: FileSource = {
      async open(asked) {
        read.parts += 1;
        const start = canJump ? asked : 0;
        async function* chunks() {
          for (let at = start; at < size; at += 65_536) {
            const piece = Buffer.alloc(Math.min(65_536, size - at));
            for (const [place, data] of Object.entries(places)) {
              const from = Math.max(at, Number(place));
              const part = data.subarray(from - Number(place), at + piece.length - Number(place));
              if (from < at + piece.length) part.copy(piece, from - at);
            }
            read.bytes += piece.length;
            yield piece;
          }
        }
        return { start, size, chunks: chunks() };
      },
    };
    return { source, read };
  }
  const mp4 = sample('core.mp4');
  const media = mp4.indexOf('mdat') - 4;
  const rest = mp4.indexOf('moov') - 4;

  function longMedia(length: number): Record<number, Buffer> {
    const head = Buffer.from('\0\0\0\x01mdat\0\0\0\0\0\0\0\0', 'latin1');
    head.writeBigUInt64BE(BigInt(length), 8);
    return { 0: join(mp4.subarray(0, media), head), [media + length]: mp4.subarray(rest) };
  }

  it('is not read where nothing is: what tells may stand behind all pictures', async () => {
    const length = 5 * 2 ** 30;
    const { source, read } = sparse(media + length + mp4.length - rest, longMedia(length));
    expect((await readEmbeddedTexts(source, 'prompt')).prompt).toContain('KSampler');
    expect(read.parts).toBe(2);
    expect(read.bytes).toBeLessThan(2 ** 20);
  });

  it('is left alone after 64 MiB where a server gives it from the front alone', async () => {
    const length = 2 ** 28;
    const { source, read } = sparse(media + length + mp4.length - rest, longMedia(length), false);
    expect(await readEmbeddedTexts(source, 'prompt')).toMatchObject({ prompt: null, unread: 'too-large' });
    expect(read.bytes).toBeLessThan(65 * 2 ** 20);
  });
});

describe('whatever is in a file', () => {
  it('says whether all of it was looked at', async () => {
    const nothing = { prompt: null, workflow: null, parameters: null };
    expect(await textsOf(Buffer.alloc(0))).toEqual({ ...nothing, unread: 'unknown-format' });
    expect(await textsOf(Buffer.from('some bytes'))).toEqual({ ...nothing, unread: 'unknown-format' });
    expect(await textsOf(png())).toEqual({ ...nothing, unread: null });
    const file = png(chunk('IDAT', Buffer.alloc(100)));
    for (const end of [8, 20, 50, file.length - 12])
      expect(await textsOf(file.subarray(0, end))).toEqual({ ...nothing, unread: 'damaged' });
    expect(await textsOf(png(chunk('tEXt', `workflow\0${workflow}`)))).toEqual({
      ...nothing,
      workflow,
      unread: null,
    });
  });

  it('rejects with what its source rejects with', async () => {
    const source = { open: async () => Promise.reject(new Error('no line')) };
    await expect(readEmbeddedTexts(source, 'prompt')).rejects.toThrow('no line');
  });

  it('never throws, and comes to an end soon', async () => {
    const files = samples.map((name) => [...sample(name)]);
    const noise = fc.uint8Array({ maxLength: 200 });
    const changes = fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255))),
      {
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        changes,
        fc.option(fc.nat(), { freq: 3 }),
        noise,
        fc.integer({ min: 1, max: 2_000 }),
        async (file, changed, cut, end, pieceSize) => {
          const whole = [...file];
          for (const [at, byte] of changed) whole[at % whole.length] = byte;
          const bytes = Uint8Array.from([
            ...whole.slice(0, cut === null ? undefined : cut % whole.length),
            ...end,
          ]);
          const begun = performance.now();
          for (const wanted of ['prompt', 'workflow'] as const) {
            const texts = await textsOf(bytes, wanted, pieceSize);
            readPromptParameters(texts.prompt ?? '', '1');
            readTextParameters(texts.parameters ?? '');
            expect((texts.prompt ?? '').length).toBeLessThan(100_000);
          }
          expect(performance.now() - begun).toBeLessThan(1_000);
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
