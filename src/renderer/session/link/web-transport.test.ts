import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BridgeError } from '../../../contract/bridge/bridge.ts';
import type { LinkState } from './link-transport.ts';
import { bridgeAddress, createWebTransport, type PageSocket, type WebTransport } from './web-transport.ts';

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget implements PageSocket {
  readyState: PageSocket['readyState'] = 0;
  readonly sent: unknown[] = [];

  send(frame: string): void {
    if (this.readyState !== 1) throw new Error('not open');
    this.sent.push(JSON.parse(frame));
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  receive(frame: unknown): void {
    const data = typeof frame === 'string' ? frame : JSON.stringify(frame);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

const sockets: FakeSocket[] = [];
let transport: WebTransport;
let links: LinkState[];

function newest(): FakeSocket {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  sockets.length = 0;
  links = [];
  transport = createWebTransport(new URL('ws://127.0.0.1:9/key/bridge'), () => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  });
  transport.onLink((state) => links.push(state));
});

afterEach(() => transport.close());

it('finds the bridge beside the page, key included', () => {
  expect(bridgeAddress('http://127.0.0.1:8000/secret/?x=1#y').href).toBe('ws://127.0.0.1:8000/secret/bridge');
  expect(bridgeAddress('https://studio/secret/').href).toBe('wss://studio/secret/bridge');
});

it('carries a call and gives its reply, whatever comes in between', async () => {
  newest().open();
  const first = transport.call('getSnapshot', undefined);
  const second = transport.call('setAttention', { attention: 'focused' });
  expect(newest().sent).toEqual([
    { id: 1, call: 'getSnapshot' },
    { id: 2, call: 'setAttention', request: { attention: 'focused' } },
  ]);
  newest().receive({ id: 2, reply: 'second' });
  newest().receive({ push: 'notices', payload: [] });
  newest().receive({ id: 1, reply: 'first' });
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

it('keeps a call that was made early until the socket is open', async () => {
  const early = transport.call('getSnapshot', undefined);
  expect(newest().sent).toEqual([]);
  newest().open();
  expect(newest().sent).toEqual([{ id: 1, call: 'getSnapshot' }]);
  newest().receive({ id: 1, reply: 'there' });
  expect(await early).toBe('there');
});

it('hands pushes to every listener until it has enough', () => {
  const heard: unknown[] = [];
  const stop = transport.onPush((name, payload) => heard.push([name, payload]));
  newest().receive({ push: 'notices', payload: [1] });
  stop();
  newest().receive({ push: 'notices', payload: [2] });
  expect(heard).toEqual([['notices', [1]]]);
});

it('skips what it does not understand', () => {
  const heard: unknown[] = [];
  transport.onPush((name) => heard.push(name));
  for (const frame of ['', '{', '[]', '{"id":"1"}', '{"push":7}']) newest().receive(frame);
  newest().receive({ push: 'notices', payload: [] });
  expect(heard).toEqual(['notices']);
});

it('rejects the calls that were under way when the socket closed, in words for people', async () => {
  newest().open();
  const call = transport.call('getSnapshot', undefined);
  newest().close();
  await expect(call).rejects.toThrow(BridgeError);
  await expect(transport.call('getSnapshot', undefined)).rejects.toThrow(
    'The monitor itself does not answer.',
  );
});

it('connects again after half a second, and then less and less often', async () => {
  newest().open();
  newest().close();
  expect(links).toEqual(['open', 'lost']);
  for (const [attempt, delay] of [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000].entries()) {
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(sockets).toHaveLength(attempt + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(attempt + 2);
    newest().close();
  }
});

it('starts over with short waits after it got through', async () => {
  newest().close();
  await vi.advanceTimersByTimeAsync(500);
  newest().close();
  await vi.advanceTimersByTimeAsync(1_000);
  newest().open();
  newest().close();
  await vi.advanceTimersByTimeAsync(500);
  expect(sockets).toHaveLength(4);
  newest().open();
  expect(links.slice(-3)).toEqual(['lost', 'connecting', 'open']);
});

it('can be hurried while it waits, and only then', () => {
  transport.hurry();
  expect(sockets).toHaveLength(1);
  newest().close();
  transport.hurry();
  expect(sockets).toHaveLength(2);
});

it('stays closed once it was closed', async () => {
  newest().open();
  const call = transport.call('getSnapshot', undefined);
  transport.close();
  await expect(call).rejects.toThrow(BridgeError);
  transport.hurry();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(1);
});
