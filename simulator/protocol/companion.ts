import { linksOf, type PromptGraph } from '../execution/prompt-graph.ts';
import type { QueueItem } from '../execution/prompt-queue.ts';
import type { ServerProcess } from '../server-process.ts';
import type { ClientSockets } from './client-sockets.ts';
import { isJsonArray, type Json, type JsonObject } from './json.ts';

interface Wishes {
  readonly previews: boolean;
  readonly telemetry: boolean;
}

/** The monitor's companion node (see `companion/`) as far as it shows on the wire. */
export class Companion {
  readonly info: JsonObject = {
    name: 'comfy-monitor-companion',
    version: '0.2.0',
    protocol: 1,
    telemetry: true,
  };

  readonly #sockets: ClientSockets;
  readonly #process: () => ServerProcess;
  /** Clients that want to hear of the machine. */
  readonly #measuredFor = new Set<string>();
  /** The messages that opened the running prompt: they are sent again to clients that come later. */
  #begun: [type: string, data: JsonObject][] = [];

  constructor(sockets: ClientSockets, process: () => ServerProcess) {
    this.#sockets = sockets;
    this.#process = process;
  }

  /** Relays all prompts to a client, and what else it wants; false if it is not connected. */
  relayTo(clientId: string, { previews, telemetry }: Wishes): boolean {
    if (!this.#sockets.listenIn(clientId, previews)) return false;
    if (telemetry) this.#measuredFor.add(clientId);
    else this.#measuredFor.delete(clientId);
    const { queue, worker } = this.#process();
    if (!queue.running) return true;
    for (const [type, data] of this.#begun) this.#sockets.send(type, data, clientId);
    this.#sockets.send('comfy_monitor.plan', planMessage(queue.running, this.#cached), clientId);
    const node = worker.lastNodeId;
    if (node !== null) {
      const data = { node, display_node: node, prompt_id: queue.running[1] };
      this.#sockets.send('executing', data, clientId);
    }
    return true;
  }

  /** Tells those who want it what was measured. */
  measured(telemetry: () => JsonObject): void {
    if (this.#measuredFor.size === 0) return;
    const data = telemetry();
    for (const id of this.#measuredFor) {
      if (this.#sockets.isOpen(id)) this.#sockets.send('comfy_monitor.telemetry', data, id);
      else this.#measuredFor.delete(id);
    }
  }

  /** Called with what is sent: once it is known which nodes need not run, the plan follows. */
  sent(type: string, data: JsonObject): void {
    if (type === 'execution_start') this.#begun = [[type, data]];
    if (type !== 'execution_cached') return;
    this.#begun.push([type, data]);
    const { running } = this.#process().queue;
    if (running) this.#sockets.sendToListeners('comfy_monitor.plan', planMessage(running, this.#cached));
  }

  get #cached(): string[] {
    const nodes: Json | undefined = this.#begun.find(([type]) => type === 'execution_cached')?.[1].nodes;
    return isJsonArray(nodes) ? nodes.filter((id) => typeof id === 'string') : [];
  }
}

/** What a prompt consists of, and how much of it has to run. */
function planMessage([, promptId, graph, , outputs]: QueueItem, cached: readonly string[]): JsonObject {
  const reached = reach(graph, outputs, new Set());
  const toRun = reach(graph, outputs, new Set(cached)).size;
  const nodes = [...reached].map((id) => {
    const node = graph[id];
    return [id, { class_type: node?.class_type ?? '', title: node?._meta?.title ?? null }] as const;
  });
  return {
    prompt_id: promptId,
    total: reached.size,
    to_run: toRun,
    cached: reached.size - toRun,
    nodes: Object.fromEntries(nodes),
  };
}

/** Everything the outputs depend on, but never past a node whose result is reused. */
function reach(graph: PromptGraph, outputs: readonly string[], stopAt: ReadonlySet<string>): Set<string> {
  const reached = new Set(outputs.filter((id) => !stopAt.has(id)));
  // A set also walks what is added on the way.
  for (const id of reached) {
    const node = graph[id];
    for (const link of node ? linksOf(node) : []) if (!stopAt.has(link.node)) reached.add(link.node);
  }
  return reached;
}
