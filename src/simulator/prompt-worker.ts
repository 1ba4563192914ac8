import { type Clock, Timers } from './clock.ts';
import { cacheKeysOf, type ExecutionCache } from './execution-cache.ts';
import { failureReport } from './execution-error.ts';
import { executionPlan } from './execution-plan.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { MachineLoad } from './machine-load.ts';
import type { EmbeddedTexts } from './media-content.ts';
import type { MediaLibrary } from './media-library.ts';
import type {
  ImageBatch,
  NodeCall,
  NodeClass,
  NodeFailure,
  NodeValue,
  NodeWork,
  Tick,
} from './node-class.ts';
import { NODE_CLASSES } from './node-registry.ts';
import { ProgressRegistry } from './progress-registry.ts';
import { linkOf, type PromptNode } from './prompt-graph.ts';
import type { PromptQueue, QueueItem, StatusMessage } from './prompt-queue.ts';
import type { Random } from './random.ts';

/** Where the worker's messages go; a null client means everybody. */
export interface Outbox {
  send(type: string, data: JsonObject, clientId: string | null): void;
  /** A preview goes out as frame type 4 to clients that asked for it, else as type 1, each at its own moment. */
  sendPreview(form: 'with metadata' | 'plain', preview: Preview, clientId: string | null): void;
  /** False when nobody would see a preview, so that none need be painted. */
  wantsPreviews(): boolean;
}

export interface Preview {
  readonly nodeId: string;
  readonly promptId: string;
  readonly images: ImageBatch;
  /** How far the picture has come, fraction 0–1. */
  readonly fraction: number;
}

/** What the worker works with. */
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

/** A prompt being executed. */
interface Run {
  readonly item: QueueItem;
  readonly promptId: string;
  readonly clientId: string | null;
  readonly keys: ReadonlyMap<string, string>;
  readonly progress: ProgressRegistry;
  readonly messages: StatusMessage[];
  readonly executed: string[];
  readonly values: Map<string, readonly NodeValue[]>;
  readonly outputs: Map<string, JsonObject>;
  plan: readonly string[];
}

/** At most one preview in this much work, in ms at speed 1. */
const PREVIEW_INTERVAL = 180;

/**
 * Takes prompts from the queue and runs them one at a time, sending exactly what ComfyUI's prompt_worker and
 * PromptExecutor send, in their order and to the same clients (main.py, execution.py).
 */
export class PromptWorker {
  /** The submitter of the last prompt taken; reconnecting under this id is told the current node. */
  clientId: string | null = null;
  /** The node being executed for that client. */
  lastNodeId: string | null = null;

  private readonly shop: Workshop;
  private readonly timers: Timers;
  private readonly residentBytes: number[];
  private activity: MachineLoad['activity'] = 'idle';
  private gpu = 0;
  private run: Run | undefined;
  private interrupted = false;
  private freeing: { models: boolean; cache: boolean } = { models: false, cache: false };

  constructor(shop: Workshop) {
    this.shop = shop;
    this.timers = new Timers(shop.clock);
    this.residentBytes = Array.from({ length: Math.max(1, shop.gpuCount) }, () => 0);
  }

  get load(): MachineLoad {
    return { activity: this.activity, gpu: this.gpu, residentBytes: [...this.residentBytes] };
  }

  /** Takes up work if there is any and none is being done. */
  wake(): void {
    if (this.run) return;
    const item = this.shop.queue.take();
    if (item) this.begin(item);
    else this.freeMemory();
  }

  /** Stops the running prompt at its next step; nothing happens when none runs. */
  interrupt(): void {
    this.interrupted = true;
  }

  /** Unloads models, and forgets cached results too when asked, once no prompt is running. */
  requestFree(models: boolean, cache: boolean): void {
    this.freeing = { models: this.freeing.models || models || cache, cache: this.freeing.cache || cache };
    if (!this.run) this.freeMemory();
  }

  /** Drops everything at once without telling anybody, as a process that is killed. */
  halt(): void {
    this.timers.clear();
    this.run = undefined;
    this.clientId = null;
    this.lastNodeId = null;
    this.activity = 'idle';
    this.residentBytes.fill(0);
  }

  private begin(item: QueueItem): void {
    const [, promptId, graph, extraData, outputs] = item;
    const client = extraData.client_id;
    const run: Run = {
      item,
      promptId,
      clientId: typeof client === 'string' ? client : null,
      keys: cacheKeysOf(graph),
      progress: new ProgressRegistry(promptId),
      messages: [],
      executed: [],
      values: new Map(),
      outputs: new Map(),
      plan: [],
    };
    this.run = run;
    this.interrupted = false;
    this.clientId = run.clientId;
    this.gpu = (this.gpu + 1) % this.residentBytes.length;
    this.addMessage(run, 'execution_start', { prompt_id: promptId });
    const cached = Object.keys(graph).filter((id) => this.cachedResult(run, id) !== undefined);
    this.addMessage(run, 'execution_cached', { nodes: cached, prompt_id: promptId });
    run.plan = executionPlan(graph, outputs, (id) => cached.includes(id));
    this.proceed(run, 0);
  }

