import { describe, expect, it } from 'vitest';
import { maxTextLength } from '../../domain/outputs/executed-output.ts';
import { decodeOutput } from './decode-output.ts';

/** The outputs in short: kind and what it is called. */
function shown(output: unknown): string[] {
  const { outputs } = decodeOutput(output, '9', 0);
  return outputs.map(({ kind, file, text }) =>
    file ? `${kind} ${file.type}:${file.subfolder}/${file.filename}` : `${kind} ${text}`,
  );
}
const complete = (output: unknown) => decodeOutput(output, '9', 0).complete;
const file = (filename: string, more = {}) => ({ filename, subfolder: '', type: 'output', ...more });

describe('the output of a node', () => {
  it.each([
    ['an image', { images: [file('a.png')] }, 'image output:/a.png'],
    ['a preview image', { images: [file('b.png', { type: 'temp' })] }, 'image temp:/b.png'],
    [
      'an input image',
      { images: [file('c.jpg', { type: 'input', subfolder: 'x/y' })] },
      'image input:x/y/c.jpg',
    ],
    ['an animated image', { images: [file('d.webp')], animated: [true] }, 'animation output:/d.webp'],
    ['a still image', { images: [file('d.webp')], animated: [false] }, 'image output:/d.webp'],
    ['a GIF', { gifs: [file('e.gif', { format: 'image/gif' })] }, 'animation output:/e.gif'],
    ['a WebP of VideoHelperSuite', { gifs: [file('e.webp')] }, 'animation output:/e.webp'],
    [
      'a video of VideoHelperSuite',
      { gifs: [file('f.mp4', { format: 'video/h264-mp4', frame_rate: 24, fullpath: '/o/f.mp4' })] },
      'video output:/f.mp4',
    ],
    ['a video of SaveVideo', { images: [file('g.mp4')], animated: [true] }, 'video output:/g.mp4'],
    ['a video', { video: [file('h.webm')] }, 'video output:/h.webm'],
    ['videos', { videos: [file('i.unknown')] }, 'video output:/i.unknown'],
    ['audio', { audio: [file('j.flac')] }, 'audio output:/j.flac'],
    ['audio in a video container', { audio: [file('k.mp4')] }, 'audio output:/k.mp4'],
    ['a 3D model', { '3d': [file('l.glb')] }, 'model3d output:/l.glb'],
    ['a 3D model by its bare name', { '3d': ['mesh/m.glb'] }, 'model3d output:mesh/m.glb'],
    ['a 3D model among other results', { result: ['n.glb', { fov: 35 }, null] }, 'model3d output:/n.glb'],
    ['a text', { text: ['a cat'] }, 'text a cat'],
    ['a text that is no list', { text: 'a dog' }, 'text a dog'],
    ['a number shown as text', { text: [0] }, 'text 0'],
    ['words under another key', { tags: ['lake, snow'] }, 'text lake, snow'],
    ['a string', { string: ['saved to notes.txt'] }, 'text saved to notes.txt'],
    ['a value', { value: [42] }, 'text 42'],
    ['words under a key of its own', { what_i_think: ['a fine picture'] }, 'text a fine picture'],
    ['a text split into letters', { text: ['o', 'k', ' ', 'é'] }, 'text ok é'],
    ['a text in a list in a list', { text: [[['deep']]] }, 'text deep'],
    ['a list of letters in a list', { text: [['h', 'i']] }, 'text hi'],
    ['an image in a list in a list', { images: [[file('r.png')]] }, 'image output:/r.png'],
    ['a folder inside the name', { images: [file('x/y.png', { subfolder: 'w' })] }, 'image output:w/x/y.png'],
    ['a folder of Windows', { images: [file('x\\y.png')] }, 'image output:x/y.png'],
    ['an image that nobody can show', { images: [file('s.exr')] }, 'file output:/s.exr'],
    ['a drawing that can carry scripts', { images: [file('t.svg')] }, 'file output:/t.svg'],
    ['an image without an extension', { images: [file('u')] }, 'image output:/u'],
    ['a file of a custom node', { my_files: [file('o.psd')] }, 'file output:/o.psd'],
    ['an image of a custom node', { a_images: [file('p.png', { subfolder: null })] }, 'image output:/p.png'],
    ['a file that is no list', { latent: file('q.latent') }, 'file output:/q.latent'],
  ])('can be %s', (_, output, expected) => {
    expect(shown(output)).toEqual([expected]);
    expect(complete(output)).toBe(true);
  });

  it('can be of several kinds at once, in the order of the server', () => {
    expect(shown({ text: ['seed 1'], images: [file('a.png'), file('b.png')] })).toEqual([
      'text seed 1',
      'image output:/a.png',
      'image output:/b.png',
    ]);
  });

  it.each([
    [null],
    [undefined],
    [{}],
    [{ images: [] }],
    [{ images: [], animated: [true] }],
    [{ bg_image: ['base64…'], numbers: [1, 2], matrix: [[1]], flag: true, nested: { a: 1 } }],
  ])('can be nothing that we show: %j', (output) => {
    expect(shown(output)).toEqual([]);
    expect(complete(output)).toBe(true);
  });

  it.each([
    ['text'],
    [['a']],
    [{ images: ['a.png'] }],
    [{ images: [{ filename: '' }] }],
    [{ images: [{ filename: 'x', subfolder: 5 }] }],
    [{ images: [{ filename: 'x', type: '/etc' }] }],
    [{ anything: [{ filename: {} }] }],
    [{ text: [{ html: '<b>' }] }],
    [{ images: [{ filename: 'x'.repeat(2_000) }] }],
  ])('that cannot be understood is nothing, and said so: %j', (output) => {
    expect(shown(output)).toEqual([]);
    expect(complete(output)).toBe(false);
  });

  it('may use keys of Object.prototype', () => {
    expect(
      shown(JSON.parse('{"__proto__":[{"filename":"a.png"}],"constructor":[{"filename":"b.png"}]}')),
    ).toEqual(['image output:/a.png', 'image output:/b.png']);
  });

  it('is bounded: the number of things and of kinds, the length of texts, and all texts together', () => {
    expect(shown({ images: Array(5_000).fill(file('a.png')) })).toHaveLength(1_000);
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, file('a.png')]));
    expect(shown(keys)).toHaveLength(50);
    const long = decodeOutput({ text: ['x'.repeat(1_000_000)] }, '9', 0).outputs;
    expect(long[0]?.text).toHaveLength(maxTextLength);
    const many = decodeOutput({ text: Array(500).fill('x'.repeat(maxTextLength)) }, '9', 0).outputs;
    expect(many).toHaveLength(10);
  });
});
