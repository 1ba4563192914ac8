import type { Preview } from '../workshop.ts';

const jpegFormat = 1;

/** Binary frame type 1: event, image format, image (server.py, send_image). */
export function plainPreviewFrame(jpeg: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(jpegFormat, 4);
  return Buffer.concat([head, jpeg]);
}

/** Binary frame type 4: event, length of the JSON, JSON about node and prompt, image. */
export function describedPreviewFrame(jpeg: Uint8Array, { nodeId, promptId }: Preview): Buffer {
  const metadata = Buffer.from(
    JSON.stringify({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: nodeId,
      parent_node_id: null,
      real_node_id: nodeId,
      image_type: 'image/jpeg',
    }),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4, 0);
  head.writeUInt32BE(metadata.length, 4);
  return Buffer.concat([head, metadata, jpeg]);
}

/** Binary frame type 3: event, length of the node id, node id, text (server.py, send_progress_text). */
export function textFrame(nodeId: string, text: string): Buffer {
  const id = Buffer.from(nodeId);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(3, 0);
  head.writeUInt32BE(id.length, 4);
  return Buffer.concat([head, id, Buffer.from(text)]);
}
