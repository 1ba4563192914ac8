import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { pictureSize } from './picture-size.ts';

/** The head of a JPEG: start, JFIF segment, whatever comes between, start of frame. */
function jpeg(width: number, height: number, { between = '', frame = 0xc0 } = {}): Buffer {
  const header = Buffer.from([0xff, frame, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3]);
  return Buffer.concat([Buffer.from(`ffd8ffe000044a46${between}`, 'hex'), header, Buffer.alloc(20)]);
}

describe('the size of a picture', () => {
  it.each([
    ['a baseline JPEG', jpeg(1_024, 768)],
    ['a progressive JPEG', jpeg(1_024, 768, { frame: 0xc2 })],
    ['one with tables before its frame', jpeg(1_024, 768, { between: 'ffc40006aabbccddffdb0004c0c2' })],
    ['one with padding and a marker without length', jpeg(1_024, 768, { between: 'ffffffff01' })],
    [
      'a PNG',
      Buffer.from(encode({ width: 1_024, height: 768, data: new Uint8Array(1_024 * 768), channels: 1 })),
    ],
  ])('is read from the head of %s', async (_, bytes) => {
    expect(await pictureSize(bytes)).toEqual({ width: 1_024, height: 768 });
  });

  it('is read where the bytes lie in a larger buffer', async () => {
    const bytes = Buffer.concat([Buffer.from('head'), jpeg(65_535, 300)]).subarray(4);
    expect(await pictureSize(bytes)).toEqual({ width: 65_535, height: 300 });
  });

  it.each([
    ['nothing', ''],
    ['another format', '474946383961'],
    ['a JPEG that ends before its frame', 'ffd8ffe000104a46'],
    ['a JPEG that loses its way', 'ffd8ffe000044a46ab00ffc0'],
    ['a JPEG of no height', jpeg(9, 0).toString('hex')],
    ['a PNG that ends early', '89504e470d0a1a0a'],
  ])('is not made up for %s', async (_, hex) => {
    expect(await pictureSize(Buffer.from(hex, 'hex'))).toBeNull();
  });

  it('is found or not, but never breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (rest) => {
        await pictureSize(Buffer.concat([Buffer.from('ffd8', 'hex'), rest]));
      }),
    );
  });
});
