import type { EmbeddedTexts } from '../media/media-content.ts';
import type { NodeCall, NodeClass, NodeValue, NodeWork } from '../nodes/node-class.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import type { Workshop } from '../workshop.ts';
import { type CachedResult, cacheKeysOf } from './execution-cache.ts';
import { ProgressRegistry } from './progress-registry.ts';
import { linkOf, type PromptNode } from './prompt-graph.ts';
import type { HistoryEntry, QueueItem, StatusMessage } from './prompt-queue.ts';

/** One prompt while it is executed: what it has produced, and the messages that tell of it. */
export class PromptRun {
  readonly promptId: string;
  readonly clientId: string | null;
  /** Nodes that ran, cached ones not among them. */
  readonly executed: string[] = [];

  readonly #item: QueueItem;
  readonly #shop: Workshop;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #progress: ProgressRegistry;
  readonly #messages: StatusMessage[] = [];
  readonly #values = new Map<string, readonly NodeValue[]>();
  readonly #outputs = new Map<string, JsonObject>();

  constructor(item: QueueItem, shop: Workshop) {
    const client = item[3].client_id;
    this.#item = item;
    this.#shop = shop;
    this.promptId = item[1];
    this.clientId = typeof client === 'string' ? client : null;
    this.#keys = cacheKeysOf(item[2]);
    this.#progress = new ProgressRegistry(this.promptId);
  }

  get graph(): QueueItem[2] {
    return this.#item[2];
  }

  get outputsToExecute(): readonly string[] {
    return this.#item[4];
  }

  /** The nodes of the graph whose results need not be made again. */
  cachedNodes(): string[] {
    return Object.keys(this.graph).filter((id) => this.#cachedResult(id) !== undefined);
  }

  /** Keeps a message with the prompt, and sends it if there is a client or it is meant for all clients. */
  addMessage(type: string, data: JsonObject, audience?: 'all clients'): void {
    const message = { ...data, timestamp: this.#shop.clock.now() };
    this.#messages.push([type, message]);
    if (this.clientId !== null || audience) this.#shop.outbox.send(type, message, this.clientId);
  }

  start(id: string): void {
    this.#progress.start(id);
    this.#sendProgressState();
    this.sendToClient('executing', { node: id, display_node: id, prompt_id: this.promptId });
  }

  step(id: string, value: number, max: number): void {
    this.#progress.update(id, value, max);
    this.#sendProgressState();
  }

  /** Announces a cached node again; false when it is not cached. */
  reuse(id: string): boolean {
    const cached = this.#cachedResult(id);
    if (!cached) return false;
    // Without a client ComfyUI returns before it notes the output, so the history of such a prompt lacks it.
    if (this.clientId !== null) {
      if (cached.executed) this.#outputs.set(id, cached.executed);
      this.#sendExecuted(id, cached.executed ?? null);
    }
    this.#finishProgress(id);
    return true;
  }

  complete(id: string, nodeClass: NodeClass, work: NodeWork): void {
    this.#values.set(id, work.outputs);
    if (work.executed) {
      this.#outputs.set(id, work.executed);
      this.#sendExecuted(id, work.executed);
    }
    const key = this.#keys.get(id);
    if (key !== undefined && !nodeClass.alwaysRuns) {
      this.#shop.cache.set(key, { outputs: work.outputs, executed: work.executed });
    }
    this.#finishProgress(id);
    this.executed.push(id);
  }

  /** The node's call: inputs converted or taken from the nodes they are linked to. */
  callOf(id: string, node: PromptNode, nodeClass: NodeClass): NodeCall {
    const inputs: Record<string, NodeValue> = {};
    for (const [name, [type]] of Object.entries({ ...nodeClass.optional, ...nodeClass.required })) {
      const value = node.inputs[name];
      const link = linkOf(value);
      if (link) {
        const source = this.#values.get(link.node) ?? this.#cachedResult(link.node)?.outputs;
        const received = source?.[link.socket];
        if (received) inputs[name] = received;
      } else if (value !== undefined) {
        const isNumber = type === 'INT' || type === 'FLOAT';
        inputs[name] = { kind: 'literal', value: isNumber ? Number(value) : value };
      }
    }
    const texts = { prompt: this.graph, ...textsOf(this.#item[3].extra_pnginfo) };
    return {
      nodeId: id,
      inputs,
      random: this.#shop.random.fork(`${this.promptId}/${id}`),
      save: (folder, prefix, content) => this.#shop.library.save(folder, prefix, content, texts),
    };
  }

  historyEntry(status: 'success' | 'error'): HistoryEntry {
    return {
      prompt: this.#item,
      outputs: Object.fromEntries(this.#outputs),
      status: { status_str: status, completed: status === 'success', messages: this.#messages },
      meta: Object.fromEntries(
        [...this.#outputs.keys()].map((id) => [
          id,
          { node_id: id, display_node: id, parent_node: null, real_node_id: id },
        ]),
      ),
    };
  }

  /** Sends a message that an anonymous prompt keeps to itself. */
  sendToClient(type: string, data: JsonObject): void {
    if (this.clientId !== null) this.#shop.outbox.send(type, data, this.clientId);
  }

  #sendExecuted(id: string, output: JsonObject | null): void {
    this.sendToClient('executed', { node: id, display_node: id, output, prompt_id: this.promptId });
  }

  #finishProgress(id: string): void {
    this.#progress.finish(id);
    this.#sendProgressState();
  }

  #sendProgressState(): void {
    this.#shop.outbox.send('progress_state', this.#progress.message(), this.clientId);
  }

  #cachedResult(id: string): CachedResult | undefined {
    const key = this.#keys.get(id);
    return key === undefined ? undefined : this.#shop.cache.get(key);
  }
}

/** The editor's workflow and whatever else the client wants inside its PNGs. */
function textsOf(pnginfo: Json | undefined): EmbeddedTexts {
  if (!isJsonObject(pnginfo)) return {};
  return Object.fromEntries(
    Object.entries(pnginfo).flatMap(([name, value]) => (isJsonObject(value) ? [[name, value]] : [])),
  );
}
