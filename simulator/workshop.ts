import type { Clock } from './clock.ts';
import type { ExecutionCache } from './execution/execution-cache.ts';
import type { PromptQueue } from './execution/prompt-queue.ts';
import type { MediaLibrary } from './media/media-library.ts';
import type { ImageBatch } from './nodes/node-class.ts';
import type { JsonObject } from './protocol/json.ts';
import type { Random } from './random.ts';

/** Where messages go; a null client means all clients. */
export interface Outbox {
  send(type: string, data: JsonObject, clientId: string | null): void;
  /** A preview goes out as frame type 4 to clients that asked for it, else as type 1, each at its own moment. */
  sendPreview(form: 'with metadata' | 'plain', preview: Preview, clientId: string | null): void;
  /** Text a node shows while it works: frame type 3, to all clients, whoever submitted the prompt. */
  sendText(nodeId: string, text: string): void;
  /** False when no client would see a preview, so that none need be painted. */
  wantsPreviews(): boolean;
}

export interface Preview {
  readonly nodeId: string;
  readonly promptId: string;
  readonly images: ImageBatch;
  /** How far the picture has come, fraction 0–1. */
  readonly fraction: number;
}

/** What prompts are executed with. */
export interface Workshop {
  readonly queue: PromptQueue;
  readonly cache: ExecutionCache;
  readonly library: MediaLibrary;
  readonly clock: Clock;
  readonly random: Random;
  readonly outbox: Outbox;
  /** Steps take their time divided by this. */
  readonly speed: number;
  readonly gpuCount: number;
}
