/** A preview frame as the server sent it. `revision` grows by one with every frame of a server. */
export interface PreviewFrame {
  revision: number;
  mimeType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/bmp';
  bytes: Uint8Array;
}
