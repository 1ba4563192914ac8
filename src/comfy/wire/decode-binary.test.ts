import { describe, expect, it } from 'vitest';
import { limits } from '../../domain/monitor-state.ts';
import { source } from '../testing/decoding.ts';
import { decodeBinary } from './decode-binary.ts';

const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex');
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A frame of one event type; texts are UTF-8. */
function frame(type: number, ...parts: (Buffer | string)[]): Buffer {
  return Buffer.concat([u32(type), ...parts.map((part) => Buffer.from(part))]);
}

function withMetadata(metadata: unknown, image: Buffer): Buffer {
  const json = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  return frame(4, u32(Buffer.byteLength(json)), json, image);
}

const decode = (bytes: Buffer) => decodeBinary(bytes, source);
const nothing = { event: null, preview: null, misunderstood: null };

describe('a preview image', () => {
  it('is a JPEG or PNG of nobody in particular (type 1)', () => {
    expect(decode(frame(1, u32(1), jpeg))).toEqual({
      ...nothing,
      preview: { promptId: null, nodeId: null, mimeType: 'image/jpeg', bytes: jpeg },
    });
    expect(decode(frame(1, u32(2), png)).preview).toMatchObject({ mimeType: 'image/png', bytes: png });
  });

  it('is what its bytes are, whatever the server says they are', () => {
    expect(decode(frame(1, u32(2), jpeg)).preview?.mimeType).toBe('image/jpeg');
    expect(decode(withMetadata({ image_type: 'image/jpeg' }, png)).preview?.mimeType).toBe('image/png');
  });

  it.each([0, 8, 24])('may have %i more bytes in front of it', (before) => {
    const { preview } = decode(frame(1, u32(1), Buffer.alloc(before, 1), jpeg));
    expect(preview).toMatchObject({ mimeType: 'image/jpeg', bytes: jpeg });
  });

  it.each([
    ['image/webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
    ['image/gif', Buffer.from('GIF89a\x01\0\x01\0\0\0', 'latin1')],
    ['image/bmp', Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0', 'latin1')],
  ])('can be %s', (mimeType, bytes) => {
    expect(decode(frame(1, u32(1), bytes)).preview).toMatchObject({ mimeType, bytes });
  });

  it('names its prompt and node where the server can (type 4)', () => {
    const about = {
      node_id: '12:3',
      display_node_id: '12',
      parent_node_id: '12',
      real_node_id: '3',
      prompt_id: 'p',
      image_type: 'image/jpeg',
    };
    expect(decode(withMetadata(about, jpeg))).toEqual({
      ...nothing,
      preview: { promptId: 'p', nodeId: '12:3', mimeType: 'image/jpeg', bytes: jpeg },
    });
    expect(decode(withMetadata({ node_id: 3 }, jpeg)).preview).toMatchObject({ promptId: null, nodeId: '3' });
  });

  it.each([
    ['without an image', frame(1, u32(1))],
    ['cut off in its header', frame(1, Buffer.from([0, 0]))],
    ['with other bytes than those of an image', frame(1, u32(1), '<svg onload="alert(1)"/>')],
    ['cut off in its signature', frame(1, u32(2), png.subarray(0, 7))],
    ['with metadata and no length', frame(4)],
    ['with metadata shorter than it says', frame(4, u32(1_000), '{}')],
    ['with metadata that says to be huge', frame(4, u32(0xffffffff), '{}', jpeg)],
    ['with metadata of a megabyte', withMetadata({ x: 'y'.repeat(2 ** 20) }, jpeg)],
    ['with metadata that is no JSON', withMetadata('{node', jpeg)],
    ['with metadata that is no object', withMetadata('[1]', jpeg)],
    ['with metadata and no image', withMetadata({ node_id: '3' }, Buffer.alloc(0))],
    ['of 17 MiB', frame(1, u32(1), jpeg, Buffer.alloc(17 * 2 ** 20))],
  ])('%s is not understood', (_, bytes) => {
    const { event, preview, misunderstood } = decode(bytes);
    expect({ event, preview }).toEqual({ event: null, preview: null });
    expect(misunderstood?.kind).toBe('binary preview');
    expect(misunderstood?.sample).toContain(`${bytes.length} bytes: 0000000`);
    expect(misunderstood?.sample.length).toBeLessThanOrEqual(200);
  });
});

describe('a text that a node shows while it works', () => {
  const text = (nodeId: string, shown: string | Buffer) =>
    decode(frame(3, u32(Buffer.byteLength(nodeId)), nodeId, shown));

  it('belongs to a node, and to whatever prompt runs (type 3)', () => {
    expect(text('12:3', 'Downloading… 40 %')).toEqual({
      ...nothing,
      event: {
        type: 'node_text_shown',
        serverId: 's',
        at: source.at,
        promptId: null,
        nodeId: '12:3',
        text: 'Downloading… 40 %',
      },
    });
    expect(text('1', '').event).toMatchObject({ text: '' });
  });

  it('is bounded, and has no half characters at its end', () => {
    for (const character of ['x', 'é', '界', '😀']) {
      const { event } = text('1', character.repeat(100_000));
      const shown = event?.type === 'node_text_shown' ? event.text : '';
      expect(shown).toBe(character.repeat(limits.nodeTextLength / character.length));
    }
  });

  it('may be no UTF-8', () => {
    expect(text('1', Buffer.from([0xff, 0x41])).event).toMatchObject({ text: '\ufffdA' });
  });

  describe('from a server whose texts can name their prompt', () => {
    const named = (...parts: (Buffer | string)[]) =>
      decodeBinary(frame(3, ...parts), { ...source, textsNamePrompts: true }).event;

    it('belongs to that prompt', () => {
      const parts = [u32(6), 'prompt', u32(4), '12:3', 'tile 3 of 9'];
      expect(named(...parts)).toMatchObject({ promptId: 'prompt', nodeId: '12:3', text: 'tile 3 of 9' });
      expect(named(u32(0), u32(1), '3', 'x')).toMatchObject({ promptId: null, nodeId: '3', text: 'x' });
    });

    it('has the old form all the same where it was made for a client that knows no other', () => {
      for (const shown of ['tile 3 of 9', '', 'x', '1234'])
        expect(named(u32(4), '12:3', shown)).toMatchObject({ promptId: null, nodeId: '12:3', text: shown });
    });
  });

  it.each([
    ['without a node', frame(3, u32(0), 'text')],
    ['cut off in its header', frame(3, Buffer.from([0]))],
    ['with a node id longer than the frame', frame(3, u32(9), '12')],
    ['with a node id one byte longer than the frame', frame(3, u32(3), '12')],
    ['with a node id that says to be huge', frame(3, u32(0x7fffffff), '12')],
    ['with a node id of 2000 bytes', frame(3, u32(2_000), 'x'.repeat(3_000))],
  ])('%s is not understood', (_, bytes) => {
    expect(decode(bytes)).toMatchObject({ event: null, misunderstood: { kind: 'binary text' } });
  });
});

describe('any other binary frame', () => {
  it('is ignored if its type is unknown, or never meant for the wire', () => {
    for (const type of [0, 2, 5, 999, 0xffffffff]) expect(decode(frame(type, jpeg))).toEqual(nothing);
  });

  it('too short for a type is not understood', () => {
    expect(decode(Buffer.alloc(0)).misunderstood?.kind).toBe('binary');
    expect(decode(Buffer.from([0, 0, 1])).misunderstood).toEqual({
      kind: 'binary',
      sample: '3 bytes: 000001',
    });
  });
});
