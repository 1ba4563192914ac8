import { Timers } from '../clock.ts';
import type { MachineLoad } from '../machine-load.ts';
import type { NodeCall, NodeClass, NodeFailure, NodeWork, Tick } from '../nodes/node-class.ts';
import { nodeClasses } from '../nodes/node-registry.ts';
import type { Preview, Workshop } from '../workshop.ts';
import { failureReport } from './execution-error.ts';
import { executionPlan } from './execution-plan.ts';
import type { PromptNode } from './prompt-graph.ts';
import type { QueueItem } from './prompt-queue.ts';
import { PromptRun } from './prompt-run.ts';

/** At most one preview in this much work, in ms at speed 1. */
const previewInterval = 180;

/**
 * Takes prompts from the queue and runs them one at a time, sending exactly what ComfyUI's prompt_worker and
 * PromptExecutor send, in their order and to the same clients (main.py, execution.py).
 */
export class PromptWorker {
  /** The submitter of the last prompt taken; a client that reconnects under this id is sent the current node. */
  clientId: string | null = null;
  /** The node being executed for that client. */
  lastNodeId: string | null = null;

  readonly #shop: Workshop;
  readonly #timers: Timers;
  readonly #residentBytes: number[];
  #activity: MachineLoad['activity'] = 'idle';
  #gpu = 0;
  #run: PromptRun | undefined;
  #interrupted = false;
  #freeing = { models: false, cache: false };

  constructor(shop: Workshop) {
    this.#shop = shop;
    this.#timers = new Timers(shop.clock);
    this.#residentBytes = Array.from({ length: Math.max(1, shop.gpuCount) }, () => 0);
  }

