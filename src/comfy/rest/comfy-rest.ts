import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { hostNow } from '../host-clock.ts';
import { connectionProblem } from '../link/connection-problem.ts';
import type { ServerAccess } from '../link/server-access.ts';
import { ServerClock } from '../server-clock.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { JobAnswer } from '../wire/entries/decode-job.ts';
import type { EndedJob, JobsAnswer } from '../wire/entries/decode-jobs.ts';
import type { QueueAnswer } from '../wire/entries/decode-queue.ts';
import { decodeSystemStats, type SystemStats } from '../wire/system-stats.ts';
import { countOf, exactTextOf, listOf, objectOf, textOf } from '../wire/wire-values.ts';
import { NodeClasses } from './node-classes.ts';
import { RestClient, type RestOptions, type RestQuery } from './rest-client.ts';
import { RestError } from './rest-request.ts';
import { type ViewAnswer, type ViewOptions, viewFile } from './view-file.ts';

/** As much of a display name as a title can be, characters. */
const maxNameLength = 120;
/** What is read waits no longer for a name, ms. */
const namePatience = 2_000;
/** Whole graphs come with these: 100 queued prompts can be 10 MB. */
const maxGraphBytes = 64 * 2 ** 20;
/** Lists of jobs come without graphs. */
const maxListBytes = 16 * 2 ** 20;

export interface ComfyRestOptions {
  access: ServerAccess;
  /** The server's clock, which its answers also set. */
  clock?: ServerClock;
}

/** ComfyUI's REST interface, typed. Everything rejects with `RestError`. */
export class ComfyRest {
  readonly #client: RestClient;
  readonly #classes: NodeClasses;

