import { hostNow } from '../host-clock.ts';
import { restUrl } from '../link/address.ts';
import type { ServerAccess } from '../link/server-access.ts';
import type { ServerClock } from '../server-clock.ts';
import type { AnswerName, Answers } from './rest-answers.ts';
import { openRequest, RestError, type RestRequest, requestAnswer, requestJson } from './rest-request.ts';

/** How long to wait for an answer, ms. A busy server can stall for seconds: garbage collection, loading a model. */
const timeout = 10_000;
const mebibyte = 2 ** 20;
/** Answers are bounded; these are what most are far below, bytes. */
const usualBytes = mebibyte;

export interface RestOptions {
  signal?: AbortSignal | undefined;
}

export type RestQuery = Readonly<Record<string, string | number>>;

/** One server's REST interface, whatever its routes: with its login and certificate, in time and bounded. */
export class RestClient {
  readonly #access: ServerAccess;
  readonly #clock: ServerClock;

  /** `clock` is the server's, which its answers also set. */
  constructor(access: ServerAccess, clock: ServerClock) {
    this.#access = access;
    this.#clock = clock;
  }

  /** The server's base address. */
  get url(): string {
    return this.#access.url;
  }

  /** A JSON document. */
  json(route: string, options: RestOptions): Promise<unknown> {
    return requestJson(this.#request(route, options), usualBytes);
  }

  /** A document that may be large (at most `maxBytes`): it is decoded as what `name` says it is. */
  answer<N extends AnswerName>(
    name: N,
    route: string,
    options: RestOptions & { query?: RestQuery; maxBytes: number; promptId?: string },
  ): Promise<Answers[N]> {
    const { maxBytes, promptId = '' } = options;
    const context = () => ({ at: hostNow(), clock: this.#clock.settings, promptId });
    return requestAnswer(this.#request(route, options), maxBytes, name, context);
  }

  /** Posts what is answered with JSON. */
  postForJson(route: string, body: unknown, options: RestOptions): Promise<unknown> {
    return requestJson({ ...this.#command('POST', route, options), body }, usualBytes);
  }

  /** Commands are answered with 200 whatever happened: only reading again shows what they did. */
  async send(method: 'POST' | 'PATCH', route: string, body: unknown, options: RestOptions): Promise<void> {
    const request = this.#command(method, route, options);
    const response = await openRequest({ ...request, body });
    await response.body?.cancel();
    if (response.status !== 200)
      throw RestError.ofAnswer({
        url: request.url,
        route,
        status: response.status,
        location: response.headers.get('location'),
      });
  }

  /** An answer of whatever status and size; its body is to be read or cancelled. */
  open(
    route: string,
    query: RestQuery,
    headers: Readonly<Record<string, string>>,
    { signal }: RestOptions,
  ): Promise<Response> {
    const { url, certificate } = this.#access;
    return openRequest({
      url: restUrl(url, route, query),
      route,
      certificate,
      headers: { ...this.#access.headers, ...headers },
      timeout,
      signal,
    });
  }

  #request(route: string, { query = {}, signal }: RestOptions & { query?: RestQuery }): RestRequest {
    const { headers, certificate } = this.#access;
    const url = restUrl(this.url, route, query);
    return { url, route, headers, certificate, timeout, signal, onAnswer: this.#noteDate };
  }

  #command(method: 'POST' | 'PATCH', route: string, { signal }: RestOptions): RestRequest {
    const { headers, certificate } = this.#access;
    return { url: restUrl(this.url, route), route, method, headers, certificate, timeout, signal };
  }

  /** Every answer says what time it is over there. */
  readonly #noteDate = (headers: Headers, sentAt: number, receivedAt: number): void => {
    const date = Date.parse(headers.get('date') ?? '');
    if (Number.isFinite(date)) this.#clock.noteDate(date, sentAt, receivedAt);
  };
}