  get load(): MachineLoad {
    return { activity: this.#activity, gpu: this.#gpu, residentBytes: [...this.#residentBytes] };
  }

  /** Takes up work if there is any and none is being done. */
  wake(): void {
    if (this.#run) return;
    const item = this.#shop.queue.take();
    if (item) this.#begin(item);
    else this.#freeMemory();
  }

  /** Stops the running prompt at its next step; nothing happens when none runs. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** Unloads models, and forgets cached results too when asked, once no prompt is running. */
  requestFree(models: boolean, cache: boolean): void {
    this.#freeing = { models: this.#freeing.models || models || cache, cache: this.#freeing.cache || cache };
    if (!this.#run) this.#freeMemory();
  }

  /** Drops everything at once without a message, as a process that is killed. */
  halt(): void {
    this.#timers.clear();
    this.#run = undefined;
    this.clientId = null;
    this.lastNodeId = null;
    this.#activity = 'idle';
    this.#residentBytes.fill(0);
  }

  #begin(item: QueueItem): void {
    const run = new PromptRun(item, this.#shop);
    this.#run = run;
    this.#interrupted = false;
    this.clientId = run.clientId;
    this.#gpu = (this.#gpu + 1) % this.#residentBytes.length;
    run.addMessage('execution_start', { prompt_id: run.promptId });
    const cached = run.cachedNodes();
    run.addMessage('execution_cached', { nodes: cached, prompt_id: run.promptId });
    this.#proceed(
      run,
      executionPlan(run.graph, run.outputsToExecute, (id) => cached.includes(id)),
    );
  }

  /** Goes through the plan until a node takes time or the plan is done. */
  #proceed(run: PromptRun, plan: readonly string[]): void {
    const index = plan.findIndex((id) => !run.reuse(id));
    const id = plan[index];
    const node = id === undefined ? undefined : run.graph[id];
    const nodeClass = node && nodeClasses.get(node.class_type);
    if (id !== undefined && node && nodeClass) {
      this.#execute(run, id, node, nodeClass, () => this.#proceed(run, plan.slice(index + 1)));
      return;
    }
    run.addMessage('execution_success', { prompt_id: run.promptId });
    this.#finish(run, 'success');
  }

  #execute(run: PromptRun, id: string, node: PromptNode, nodeClass: NodeClass, next: () => void): void {
    run.start(id);
    if (run.clientId !== null) this.lastNodeId = id;
    if (this.#interrupted) {
      this.#fail(run, id, 'interrupted');
      return;
    }
    const call = run.callOf(id, node, nodeClass);
    const work = this.#blockedWork(run, id, nodeClass, call) ?? nodeClass.run(call);
    this.#activity = work.activity;
    if (work.modelBytes !== undefined && work.activity !== 'reading model') {
      this.#residentBytes[this.#gpu] = work.modelBytes;
    }
    if (work.announces !== undefined) this.#shop.outbox.sendText(id, work.announces);
    const complete = () => {
      run.complete(id, nodeClass, work);
      next();
    };
    this.#tick(run, id, work, 0, 0, () => {
      if (work.failure) {
        this.#fail(run, id, { failure: work.failure, inputs: call.inputs });
        return;
      }
      const written = this.#shop.library.written(work.executed);
      if (!written) {
        complete();
        return;
      }
      // A restart in the meantime leaves nothing to report of this run.
      const isCurrent = () => this.#run === run;
      written.then(
        () => isCurrent() && complete(),
        (error: unknown) =>
          isCurrent() && this.#fail(run, id, { failure: writeFailure(error), inputs: call.inputs }),
      );
    });
  }

  /**
   * A node whose input is blocked does not run. The first one says so in an `execution_error` without a timestamp
   * that goes to all clients when there is no submitter and is not remembered; the prompt goes on and succeeds.
   */
  #blockedWork(run: PromptRun, id: string, nodeClass: NodeClass, call: NodeCall): NodeWork | undefined {
    const block = Object.values(call.inputs).find((value) => value.kind === 'blocked');
    if (!block) return undefined;
    if (block.message !== undefined) {
      this.#shop.outbox.send(
        'execution_error',
        {
          prompt_id: run.promptId,
          node_id: id,
          node_type: nodeClass.name,
          executed: [...run.executed],
          exception_message: `Execution Blocked: ${block.message}`,
          exception_type: 'ExecutionBlocked',
          traceback: [],
          current_inputs: [],
          current_outputs: [],
        },
        run.clientId,
      );
    }
    return { activity: 'idle', ticks: [], outputs: nodeClass.outputs.map(() => ({ kind: 'blocked' })) };
  }

  /** Goes through the steps of a node's work. */
  #tick(
    run: PromptRun,
    id: string,
    work: NodeWork,
    index: number,
    sincePreview: number,
    done: () => void,
  ): void {
    const step = work.ticks[index];
    if (!step) {
      done();
      return;
    }
    this.#timers.after(step.ms / this.#shop.speed, () => {
      // A node that never looks up (one long step) notices an interrupt only after itself.
      if (this.#interrupted && (step.progress || work.ticks.length > 1)) {
        this.#fail(run, id, 'interrupted');
        return;
      }
      const elapsed = sincePreview + step.ms;
      const isDue = elapsed >= previewInterval || index === work.ticks.length - 1;
      this.#showProgress(run, id, step, isDue);
      this.#tick(run, id, work, index + 1, isDue ? 0 : elapsed, done);
    });
  }

  #showProgress(run: PromptRun, id: string, { progress, preview }: Tick, isDue: boolean): void {
    if (!progress) return;
    const { outbox } = this.#shop;
    const { promptId, clientId } = run;
    run.step(id, progress.value, progress.max);
    const frame: Preview | undefined =
      preview && isDue && outbox.wantsPreviews() ? { nodeId: id, promptId, ...preview } : undefined;
    if (frame) outbox.sendPreview('with metadata', frame, clientId);
    outbox.send('progress', { ...progress, prompt_id: promptId, node: id }, clientId);
    if (frame) outbox.sendPreview('plain', frame, clientId);
  }

  #fail(
    run: PromptRun,
    id: string,
    reason: 'interrupted' | { failure: NodeFailure; inputs: NodeCall['inputs'] },
  ): void {
    const about = {
      prompt_id: run.promptId,
      node_id: id,
      node_type: run.graph[id]?.class_type ?? '',
      executed: [...run.executed],
    };
    if (reason === 'interrupted') {
      run.addMessage('execution_interrupted', about, 'all clients');
    } else {
      if (reason.failure.outOfMemory) this.#residentBytes.fill(0);
      run.addMessage('execution_error', {
        ...about,
        ...failureReport(reason.failure, reason.inputs),
        current_outputs: run.cachedNodes(),
      });
    }
    this.#finish(run, 'error');
  }

  #finish(run: PromptRun, status: 'success' | 'error'): void {
    this.#activity = 'idle';
    this.lastNodeId = null;
    this.#run = undefined;
    this.#shop.queue.finish(run.historyEntry(status));
    run.sendToClient('executing', { node: null, prompt_id: run.promptId });
    this.#freeMemory();
    this.#timers.after(0, () => this.wake());
  }

  #freeMemory(): void {
    if (this.#freeing.models) this.#residentBytes.fill(0);
    if (this.#freeing.cache) this.#shop.cache.clear();
    this.#freeing = { models: false, cache: false };
  }
}

function writeFailure(error: unknown): NodeFailure {
  return { type: 'OSError', message: error instanceof Error ? error.message : String(error), frames: [] };
}