  constructor({ access, clock = new ServerClock() }: ComfyRestOptions) {
    this.#client = new RestClient(access, clock);
    this.#classes = new NodeClasses({
      ask: (classType, signal) => this.#displayName(classType, signal),
      elapsed: () => performance.now(),
    });
  }

  /** The server's base address. */
  get url(): string {
    return this.#client.url;
  }

  async systemStats(options: RestOptions = {}): Promise<SystemStats> {
    const answer = await this.#client.json('/system_stats', options);
    return decodeSystemStats(answer, hostNow()) ?? refuse('/system_stats');
  }

  /** How many prompts run and wait: a few bytes, whatever they are. */
  async queueLength(options: RestOptions = {}): Promise<number> {
    const answer = await this.#client.json('/prompt', options);
    return countOf(objectOf(objectOf(answer).exec_info).queue_remaining) ?? refuse('/prompt');
  }

  async queue(options: RestOptions = {}): Promise<QueueAnswer> {
    const answer =
      (await this.#client.answer('queue', '/queue', { ...options, maxBytes: maxGraphBytes })) ??
      refuse('/queue');
    const settle = <T extends { title: string | null }>(prompts: T[]) =>
      this.#classes.settle(prompts, options.signal);
    return {
      running: await settle(answer.running),
      pending: await settle(answer.pending),
      descriptions: await settle(answer.descriptions),
    };
  }

  /** Running and pending prompts without their graphs: the cheap way to poll (ComfyUI 0.7 on). */
  async liveJobs(options: RestOptions = {}): Promise<JobsAnswer> {
    return this.#jobs({ status: 'in_progress,pending' }, options);
  }

  /** The prompts that ended, those queued last first, at most `limit`. */
  async endedJobs({ limit, signal }: RestOptions & { limit: number }): Promise<EndedJob[]> {
    const query = { status: 'completed,failed,cancelled', sort_order: 'desc', limit };
    return (await this.#jobs(query, { signal })).finished;
  }

  /** What `/api/jobs/{id}` says of a prompt, or null if the server knows neither the prompt nor the route. */
  async jobOf(promptId: string, options: RestOptions = {}): Promise<JobAnswer | null> {
    try {
      const answer = await this.#client.answer('job', jobRoute(promptId), graphs(promptId, options));
      const { entry, description } = answer ?? refuse('/api/jobs/{id}');
      const { signal } = options;
      const [settledEntry = null] = await this.#classes.settle(entry ? [entry] : [], signal);
      const [settledDescription = null] = await this.#classes.settle(
        description ? [description] : [],
        signal,
      );
      return { entry: settledEntry, description: settledDescription };
    } catch (error) {
      if (error instanceof RestError && error.problem.status === 404) return null;
      throw error;
    }
  }

  /** The `maxItems` newest entries, oldest first. */
  async history({ maxItems, signal }: RestOptions & { maxItems: number }): Promise<ReadEntry[]> {
    const query = { max_items: maxItems };
    const entries = await this.#client.answer('history', '/history', {
      query,
      maxBytes: maxGraphBytes,
      signal,
    });
    return this.#classes.settle(entries ?? refuse('/history'), signal);
  }

  /** The entry of one prompt, or null while it is not in the history. */
  async historyOf(promptId: string, options: RestOptions = {}): Promise<ReadEntry | null> {
    const answer = await this.#client.answer('entry', historyRoute(promptId), graphs(promptId, options));
    const { entry } = answer ?? refuse('/history');
    const [settled = null] = await this.#classes.settle(entry ? [entry] : [], options.signal);
    return settled;
  }

  /** The workflow of a prompt as `workflowOfEntry` gives it, or null while it is not in the history. */
  async workflowOf(promptId: string, options: RestOptions = {}): Promise<string | null> {
    const answer = await this.#client.answer('workflow', historyRoute(promptId), graphs(promptId, options));
    return answer.workflow;
  }

  /** What ComfyUI calls a class of nodes, from `/object_info/{class}`; null if it has none of that name. */
  async #displayName(classType: string, signal: AbortSignal | undefined): Promise<string | null> {
    const route = `/object_info/${encodeURIComponent(classType)}`;
    const soon = AbortSignal.timeout(namePatience);
    const options = { signal: signal ? AbortSignal.any([signal, soon]) : soon };
    const answer = await this.#client.json(route, options);
    return textOf(objectOf(objectOf(answer)[classType]).display_name, maxNameLength);
  }

  /**
   * Absolute paths of the folders with custom nodes, from `/internal/folder_paths` ("internal, may
   * change"); empty if the server does not say.
   */
  async customNodeFolders(options: RestOptions = {}): Promise<string[]> {
    const answer = await this.#client.json('/internal/folder_paths', options);
    return listOf(objectOf(answer).custom_nodes, 50).flatMap((path) => exactTextOf(path, 4_096) ?? []);
  }

  /** Whether the Crystools extension answers; its own route says so before its first message does. */
  async hasCrystools(options: RestOptions = {}): Promise<boolean> {
    return this.#client.json('/crystools/monitor/GPU', options).then(
      () => true,
      () => false,
    );
  }

  /** Version of our companion custom node; null where it is not installed. */
  async companionVersion(options: RestOptions = {}): Promise<string | null> {
    try {
      const answer = await this.#client.json('/comfy_monitor/info', options);
      return textOf(objectOf(answer).version, 40) ?? null;
    } catch (error) {
      if (error instanceof RestError && error.missing) return null;
      throw error;
    }
  }

  /** An executed file, as it is or as a light copy. */
  view(file: MediaFile, options: ViewOptions): Promise<ViewAnswer> {
    return viewFile(this.#client, file, options);
  }

  /**
   * Asks our companion node to pass on what concerns other clients' prompts to this client, too. Each preview costs
   * the server an encoding and the way here, so they come only if they are wanted.
   */
  async relayTo(clientId: string, previews: boolean, options: RestOptions = {}): Promise<void> {
    const body = { client_id: clientId, previews, telemetry: true };
    await this.#client.send('POST', '/comfy_monitor/relay', body, options);
  }

  /** Asks for new lines of the terminal as `logs` messages to this client, or for no more of them. */
  async followLog(clientId: string, on: boolean, options: RestOptions = {}): Promise<void> {
    await this.#client.send('PATCH', '/internal/logs/subscribe', { clientId, enabled: on }, options);
  }

  /**
   * Cancels a prompt whether it waits or runs (ComfyUI 0.26 on), and never another one. False if it did neither
   * any more; null where the server does not have this.
   */
  async cancelJob(promptId: string, options: RestOptions = {}): Promise<boolean | null> {
    return this.#cancel(`${jobRoute(promptId)}/cancel`, undefined, options);
  }

  /** The same for many; such servers take only canonical UUIDs here. */
  async cancelJobs(promptIds: readonly string[], options: RestOptions = {}): Promise<boolean | null> {
    return this.#cancel('/api/jobs/cancel', { job_ids: promptIds }, options);
  }

  /** Interrupts a prompt if it runs; servers from before 2025 interrupt whatever runs. */
  async interrupt(promptId: string, options: RestOptions = {}): Promise<void> {
    await this.#client.send('POST', '/interrupt', { prompt_id: promptId }, options);
  }

  /** Removes prompts that wait in the queue; those that run or are unknown are left alone. */
  async cancelPending(promptIds: readonly string[], options: RestOptions = {}): Promise<void> {
    await this.#client.send('POST', '/queue', { delete: promptIds }, options);
  }

  /** Removes everything that waits in the queue; what runs goes on. */
  async clearPending(options: RestOptions = {}): Promise<void> {
    await this.#client.send('POST', '/queue', { clear: true }, options);
  }

  /** Asks to unload models and free memory; the server does so when it is next between two prompts. */
  async freeMemory(options: RestOptions = {}): Promise<void> {
    await this.#client.send('POST', '/free', { unload_models: true, free_memory: true }, options);
  }

  async #jobs(query: RestQuery, { signal }: RestOptions): Promise<JobsAnswer> {
    const answer = await this.#client.answer('jobs', '/api/jobs', { query, maxBytes: maxListBytes, signal });
    return answer ?? refuse('/api/jobs');
  }

  async #cancel(route: string, body: unknown, options: RestOptions): Promise<boolean | null> {
    try {
      return objectOf(await this.#client.postForJson(route, body, options)).cancelled === true;
    } catch (error) {
      if (error instanceof RestError && (error.missing || error.problem.kind === 'server-error')) return null;
      throw error;
    }
  }
}

/** Options for what is answered with the whole graph of one prompt. */
function graphs(promptId: string, { signal }: RestOptions) {
  return { maxBytes: maxGraphBytes, promptId, signal };
}

function jobRoute(promptId: string): string {
  return `/api/jobs/${encodeURIComponent(promptId)}`;
}

function historyRoute(promptId: string): string {
  return `/history/${encodeURIComponent(promptId)}`;
}

function refuse(route: string): never {
  throw new RestError(connectionProblem('not-comfyui', `${route} gave JSON that ComfyUI does not send`, 200));
}