  /** Goes through the plan until a node takes time or the plan is done. */
  private proceed(run: Run, start: number): void {
    for (let index = start; index < run.plan.length; index += 1) {
      const id = run.plan[index];
      const node = id === undefined ? undefined : run.item[2][id];
      const nodeClass = node && NODE_CLASSES.get(node.class_type);
      if (id === undefined || !node || !nodeClass) continue;
      if (!this.reuse(run, id)) {
        this.execute(run, id, node, nodeClass, () => this.proceed(run, index + 1));
        return;
      }
    }
    this.addMessage(run, 'execution_success', { prompt_id: run.promptId });
    this.finish(run, 'success');
  }

  /** Announces a cached node again; false when it is not cached. */
  private reuse(run: Run, id: string): boolean {
    const cached = this.cachedResult(run, id);
    if (!cached) return false;
    // Without a client ComfyUI returns before it notes the output, so the history of such a prompt lacks it.
    if (run.clientId !== null) {
      if (cached.executed) run.outputs.set(id, cached.executed);
      this.sendExecuted(run, id, cached.executed ?? null);
    }
    run.progress.finish(id);
    this.sendProgressState(run);
    return true;
  }

  private execute(run: Run, id: string, node: PromptNode, nodeClass: NodeClass, next: () => void): void {
    run.progress.start(id);
    this.sendProgressState(run);
    if (run.clientId !== null) {
      this.lastNodeId = id;
      this.shop.outbox.send(
        'executing',
        { node: id, display_node: id, prompt_id: run.promptId },
        run.clientId,
      );
    }
    if (this.interrupted) {
      this.fail(run, id, 'interrupted');
      return;
    }
    const call = this.callOf(run, id, node, nodeClass);
    const work = nodeClass.run(call);
    this.activity = work.activity;
    if (work.modelBytes !== undefined && work.activity !== 'reading model') {
      this.residentBytes[this.gpu] = work.modelBytes;
    }
    this.tick(run, id, work, 0, 0, () => {
      if (work.failure) {
        this.fail(run, id, { failure: work.failure, inputs: call.inputs });
        return;
      }
      const written = this.shop.library.written(work.executed);
      if (!written) {
        this.complete(run, id, nodeClass, work, next);
        return;
      }
      // A restart in the meantime makes this run nobody's business any more.
      const isCurrent = () => this.run === run;
      written.then(
        () => isCurrent() && this.complete(run, id, nodeClass, work, next),
        (error: unknown) =>
          isCurrent() && this.fail(run, id, { failure: writeFailure(error), inputs: call.inputs }),
      );
    });
  }

  /** Lives through the beats of a node's work. */
  private tick(
    run: Run,
    id: string,
    work: NodeWork,
    index: number,
    sincePreview: number,
    done: () => void,
  ): void {
    const beat = work.ticks[index];
    if (!beat) {
      done();
      return;
    }
    this.timers.after(beat.ms / this.shop.speed, () => {
      // A node that never looks up (one long beat) notices an interrupt only after itself.
      if (this.interrupted && (beat.progress || work.ticks.length > 1)) {
        this.fail(run, id, 'interrupted');
        return;
      }
      const elapsed = sincePreview + beat.ms;
      const isDue = elapsed >= PREVIEW_INTERVAL || index === work.ticks.length - 1;
      this.showProgress(run, id, beat, isDue);
      this.tick(run, id, work, index + 1, isDue ? 0 : elapsed, done);
    });
  }

  private showProgress(run: Run, id: string, { progress, preview }: Tick, isDue: boolean): void {
    if (!progress) return;
    const { outbox } = this.shop;
    const { promptId, clientId } = run;
    run.progress.update(id, progress.value, progress.max);
    this.sendProgressState(run);
    const frame: Preview | undefined =
      preview && isDue && outbox.wantsPreviews() ? { nodeId: id, promptId, ...preview } : undefined;
    if (frame) outbox.sendPreview('with metadata', frame, clientId);
    outbox.send('progress', { ...progress, prompt_id: promptId, node: id }, clientId);
    if (frame) outbox.sendPreview('plain', frame, clientId);
  }

