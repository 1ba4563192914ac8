import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { hostNow } from '../host-clock.ts';
import { NodeClasses } from '../jobs/node-classes.ts';
import { ServerClock } from '../jobs/server-clock.ts';
import { restUrl } from '../link/address.ts';
import { connectionProblem } from '../link/connection-problem.ts';
import type { ServerAccess } from '../link/server-access.ts';
import type { ReadEntry } from '../wire/entries/decode-history.ts';
import type { JobAnswer } from '../wire/entries/decode-job.ts';
import type { EndedJob, JobsAnswer } from '../wire/entries/decode-jobs.ts';
import type { QueueAnswer } from '../wire/entries/decode-queue.ts';
import { decodeSystemStats, type SystemStats } from '../wire/system-stats.ts';
import { countOf, exactTextOf, listOf, objectOf, textOf } from '../wire/wire-values.ts';
import type { AnswerName, Answers } from './rest-answers.ts';
import { openRequest, RestError, type RestRequest, requestAnswer, requestJson } from './rest-request.ts';

/** A busy server can stall for seconds: garbage collection, loading a model. */
const timeout = 10_000;
const mebibyte = 2 ** 20;
/** As much of a display name as a title can be. */
const maxNameLength = 120;
/** What is read waits no longer for a name, ms. */
const namePatience = 2_000;
/** Whole graphs come with these: 100 queued prompts can be 10 MB. */
const maxGraphBytes = 64 * mebibyte;

/** A file as `/view` sends it, not yet read. Whoever asked for it reads or cancels the body. */
export interface ViewAnswer {
  status: number;
  headers: {
    contentType: string;
    /** Bytes of the body; null if the server does not say. */
    contentLength: number | null;
    /** Which part of the file this is, for 206 and 416, for example `bytes 0-99/1000`. */
    contentRange: string | null;
    /** Tells this state of the file from others of the same name; null if the server does not say. */
    version: string | null;
  };
  body: ReadableStream<Uint8Array> | null;
}

export interface RestOptions {
  signal?: AbortSignal | undefined;
}

export interface ComfyRestOptions {
  access: ServerAccess;
  /** The server's clock, which its answers also set. */
  clock?: ServerClock;
}

/** ComfyUI's REST interface, typed. Everything rejects with `RestError`. */
export class ComfyRest {
  readonly #access: ServerAccess;
  readonly #clock: ServerClock;
  readonly #classes: NodeClasses;

