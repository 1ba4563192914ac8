import type { MediaFile } from '../shared/executed-output.ts';
import type { HistoryEntry, QueueEntry } from '../shared/monitor-event.ts';
import type { Device } from '../shared/server.ts';

/** What `/system_stats` tells; sizes in bytes, null where the server does not say. */
export interface SystemStats {
  comfyVersion: string | null;
  os: string | null;
  pythonVersion: string | null;
  pytorchVersion: string | null;
  argv: string[];
  devices: Device[];
}

export interface QueueAnswer {
  running: QueueEntry[];
  pending: QueueEntry[];
}

/** A file as `/view` sends it, not yet read. Whoever asked for it reads or cancels the body. */
export interface ViewAnswer {
  status: number;
  /** `contentLength` in bytes; null if the server does not say. */
  headers: { contentType: string; contentLength: number | null };
  body: ReadableStream<Uint8Array> | null;
}

/** ComfyUI's REST interface, typed. Everything rejects with `RestError`. */
export class ComfyRest {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async systemStats(): Promise<SystemStats> {
    throw new Error('not yet');
  }

  async queue(): Promise<QueueAnswer> {
    throw new Error('not yet');
  }

  /** The `maxItems` newest entries, oldest first. */
  async history(_options: { maxItems: number }): Promise<HistoryEntry[]> {
    throw new Error('not yet');
  }

  /** The entry of one prompt, or null while it is not in the history. */
  async historyOf(_promptId: string): Promise<HistoryEntry | null> {
    throw new Error('not yet');
  }

  /** Absolute paths of the folders with custom nodes, from `/internal/folder_paths`; empty if unknown. */
  async customNodeFolders(): Promise<string[]> {
    return [];
  }

  /** An executed file, as it is or re-encoded by the server as a light WebP. */
  async view(_file: MediaFile, _options: { thumbnail: boolean; signal?: AbortSignal }): Promise<ViewAnswer> {
    throw new Error('not yet');
  }

  /** Interrupts a prompt if it runs; older servers interrupt whatever runs. */
  async interrupt(_promptId: string): Promise<void> {
    throw new Error('not yet');
  }
}