  private complete(run: Run, id: string, nodeClass: NodeClass, work: NodeWork, next: () => void): void {
    run.values.set(id, work.outputs);
    if (work.executed) {
      run.outputs.set(id, work.executed);
      if (run.clientId !== null) this.sendExecuted(run, id, work.executed);
    }
    const key = run.keys.get(id);
    if (key !== undefined && !nodeClass.alwaysRuns) {
      this.shop.cache.set(key, { outputs: work.outputs, executed: work.executed });
    }
    run.progress.finish(id);
    this.sendProgressState(run);
    run.executed.push(id);
    next();
  }

  private fail(
    run: Run,
    id: string,
    reason: 'interrupted' | { failure: NodeFailure; inputs: NodeCall['inputs'] },
  ): void {
    const about = {
      prompt_id: run.promptId,
      node_id: id,
      node_type: run.item[2][id]?.class_type ?? '',
      executed: [...run.executed],
    };
    if (reason === 'interrupted') {
      this.addMessage(run, 'execution_interrupted', about, 'everybody too');
    } else {
      if (reason.failure.outOfMemory) this.residentBytes.fill(0);
      this.addMessage(run, 'execution_error', {
        ...about,
        ...failureReport(reason.failure, reason.inputs),
        current_outputs: Object.keys(run.item[2]).filter((other) => this.cachedResult(run, other)),
      });
    }
    this.finish(run, 'error');
  }

  private finish(run: Run, status: 'success' | 'error'): void {
    this.activity = 'idle';
    this.lastNodeId = null;
    this.run = undefined;
    this.shop.queue.finish({
      prompt: run.item,
      outputs: Object.fromEntries(run.outputs),
      status: { status_str: status, completed: status === 'success', messages: run.messages },
      meta: Object.fromEntries(
        [...run.outputs.keys()].map((id) => [
          id,
          { node_id: id, display_node: id, parent_node: null, real_node_id: id },
        ]),
      ),
    });
    if (run.clientId !== null) {
      this.shop.outbox.send('executing', { node: null, prompt_id: run.promptId }, run.clientId);
    }
    this.freeMemory();
    this.timers.after(0, () => this.wake());
  }

  private freeMemory(): void {
    if (this.freeing.models) this.residentBytes.fill(0);
    if (this.freeing.cache) this.shop.cache.clear();
    this.freeing = { models: false, cache: false };
  }

  private cachedResult(run: Run, id: string) {
    const key = run.keys.get(id);
    return key === undefined ? undefined : this.shop.cache.get(key);
  }

  private callOf(run: Run, id: string, node: PromptNode, nodeClass: NodeClass): NodeCall {
    const specs = { ...nodeClass.optional, ...nodeClass.required };
    const inputs: Record<string, NodeValue> = {};
    for (const [name, [type]] of Object.entries(specs)) {
      const value = node.inputs[name];
      const link = linkOf(value);
      if (link) {
        const source = run.values.get(link.node) ?? this.cachedResult(run, link.node)?.outputs;
        const received = source?.[link.socket];
        if (received) inputs[name] = received;
      } else if (value !== undefined) {
        const isNumber = type === 'INT' || type === 'FLOAT';
        inputs[name] = { kind: 'literal', value: isNumber ? Number(value) : value };
      }
    }
    const pnginfo = run.item[3].extra_pnginfo;
    return {
      nodeId: id,
      inputs,
      random: this.shop.random.fork(`${run.promptId}/${id}`),
      save: (folder, prefix, content) =>
        this.shop.library.save(folder, prefix, content, { prompt: run.item[2], ...asTexts(pnginfo) }),
    };
  }

  private sendExecuted(run: Run, id: string, output: JsonObject | null): void {
    this.shop.outbox.send(
      'executed',
      { node: id, display_node: id, output, prompt_id: run.promptId },
      run.clientId,
    );
  }

  private sendProgressState(run: Run): void {
    this.shop.outbox.send('progress_state', run.progress.message(), run.clientId);
  }

  /** Keeps a message with the prompt, and sends it when there is a client or it is meant for everybody. */
  private addMessage(run: Run, type: string, data: JsonObject, audience?: 'everybody too'): void {
    const message = { ...data, timestamp: this.shop.clock.now() };
    run.messages.push([type, message]);
    if (run.clientId !== null || audience) this.shop.outbox.send(type, message, run.clientId);
  }
}

function writeFailure(error: unknown): NodeFailure {
  return { type: 'OSError', message: error instanceof Error ? error.message : String(error), frames: [] };
}

/** The editor's workflow and whatever else the client wants inside its PNGs. */
function asTexts(pnginfo: JsonObject[string]): EmbeddedTexts {
  if (!isJsonObject(pnginfo)) return {};
  return Object.fromEntries(
    Object.entries(pnginfo).flatMap(([name, value]) => (isJsonObject(value) ? [[name, value]] : [])),
  );
}
