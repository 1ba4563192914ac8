import type { Clock } from './clock.ts';
import { createExecutionCache } from './execution/execution-cache.ts';
import { PromptQueue } from './execution/prompt-queue.ts';
import { PromptWorker } from './execution/prompt-worker.ts';
import type { MediaLibrary } from './media/media-library.ts';
import { isJsonObject, type Json, type JsonObject } from './protocol/json.ts';
import { errorOf, validatePrompt } from './protocol/validate-prompt.ts';
import type { Random } from './random.ts';
import type { Outbox } from './workshop.ts';

/** The answer to a posted prompt. */
export type Submission =
  | {
      readonly accepted: true;
      readonly promptId: string;
      readonly number: number;
      readonly nodeErrors: JsonObject;
    }
  | { readonly accepted: false; readonly error: JsonObject; readonly nodeErrors: JsonObject };

/** What outlives a restart, and what the process talks to. */
export interface ProcessSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly library: MediaLibrary;
  readonly outbox: Outbox;
  readonly speed: number;
  readonly gpuCount: number;
  readonly historyLimit: number;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** One life of the ComfyUI process: everything in here is gone after a restart. */
export class ServerProcess {
  readonly queue: PromptQueue;
  readonly worker: PromptWorker;

  readonly #surroundings: ProcessSurroundings;
  readonly #ids: Random;
  #nextNumber = 0;

  constructor(surroundings: ProcessSurroundings) {
    const { outbox, random, historyLimit } = surroundings;
    this.#surroundings = surroundings;
    this.#ids = random.fork('prompt ids');
    this.queue = new PromptQueue(historyLimit);
    this.queue.onChange = () => outbox.send('status', { status: this.status() }, null);
    this.worker = new PromptWorker({
      ...surroundings,
      queue: this.queue,
      cache: createExecutionCache(),
      random: random.fork('work'),
    });
  }

  /** The `status` that every client is sent. */
  status(): JsonObject {
    return { exec_info: { queue_remaining: this.queue.remaining } };
  }

  /** POST /prompt (server.py): checks the body and queues the prompt. */
  submit(body: JsonObject): Submission {
    const { prompt, client_id: clientId, prompt_id: wantedId, extra_data: extraData } = body;
    const number = this.#numberFor(body);
    if (prompt === undefined) {
      return refusal(errorOf('no_prompt', 'No prompt provided', 'No prompt provided'));
    }
    if (
      wantedId !== undefined &&
      wantedId !== null &&
      !(typeof wantedId === 'string' && uuidPattern.test(wantedId))
    ) {
      return refusal(
        errorOf(
          'invalid_prompt_id',
          'prompt_id must be a valid UUID',
          'prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one',
        ),
      );
    }
    const verdict = validatePrompt(prompt);
    if (!verdict.valid) return refusal(verdict.error, verdict.nodeErrors);
    const promptId = typeof wantedId === 'string' ? wantedId : this.#ids.uuid();
    const extra: JsonObject = {
      ...(isJsonObject(extraData) ? extraData : {}),
      ...(clientId === undefined ? {} : { client_id: clientId }),
      create_time: this.#surroundings.clock.now(),
    };
    this.queue.put([number, promptId, verdict.graph, extra, verdict.outputs]);
    this.worker.wake();
    return { accepted: true, promptId, number, nodeErrors: verdict.nodeErrors };
  }

  /** Interrupts the running prompt, or only this one; true when there was something to interrupt. */
  interrupt(promptId?: Json): boolean {
    const running = this.queue.running?.[1];
    if (running === undefined || (promptId && promptId !== running)) return false;
    this.worker.interrupt();
    return true;
  }

  /** Interrupts or dequeues; true when one of them happened. */
  cancel(promptId: string): boolean {
    if (this.queue.running?.[1] === promptId) return this.interrupt(promptId);
    return this.queue.delete(promptId);
  }

  /** Ends this life without a message. */
  kill(): void {
    this.queue.onChange = () => {};
    this.worker.halt();
    this.queue.forgetEverything();
  }

  #numberFor({ number, front }: JsonObject): number {
    if (typeof number === 'number') return number;
    const next = this.#nextNumber;
    this.#nextNumber += 1;
    return front === true ? -next : next;
  }
}

function refusal(error: JsonObject, nodeErrors: JsonObject = {}): Submission {
  return { accepted: false, error, nodeErrors };
}
