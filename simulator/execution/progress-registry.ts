import type { JsonObject } from '../protocol/json.ts';

interface NodeProgress {
  value: number;
  max: number;
  state: 'running' | 'finished' | 'error';
}

/** What `progress_state` tells: every node of the running prompt that has started (comfy_execution/progress.py). */
export class ProgressRegistry {
  readonly #promptId: string;
  readonly #nodes = new Map<string, NodeProgress>();

  constructor(promptId: string) {
    this.#promptId = promptId;
  }

  start(id: string): void {
    this.#nodes.set(id, { value: 0, max: 1, state: 'running' });
  }

  update(id: string, value: number, max: number): void {
    this.#nodes.set(id, { value, max, state: 'running' });
  }

  finish(id: string): void {
    const max = this.#nodes.get(id)?.max ?? 1;
    this.#nodes.set(id, { value: max, max, state: 'finished' });
  }

  /** The data of a `progress_state` message. */
  message(): JsonObject {
    return {
      prompt_id: this.#promptId,
      nodes: Object.fromEntries(
        [...this.#nodes].map(([id, progress]) => [
          id,
          {
            ...progress,
            node_id: id,
            prompt_id: this.#promptId,
            display_node_id: id,
            parent_node_id: null,
            real_node_id: id,
          },
        ]),
      ),
    };
  }
}
