import type { ConnectionProblem } from '../../domain/server.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { hostNow } from '../host-clock.ts';
import {
  connectionProblem,
  isLoginPage,
  problemOfAnswer,
  problemOfError,
  type UnexpectedAnswer,
} from '../link/connection-problem.ts';
import { fetchFor } from '../link/server-access.ts';
import { parseJson } from '../wire/json.ts';
import { AnswerReader } from './answer-reader.ts';
import type { AnswerContext, AnswerName, Answers } from './rest-answers.ts';

/** A REST request that failed, and why. */
export class RestError extends Error {
  override name = 'RestError';
  readonly problem: ConnectionProblem;

  constructor(problem: ConnectionProblem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The error for an answer with a status other than 200. */
  static ofAnswer(answer: UnexpectedAnswer): RestError {
    return new RestError(problemOfAnswer(answer));
  }

  /** True if the server does not have this route (404, 405, a page or a redirect instead of JSON), so do not insist. */
  get missing(): boolean {
    const { kind } = this.problem;
    return kind === 'not-comfyui' || kind === 'login' || kind === 'moved';
  }
}

export interface RestRequest {
  url: string;
  /** What to call it in messages: the route without query. */
  route: string;
  method?: 'GET' | 'POST' | 'PATCH';
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** The one certificate (PEM) to trust, instead of those of known authorities. */
  certificate?: string | null;
  /** How long to wait for the answer to begin (`openRequest`) or to be complete (`requestJson`), ms. */
  timeout: number;
  signal?: AbortSignal | undefined;
  /** Hears of every answer, whatever its status: its headers, and when it was asked for and began, ms. */
  onAnswer?: ((headers: Headers, sentAt: number, receivedAt: number) => void) | undefined;
}

/**
 * Sends a request and gives the answer as soon as its headers are there, whatever its status. Redirects
 * are not followed: a server must not send us elsewhere. Rejects with `RestError`.
 */
export async function openRequest(request: RestRequest): Promise<Response> {
  const timer = new AbortController();
  const timeout = setTimeout(
    () => timer.abort(new DOMException('timed out', 'TimeoutError')),
    request.timeout,
  );
  try {
    return await send(request, timer.signal);
  } catch (error) {
    throw restError(error);
  } finally {
    clearTimeout(timeout);
  }
}

/** Requests a JSON document of at most `maxBytes`. Rejects with `RestError`. */
export function requestJson(request: RestRequest, maxBytes: number): Promise<unknown> {
  return requestBody(request, maxBytes, (body) =>
    readJson(Buffer.from(body).toString('utf8'), request.route),
  );
}

/** The same for a document that can be large; `context` is asked for once the answer is there. */
export function requestAnswer<N extends AnswerName>(
  request: RestRequest,
  maxBytes: number,
  name: N,
  context: () => AnswerContext,
): Promise<Answers[N]> {
  const { route } = request;
  return requestBody(request, maxBytes, async (body) => {
    const bytes = body.byteLength;
    const refuse = (why: string) => new RestError(connectionProblem('protocol', `${route} ${why}`, 200));
    const reading = await answerReader.read({ name, context: context(), body }).catch((cause: unknown) => {
      throw refuse(`cannot be read: ${causeText(cause)}`);
    });
    request.signal?.throwIfAborted();
    if (reading.ok) return reading.answer;
    if (reading.why === 'not-json') throw notJson(reading.start, route);
    throw refuse(`gave ${bytes} bytes with more values than can be read`);
  });
}

/** One for all servers: several large answers at once would only take more memory. */
const answerReader = new AnswerReader();

async function requestBody<T>(
  request: RestRequest,
  maxBytes: number,
  read: (body: ArrayBuffer) => T | Promise<T>,
): Promise<T> {
  try {
    const response = await send(request, AbortSignal.timeout(request.timeout));
    if (response.status !== 200) {
      await response.body?.cancel();
      throw RestError.ofAnswer({
        ...request,
        status: response.status,
        location: response.headers.get('location'),
      });
    }
    return await read(await readBytes(response, maxBytes, request.route));
  } catch (error) {
    throw restError(error);
  }
}

async function send(request: RestRequest, timeout: AbortSignal): Promise<Response> {
  const fetchFromServer = await fetchFor(request.certificate ?? null);
  const sentAt = hostNow();
  const response = await fetchFromServer(request.url, {
    method: request.method ?? 'GET',
    redirect: 'manual',
    headers: {
      ...request.headers,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
  });
  request.onAnswer?.(response.headers, sentAt, hostNow());
  return response;
}

async function readBytes(response: Response, maxBytes: number, route: string): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new RestError(connectionProblem('protocol', `${route} gave more than ${maxBytes} bytes`));
    chunks.push(chunk);
  }
  // A buffer of its own, so that it can be given away.
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body.buffer;
}

function readJson(text: string, route: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw notJson(text, route);
  }
}

function notJson(text: string, route: string): RestError {
  if (isLoginPage(text)) return new RestError(connectionProblem('login', `${route} gave a login page`, 200));
  const what = text.trimStart().startsWith('<') ? 'a web page' : 'something that is not JSON';
  return new RestError(connectionProblem('not-comfyui', `${route} gave ${what}`, 200));
}

function restError(error: unknown): RestError {
  return error instanceof RestError ? error : new RestError(problemOfError(error));
}
