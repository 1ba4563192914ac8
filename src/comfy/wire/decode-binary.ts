import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { limits } from '../../domain/monitor-state.ts';
import { type Misunderstood, maxSampleLength } from './decode-message.ts';
import { parseJson } from './json.ts';
import type { MessageSource } from './message-source.ts';
import type { PreviewFrame } from './preview-frame.ts';
import { cutText, harmless, idOf, isObject, objectOf } from './wire-values.ts';

/** A preview image and, where the server says so, whose it is. */
export interface DecodedPreview extends Omit<PreviewFrame, 'revision'> {
  promptId: string | null;
  nodeId: string | null;
}

/** What a binary frame says; all are null for frames that do not concern us. */
export interface DecodedBinary {
  event: MonitorEvent | null;
  preview: DecodedPreview | null;
  misunderstood: Misunderstood | null;
}

/** Event types, the first four bytes of a frame (big endian), from ComfyUI's `protocol.py`. */
const previewImage = 1;
const text = 3;
const previewImageWithMetadata = 4;

/** Frames larger than this (bytes) are no previews. */
const maxPreviewBytes = 16 * 2 ** 20;
const maxMetadataBytes = 64 * 2 ** 10;
const maxIdBytes = 1_000;

/** Decodes a binary frame. Never throws; unknown event types are ignored. */
export function decodeBinary(frame: Buffer, source: MessageSource): DecodedBinary {
  if (frame.length < 4) return misunderstood('binary', frame);
  switch (frame.readUInt32BE(0)) {
    case previewImage:
      // The image format that follows is not needed: the bytes themselves say it, and do not lie.
      return decodePreview(frame, frame.subarray(8), null, null);
    case text:
      return decodeText(frame, source);
    case previewImageWithMetadata:
      return decodePreviewWithMetadata(frame);
    default:
      return ignored;
  }
}

function decodePreview(
  frame: Buffer,
  bytes: Buffer,
  promptId: string | null,
  nodeId: string | null,
): DecodedBinary {
  const found = bytes.length > maxPreviewBytes ? null : imageIn(bytes);
  if (!found) return misunderstood('binary preview', frame);
  const { image, mimeType } = found;
  return { event: null, preview: { promptId, nodeId, mimeType, bytes: image }, misunderstood: null };
}

function decodePreviewWithMetadata(frame: Buffer): DecodedBinary {
  const [metadata, bytes] = split(frame.subarray(4), maxMetadataBytes);
  if (!metadata || !bytes) return misunderstood('binary preview', frame);
  try {
    const about = parseJson(metadata.toString('utf8'));
    if (!isObject(about)) return misunderstood('binary preview', frame);
    return decodePreview(frame, bytes, idOf(about.prompt_id), idOf(objectOf(about).node_id));
  } catch {
    return misunderstood('binary preview', frame);
  }
}

/**
 * `progress_text`: node id and text, each but the last with its length before it. Where the server can, and the
 * client that queued the prompt knows it, the prompt id stands in front of them. Which form a frame has, it says
 * itself: a text does not begin with the zeros of a length.
 */
function decodeText(frame: Buffer, { serverId, at, textsNamePrompts }: MessageSource): DecodedBinary {
  const [first, rest] = split(frame.subarray(4), maxIdBytes);
  const [second, remainder] = textsNamePrompts && rest ? split(rest, maxIdBytes) : [];
  const named = second && second.length > 0;
  const promptId = named && first ? idOf(first.toString('utf8')) : null;
  const id = named ? second : first;
  const content = named ? remainder : rest;
  const nodeId = id ? idOf(id.toString('utf8')) : null;
  if (nodeId === null || !content) return misunderstood('binary text', frame);
  const most = limits.nodeTextLength;
  // UTF-8 takes at most four bytes for a character.
  const shown = harmless(content.subarray(0, 4 * most).toString('utf8'), most);
  const event: MonitorEvent = { type: 'node_text_shown', serverId, at, promptId, nodeId, text: shown };
  return { event, preview: null, misunderstood: null };
}

/** Splits bytes into a part with its length before it, and the rest. */
function split(bytes: Buffer, maxLength: number): [Buffer, Buffer] | [] {
  if (bytes.length < 4) return [];
  const length = bytes.readUInt32BE(0);
  if (length > maxLength || 4 + length > bytes.length) return [];
  return [bytes.subarray(4, 4 + length), bytes.subarray(4 + length)];
}

/** By its first bytes, what an image is. */
function mimeTypeOf(bytes: Buffer): PreviewFrame['mimeType'] | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  const begin = bytes.toString('latin1', 0, 12);
  if (begin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begin.startsWith('RIFF') && begin.endsWith('WEBP')) return 'image/webp';
  if (begin.startsWith('GIF87a') || begin.startsWith('GIF89a')) return 'image/gif';
  // Four reserved bytes are zero: two letters alone would be little to go by.
  return begin.startsWith('BM') && bytes.length >= 10 && bytes.readUInt32LE(6) === 0 ? 'image/bmp' : null;
}

/** Bytes that may stand before the image: VideoHelperSuite puts 8 or 24 there, which frame of an animation it is. */
const maxBefore = 64;

/** Where the image begins within the bytes, or null where none does. */
function imageIn(bytes: Buffer): { image: Buffer; mimeType: PreviewFrame['mimeType'] } | null {
  for (let before = 0; before <= maxBefore; before += 4) {
    const image = bytes.subarray(before);
    const mimeType = mimeTypeOf(image);
    if (mimeType !== null) return { image, mimeType };
  }
  return null;
}

const ignored: DecodedBinary = { event: null, preview: null, misunderstood: null };

function misunderstood(kind: string, frame: Buffer): DecodedBinary {
  const sample = `${frame.length} bytes: ${frame.subarray(0, 60).toString('hex')}`;
  return { event: null, preview: null, misunderstood: { kind, sample: cutText(sample, maxSampleLength) } };
}
