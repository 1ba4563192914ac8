import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterEach, describe, expect, it } from 'vitest';
import { viewFile } from '../protocol/view-file.ts';
import type { MediaContent } from './media-content.ts';
import { MediaLibrary } from './media-library.ts';

const picture: MediaContent = {
  kind: 'picture',
  artwork: { kind: 'painting', motif: 'landscape', seed: 5 },
  width: 96,
  height: 64,
};

function view(library: MediaLibrary, query: string) {
  return viewFile(library, new URLSearchParams(query));
}

describe('/view', () => {
  const library = new MediaLibrary();
  library.save('output', 'shots/lake', picture, { prompt: { '1': { class_type: '湖' } } });

  it('gives a PNG that decodes, in the size the prompt asked for', async () => {
    const reply = await view(library, 'filename=lake_00001_.png&subfolder=shots&type=output');
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    const image = decode(Buffer.from(reply.body ?? ''));
    expect(image).toMatchObject({ width: 96, height: 64, channels: 3, depth: 8 });
    expect(new Set(image.data).size).toBeGreaterThan(50);
    expect(JSON.parse(image.text.prompt ?? '')).toEqual({ '1': { class_type: '湖' } });
  });

  it('gives a JPEG when a preview is asked for', async () => {
    const reply = await view(library, 'filename=lake_00001_.png&subfolder=shots&preview=webp;75');
    const bytes = Buffer.from(reply.body ?? '');
    expect(reply.headers?.['content-type']).toBe('image/jpeg');
    expect(bytes.readUInt16BE(0)).toBe(0xffd8);
    expect(bytes.readUInt16BE(bytes.length - 2)).toBe(0xffd9);
  });

  it('gives the first frame alone when the preview of an animation is asked for', async () => {
    const { filename } = library.save('output', 'loop', {
      ...picture,
      kind: 'animation',
      frames: 3,
      framesPerSecond: 8,
    });
    const reply = await view(library, `filename=${filename}&preview=webp;75`);
    expect(reply.headers?.['content-type']).toBe('image/jpeg');
  });

  // As a ComfyUI 0.27 was seen to answer.
  it.each([
    ['', 404],
    ['filename=nope.png', 404],
    ['filename=../x.png', 400],
    ['filename=/etc/passwd', 400],
    ['filename=x.png&subfolder=../..', 403],
    ['filename=x&type=weird', 400],
    ['filename=x&type=input', 404],
    ['filename=example.png&type=input', 200],
    ['filename=example.png [input]', 200],
  ])('answers ?%s with %i', async (query, status) => {
    expect(await view(library, query)).toMatchObject({ status });
  });

  it.each([
    [{ kind: 'chord', seed: 1, seconds: 1 }, 'RIFF', 'audio/x-wav'],
    [{ ...picture, kind: 'animation', frames: 3, framesPerSecond: 8 }, 'GIF89a', 'image/gif'],
    [{ kind: 'text', text: 'hello' }, 'hello', 'text/plain'],
  ] satisfies [MediaContent, string, string][])('gives other media too: %j', async (content, start, type) => {
    const { filename } = library.save('output', 'other', content);
    const reply = await view(library, `filename=${filename}`);
    expect(reply.headers?.['content-type']).toBe(type);
    expect(
      Buffer.from(reply.body ?? '')
        .subarray(0, start.length)
        .toString('latin1'),
    ).toBe(start);
  });
});

describe('a film', () => {
  it('is what the simulator was given, and comes in parts', async () => {
    const given = new MediaLibrary(undefined, Buffer.from('a whole film'));
    const { filename } = given.save('output', 'clip', { kind: 'film' });
    expect(filename).toMatch(/\.webm$/);
    const part = await viewFile(given, new URLSearchParams({ filename }), 'bytes=2-6');
    expect(part).toMatchObject({ status: 206, headers: { 'content-type': 'video/webm' } });
    expect(String(part.body)).toBe('whole');
  });
});

describe('file names', () => {
  it('count up per prefix', () => {
    const library = new MediaLibrary();
    const names = ['a', 'a', 'b'].map((prefix) => library.save('output', prefix, picture).filename);
    expect(names).toEqual(['a_00001_.png', 'a_00002_.png', 'b_00001_.png']);
  });

  it.each(['../../etc/x', '/etc/x', 'C:\\x', '..'])('never leave the output folder: %s', (prefix) => {
    const { filename, subfolder } = new MediaLibrary().save('output', prefix, picture);
    expect(path.posix.join('/out', subfolder, filename)).toMatch(/^\/out\/[^.]/);
  });
});

describe('with an output directory', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes outputs there, and misses them once they are deleted', async () => {
    const library = new MediaLibrary(folder);
    const entry = library.save('output', 'shots/lake', picture);
    await library.written({ images: [entry] });
    const file = path.join(folder, 'shots', 'lake_00001_.png');
    expect(decode(readFileSync(file))).toMatchObject({ width: 96 });
    rmSync(file);
    expect(await view(library, 'filename=lake_00001_.png&subfolder=shots')).toMatchObject({ status: 404 });
  });
});
