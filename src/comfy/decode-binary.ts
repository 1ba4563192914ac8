import { maxTextLength } from '../shared/executed-output.ts';
import type { MonitorEvent } from '../shared/monitor-event.ts';
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
const maxNodeIdBytes = 1_000;

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
  const mimeType = mimeTypeOf(bytes);
  if (mimeType === null || bytes.length > maxPreviewBytes) return misunderstood('binary preview', frame);
  return { event: null, preview: { promptId, nodeId, mimeType, bytes }, misunderstood: null };
}

function decodePreviewWithMetadata(frame: Buffer): DecodedBinary {
  const [metadata, bytes] = split(frame, maxMetadataBytes);
  if (!metadata || !bytes) return misunderstood('binary preview', frame);
  try {
    const about = parseJson(metadata.toString('utf8'));
    if (!isObject(about)) return misunderstood('binary preview', frame);
    return decodePreview(frame, bytes, idOf(about.prompt_id), idOf(objectOf(about).node_id));
  } catch {
    return misunderstood('binary preview', frame);
  }
}

/** `progress_text`. It goes to everybody and does not say which prompt it belongs to. */
function decodeText(frame: Buffer, { serverId, at }: MessageSource): DecodedBinary {
  const [id, content] = split(frame, maxNodeIdBytes);
  const nodeId = id ? idOf(id.toString('utf8')) : null;
  if (nodeId === null || !content) return misunderstood('binary text', frame);
  // UTF-8 takes at most four bytes for a character.
  const shown = harmless(content.subarray(0, 4 * maxTextLength).toString('utf8'), maxTextLength);
  const event: MonitorEvent = { type: 'node_text_shown', serverId, at, promptId: null, nodeId, text: shown };
  return { event, preview: null, misunderstood: null };
}

/** Splits what follows the event type into a part with its length before it, and the rest. */
function split(frame: Buffer, maxLength: number): [Buffer, Buffer] | [] {
  if (frame.length < 8) return [];
  const length = frame.readUInt32BE(4);
  if (length > maxLength || 8 + length > frame.length) return [];
  return [frame.subarray(8, 8 + length), frame.subarray(8 + length)];
}

/** JPEG begins with SOI and a marker, PNG with its signature. */
function mimeTypeOf(bytes: Buffer): PreviewFrame['mimeType'] | null {
  if (bytes.length < 8) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  return bytes.readUInt32BE(0) === 0x89504e47 && bytes.readUInt32BE(4) === 0x0d0a1a0a ? 'image/png' : null;
}

const ignored: DecodedBinary = { event: null, preview: null, misunderstood: null };

function misunderstood(kind: string, frame: Buffer): DecodedBinary {
  const sample = `${frame.length} bytes: ${frame.subarray(0, 60).toString('hex')}`;
  return { event: null, preview: null, misunderstood: { kind, sample: cutText(sample, maxSampleLength) } };
}