  constructor({ access, clock = new ServerClock() }: ComfyRestOptions) {
    this.#access = access;
    this.#clock = clock;
    this.#classes = new NodeClasses({
      ask: (classType, signal) => this.#displayName(classType, signal),
      elapsed: () => performance.now(),
    });
  }

  /** The server's base address. */
  get url(): string {
    return this.#access.url;
  }

  async systemStats(options: RestOptions = {}): Promise<SystemStats> {
    const answer = await this.#json('/system_stats', {}, mebibyte, options);
    return decodeSystemStats(answer, hostNow()) ?? refuse('/system_stats');
  }

  /** How many prompts run and wait: a few bytes, whatever they are. */
  async queueLength(options: RestOptions = {}): Promise<number> {
    const answer = await this.#json('/prompt', {}, mebibyte, options);
    return countOf(objectOf(objectOf(answer).exec_info).queue_remaining) ?? refuse('/prompt');
  }

  async queue(options: RestOptions = {}): Promise<QueueAnswer> {
    const answer = (await this.#answer('queue', '/queue', {}, maxGraphBytes, options)) ?? refuse('/queue');
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

  /** What `/api/jobs/{id}` tells of a prompt, or null if the server knows neither the prompt nor the route. */
  async jobOf(promptId: string, options: RestOptions = {}): Promise<JobAnswer | null> {
    try {
      const answer = await this.#answer('job', jobRoute(promptId), {}, maxGraphBytes, options, promptId);
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
    const entries = await this.#answer('history', '/history', query, maxGraphBytes, { signal });
    return this.#classes.settle(entries ?? refuse('/history'), signal);
  }

  /** The entry of one prompt, or null while it is not in the history. */
  async historyOf(promptId: string, options: RestOptions = {}): Promise<ReadEntry | null> {
    const route = historyRoute(promptId);
    const answer = await this.#answer('entry', route, {}, maxGraphBytes, options, promptId);
    const { entry } = answer ?? refuse('/history');
    const [settled = null] = await this.#classes.settle(entry ? [entry] : [], options.signal);
    return settled;
  }

  /** The workflow of a prompt as `workflowOfEntry` gives it, or null while it is not in the history. */
  async workflowOf(promptId: string, options: RestOptions = {}): Promise<string | null> {
    const route = historyRoute(promptId);
    return (await this.#answer('workflow', route, {}, maxGraphBytes, options, promptId)).workflow;
  }

  /** What ComfyUI calls a class of nodes, from `/object_info/{class}`; null if it has none of that name. */
  async #displayName(classType: string, signal: AbortSignal | undefined): Promise<string | null> {
    const route = `/object_info/${encodeURIComponent(classType)}`;
    const soon = AbortSignal.timeout(namePatience);
    const options = { signal: signal ? AbortSignal.any([signal, soon]) : soon };
    const answer = await this.#json(route, {}, mebibyte, options);
    return textOf(objectOf(objectOf(answer)[classType]).display_name, maxNameLength);
  }

  /**
   * Absolute paths of the folders with custom nodes, from `/internal/folder_paths` ("internal, may
   * change"); empty if the server does not tell.
   */
  async customNodeFolders(options: RestOptions = {}): Promise<string[]> {
    const answer = await this.#json('/internal/folder_paths', {}, mebibyte, options);
    return listOf(objectOf(answer).custom_nodes, 50).flatMap((path) => exactTextOf(path, 4_096) ?? []);
  }

  /** Whether the Crystools extension answers; its own route says so before its first message does. */
  async hasCrystools(options: RestOptions = {}): Promise<boolean> {
    return this.#json('/crystools/monitor/GPU', {}, mebibyte, options).then(
      () => true,
      () => false,
    );
  }

  /** Version of our companion custom node; null where it is not installed. */
  async companionVersion(options: RestOptions = {}): Promise<string | null> {
    try {
      const answer = await this.#json('/comfy_monitor/info', {}, mebibyte, options);
      return textOf(objectOf(answer).version, 40) ?? null;
    } catch (error) {
      if (error instanceof RestError && error.missing) return null;
      throw error;
    }
  }

  /**
   * An executed file, as it is or re-encoded by the server as a light WebP of the same size in pixels;
   * as a JPEG for those who cannot read that.
   */
  async view(
    file: MediaFile,
    options: RestOptions & {
      thumbnail: boolean | 'jpeg';
      /** A `Range` header: only this part of the file, if the server can. */
      range?: string | null;
    },
  ): Promise<ViewAnswer> {
    const { filename, subfolder, type } = file;
    const preview = options.thumbnail === 'jpeg' ? 'jpeg;80' : 'webp;75';
    const query = { filename, subfolder, type, ...(options.thumbnail ? { preview } : {}) };
    const response = await openRequest({
      url: restUrl(this.url, '/view', query),
      route: '/view',
      certificate: this.#access.certificate,
      // Compressing media gains nothing, and would hide its length.
      headers: {
        ...this.#access.headers,
        'accept-encoding': 'identity',
        ...(options.range ? { range: options.range } : {}),
      },
      timeout,
      signal: options.signal,
    });
    const encoded = response.headers.has('content-encoding');
    return {
      status: response.status,
      headers: {
        contentType: response.headers.get('content-type') ?? 'application/octet-stream',
        contentLength: encoded ? null : lengthOf(response.headers.get('content-length')),
        contentRange: encoded ? null : rangeOf(response.headers.get('content-range')),
        version: response.headers.get('etag') ?? response.headers.get('last-modified'),
      },
      // A body that nobody reads yet is cancelled by `fetch` once its Response is garbage: the file would
      // come out empty. One that is being piped is not.
      body: response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()) ?? null,
    };
  }

  /**
   * Asks our companion node to pass on what concerns other clients' prompts to this client, too. Each preview costs
   * the server an encoding and the way here, so they come only if they are wanted.
   */
  async relayTo(clientId: string, previews: boolean, options: RestOptions = {}): Promise<void> {
    await this.#post('/comfy_monitor/relay', { client_id: clientId, previews }, options);
  }

  /** Asks for new lines of the terminal as `logs` messages to this client, or for no more of them. */
  async followLog(clientId: string, on: boolean, options: RestOptions = {}): Promise<void> {
    await this.#send('PATCH', '/internal/logs/subscribe', { clientId, enabled: on }, options);
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
    await this.#post('/interrupt', { prompt_id: promptId }, options);
  }

  /** Removes prompts that wait in the queue; those that run or are unknown are left alone. */
  async cancelPending(promptIds: readonly string[], options: RestOptions = {}): Promise<void> {
    await this.#post('/queue', { delete: promptIds }, options);
  }

  /** Removes everything that waits in the queue; what runs goes on. */
  async clearPending(options: RestOptions = {}): Promise<void> {
    await this.#post('/queue', { clear: true }, options);
  }

  /** Asks to unload models and free memory; the server does so when it is next between two prompts. */
  async freeMemory(options: RestOptions = {}): Promise<void> {
    await this.#post('/free', { unload_models: true, free_memory: true }, options);
  }

  async #jobs(query: Readonly<Record<string, string | number>>, options: RestOptions): Promise<JobsAnswer> {
    return (await this.#answer('jobs', '/api/jobs', query, 16 * mebibyte, options)) ?? refuse('/api/jobs');
  }

  async #cancel(route: string, body: unknown, { signal }: RestOptions): Promise<boolean | null> {
    const { headers, certificate } = this.#access;
    const url = restUrl(this.url, route);
    const request = { url, route, method: 'POST', headers, certificate, timeout, signal, body } as const;
    try {
      return objectOf(await requestJson(request, mebibyte)).cancelled === true;
    } catch (error) {
      if (error instanceof RestError && (error.missing || error.problem.kind === 'server-error')) return null;
      throw error;
    }
  }

  /** Every answer tells what time it is over there. */
  readonly #noteDate = (headers: Headers, sentAt: number, receivedAt: number): void => {
    const date = Date.parse(headers.get('date') ?? '');
    if (Number.isFinite(date)) this.#clock.noteDate(date, sentAt, receivedAt);
  };

  #answer<N extends AnswerName>(
    name: N,
    route: string,
    query: Readonly<Record<string, string | number>>,
    maxBytes: number,
    options: RestOptions,
    promptId = '',
  ): Promise<Answers[N]> {
    const context = () => ({ at: hostNow(), clock: this.#clock.settings, promptId });
    return requestAnswer(this.#request(route, query, options), maxBytes, name, context);
  }

  #json(
    route: string,
    query: Readonly<Record<string, string | number>>,
    maxBytes: number,
    options: RestOptions,
  ): Promise<unknown> {
    return requestJson(this.#request(route, query, options), maxBytes);
  }

  #request(
    route: string,
    query: Readonly<Record<string, string | number>>,
    { signal }: RestOptions,
  ): RestRequest {
    const { headers, certificate } = this.#access;
    const url = restUrl(this.url, route, query);
    return { url, route, headers, certificate, timeout, signal, onAnswer: this.#noteDate };
  }

  /** Commands are answered with 200 whatever happened: only reading again shows what they did. */
  #post(route: string, body: unknown, options: RestOptions): Promise<void> {
    return this.#send('POST', route, body, options);
  }

  async #send(
    method: 'POST' | 'PATCH',
    route: string,
    body: unknown,
    { signal }: RestOptions,
  ): Promise<void> {
    const { headers, certificate } = this.#access;
    const url = restUrl(this.url, route);
    const response = await openRequest({
      url,
      route,
      method,
      headers,
      certificate,
      body,
      timeout,
      signal,
    });
    await response.body?.cancel();
    if (response.status !== 200)
      throw RestError.ofAnswer({
        url,
        route,
        status: response.status,
        location: response.headers.get('location'),
      });
  }
}

function lengthOf(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

function rangeOf(header: string | null): string | null {
  return header !== null && /^bytes (\d{1,15}-\d{1,15}|\*)\/(\d{1,15}|\*)$/.test(header) ? header : null;
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
