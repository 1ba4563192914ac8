import { WebSocket } from 'ws';
import { ManualClock } from '../clock.ts';
import type { PromptGraph } from '../execution/prompt-graph.ts';
import { MediaLibrary } from '../media/media-library.ts';
import { isJsonObject, type JsonObject, parseJson } from '../protocol/json.ts';
import { Random } from '../random.ts';
import { ServerProcess } from '../server-process.ts';
import type { Outbox, Preview } from '../workshop.ts';

/** A message as a client sees it. */
export interface Message {
  readonly type: string;
  readonly data: JsonObject;
}

/** A server process without a network, on a clock that stands still. */
export function bareProcess(seed = 1) {
  const clock = new ManualClock(1_790_000_000_000);
  const sent: (Message & { to: string | null })[] = [];
  const previews: (Preview & { form: string; to: string | null })[] = [];
  const outbox: Outbox = {
    send: (type, data, to) => sent.push({ type, data, to }),
    sendPreview: (form, preview, to) => {
      sent.push({ type: `preview ${form}`, data: {}, to });
      previews.push({ ...preview, form, to });
    },
    sendText: (nodeId, text) => sent.push({ type: 'text', data: { nodeId, text }, to: null }),
    wantsPreviews: () => true,
  };
  const library = new MediaLibrary();
  const process = new ServerProcess({
    clock,
    outbox,
    library,
    random: new Random(seed),
    speed: 1,
    gpuCount: 1,
    historyLimit: 100,
  });
  /** Posts a prompt, and gives its id; fails when it is refused. */
  const post = (prompt: PromptGraph, extra: JsonObject = {}) => {
    const answer = process.submit({ prompt, ...extra });
    if (!answer.accepted) throw new Error(JSON.stringify(answer));
    return answer.promptId;
  };
  return { clock, sent, previews, process, library, post };
}

/** A WebSocket client that keeps what it gets. */
export class TestClient {
  readonly messages: Message[] = [];
  readonly binaries: Buffer[] = [];
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.binaries.push(data);
        return;
      }
      const message = parseJson(data.toString());
      if (!isJsonObject(message)) return;
      const { type, data: content } = message;
      this.messages.push({ type: String(type), data: isJsonObject(content) ? content : {} });
    });
  }

  /** @param query `clientId=…`, or nothing */
  static async connect(url: string, query = '', path = '/ws'): Promise<TestClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}${query ? `?${query}` : ''}`);
    const client = new TestClient(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return client;
  }

  /** Says that it can read previews with metadata. */
  declareFlags(): void {
    this.send('{"type":"feature_flags","data":{"supports_preview_metadata":true}}');
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  ping(): void {
    this.#socket.ping();
  }

  onPong(action: () => void): void {
    this.#socket.on('pong', action);
  }

  /** The types of the messages got, in order. */
  types(): string[] {
    return this.messages.map(({ type }) => type);
  }

  /** Resolves when the connection is over. */
  end(): Promise<void> {
    return this.#closed;
  }

  close(): void {
    this.#socket.terminate();
  }
}
