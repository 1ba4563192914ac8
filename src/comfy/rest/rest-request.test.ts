import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Answer, closedAddress, startPlainServer, startTcpServer } from '../testing/plain-server.ts';
import { openRequest, RestError, type RestRequest, requestJson } from './rest-request.ts';

const limit = 1_000;

function request(url: string, more: Partial<RestRequest> = {}): RestRequest {
  return { url: `${url}/route`, route: '/route', timeout: 5_000, ...more };
}

async function json(answer: Answer, more: Partial<RestRequest> = {}): Promise<unknown> {
  const { url } = await startPlainServer({ routes: { '/route': answer } });
  return requestJson(request(url, more), limit);
}

const problem = (kind: string, detail: string | RegExp = '') =>
  expect.objectContaining({
    name: 'RestError',
    problem: expect.objectContaining({ kind, detail: expect.stringMatching(detail) }),
  });

describe('a JSON document', () => {
  it('is read as Python writes it, whatever its type is said to be', async () => {
    expect(await json({ body: '{"a": NaN, "b": "界"}' })).toEqual({ a: null, b: '界' });
    expect(await json({ headers: { 'content-type': 'text/plain' }, body: '[1]' })).toEqual([1]);
  });

  it('may be as large as allowed, and not a byte larger', async () => {
    expect(await json({ body: `"${'x'.repeat(limit - 2)}"` })).toHaveLength(limit - 2);
    await expect(json({ body: `"${'x'.repeat(limit - 1)}"` })).rejects.toEqual(
      problem('protocol', '/route gave more than 1000 bytes'),
    );
  });

  it('is not waited for to its end when it is too large', async () => {
    const url = await startTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('drain', () => socket.write('x'.repeat(100_000)));
      socket.write('x'.repeat(1_000_000));
    });
    await expect(requestJson(request(url), limit)).rejects.toEqual(problem('protocol'));
  });

  it('is measured as it is after unpacking', async () => {
    const body = gzipSync(`"${'x'.repeat(1_000_000)}"`);
    expect(body.length).toBeLessThan(2_000);
    await expect(json({ headers: { 'content-encoding': 'gzip' }, body })).rejects.toEqual(
      problem('protocol'),
    );
  });

  it.each([
    '<!doctype html><title>Login</title>',
    '<html><form><input name="user"><input\n name="key" type=password>',
    '<title lang="en">Sign in · Cloudflare Access</title>',
  ])('is not a login page', async (body) => {
    await expect(json({ body })).rejects.toEqual(problem('login', '/route gave a login page'));
  });

  it.each([
    ['<!doctype html><title>Home</title>', 'a web page'],
    ['  <html>', 'a web page'],
    ['hello', 'something that is not JSON'],
    ['', 'something that is not JSON'],
  ])('is not %j', async (body, what) => {
    await expect(json({ body })).rejects.toEqual(problem('not-comfyui', `/route gave ${what}`));
  });

  it('is not what comes with another status', async () => {
    await expect(json({ status: 500, body: '{}' })).rejects.toEqual(problem('server-error'));
    await expect(json({ status: 204 })).rejects.toEqual(problem('not-comfyui'));
  });

  it('cut off on its way is no document', async () => {
    const url = await startTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}')),
    );
    await expect(requestJson(request(url), limit)).rejects.toEqual(problem('closed'));
  });
});

describe('a request', () => {
  it('is never sent elsewhere, not even its secrets', async () => {
    const elsewhere = await startPlainServer({ routes: { '/stolen': { json: {} } } });
    const moved = { status: 307, headers: { location: `${elsewhere.url}/stolen` } };
    await expect(json(moved, { headers: { authorization: 'Bearer x' } })).rejects.toEqual(problem('login'));
    expect(elsewhere.asked).toEqual([]);
  });

  it('carries its headers, and its body as JSON', async () => {
    const server = await startPlainServer({ routes: { '/route': { json: 1 } } });
    const body = { prompt_id: 'p' };
    await requestJson(request(server.url, { method: 'POST', headers: { 'x-token': 't' }, body }), limit);
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        headers: { 'x-token': 't', 'content-type': 'application/json' },
        body: '{"prompt_id":"p"}',
      },
    ]);
  });

  it('names no origin, which ComfyUI would check', async () => {
    const server = await startPlainServer({ routes: { '/route': { json: 1 } } });
    await requestJson(request(server.url), limit);
    expect(server.asked[0]?.headers.origin).toBeUndefined();
    expect(server.asked[0]?.headers['sec-fetch-site']).toBeUndefined();
  });

  it('gives up when no answer begins in time', async () => {
    await expect(json(null, { timeout: 50 })).rejects.toEqual(problem('timeout'));
    const server = await startPlainServer({ routes: { '/route': null } });
    await expect(openRequest(request(server.url, { timeout: 50 }))).rejects.toEqual(problem('timeout'));
  });

  it('for a document gives up when the document does not end in time', async () => {
    const url = await startTcpServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'),
    );
    await expect(requestJson(request(url, { timeout: 100 }), limit)).rejects.toEqual(problem('timeout'));
  });

  it('for a stream waits for its beginning only', async () => {
    let finish = () => {};
    const url = await startTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab');
      finish = () => socket.write('cd');
    });
    const timeout = 200;
    const startedAt = Date.now();
    const response = await openRequest(request(url, { timeout }));
    await expect.poll(() => Date.now() - startedAt).toBeGreaterThan(timeout + 50);
    finish();
    expect(await response.text()).toBe('abcd');
  });

  it('is given up when nobody wants it any more', async () => {
    const server = await startPlainServer({ routes: { '/route': null } });
    await expect(requestJson(request(server.url, { signal: AbortSignal.abort() }), limit)).rejects.toThrow(
      RestError,
    );
    expect(server.asked).toEqual([]);
    const controller = new AbortController();
    const asked = requestJson(request(server.url, { signal: controller.signal }), limit);
    await expect.poll(() => server.asked.length).toBe(1);
    controller.abort();
    await expect(asked).rejects.toThrow(RestError);
  });

  it('that nobody answers fails with what is wrong', async () => {
    await expect(requestJson(request(await closedAddress()), limit)).rejects.toEqual(problem('refused'));
    await expect(openRequest(request(await closedAddress()))).rejects.toEqual(problem('refused'));
  });

  it('tells routes that a server does not have from trouble that passes', () => {
    const missing = (status: number) =>
      RestError.ofAnswer({ status, url: 'http://x/x', route: '/x' }).missing;
    expect([404, 405, 302, 200].map(missing)).toEqual([true, true, true, true]);
    expect([401, 403, 500, 503].map(missing)).toEqual([false, false, false, false]);
  });
});
