import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { countingPrompt, otherClient } from '../simulator/testing/prompts.ts';
import { type Answer, startPlainServer, type TestCertificate } from '../src/comfy/testing/plain-server.ts';
import { measure } from './measure.ts';
import { useStage } from './stage.ts';
import type { WebMonitor } from './web-monitor.ts';

/** What the page says about each kind of trouble: what happened, why, and what to do next. */
const troubles = {
  'a port where nothing listens': {
    what: /^Nothing is listening at http:\/\/127\.0\.0\.1:\d+\.$/,
    why: 'ComfyUI is not running there',
    next: 'Start ComfyUI',
  },
  'a web server that is not ComfyUI': {
    what: /^Something answers at .*, but it is not ComfyUI \(status 200\)\.$/,
    why: 'Another program uses this port',
    next: 'Open the address in a browser',
  },
  'a server behind a login (401)': {
    what: /asks for a password \(status 401\)\.$/,
    why: 'A login or a proxy protects this server',
    next: 'enter its password or token',
  },
  'a server that refuses us (403)': {
    what: /refuses us \(status 403\)\.$/,
    why: 'does not let this computer in',
    next: 'Allow this computer there',
  },
  'a server with trouble of its own (500)': {
    what: /answered with an error \(status 500\)\.$/,
    why: 'is still starting or has trouble',
    next: 'Wait a moment',
  },
  'a server with an unknown certificate': {
    what: /^No secure connection to https:.* could be made\.$/,
    why: 'Its certificate is not trusted',
    next: 'Test connection',
  },
} as const;
const kinds = Object.keys(troubles).filter((kind) => isTrouble(kind));

describe('one healthy server among many with trouble', () => {
  const stage = useStage();
  const urls = new Map<string, string>();
  const sentences = new Map<string, string>();
  let healthy: Simulator;
  let refusing: Simulator;
  let page: Page;

  beforeAll(async () => {
    [healthy, refusing] = await Promise.all([stage.simulator(), stage.simulator({ seed: 2 })]);
    await refusing.setReachable(false);
    const answering = async (answer: Answer, certificate?: TestCertificate): Promise<string> => {
      const server = await startPlainServer({
        otherwise: answer,
        refuseSocket: answer,
        isShared: true,
        ...(certificate ? { certificate } : {}),
      });
      stage.onEnd(() => server.close());
      return server.url;
    };
    urls.set('a port where nothing listens', refusing.url);
    urls.set(
      'a web server that is not ComfyUI',
      await answering({
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>A router</title><h1>Welcome</h1>',
      }),
    );
    urls.set('a server behind a login (401)', await answering({ status: 401 }));
    urls.set('a server that refuses us (403)', await answering({ status: 403 }));
    urls.set('a server with trouble of its own (500)', await answering({ status: 500 }));
    urls.set('a server with an unknown certificate', await answering({ status: 200 }, 'pinned'));
    const addresses = [...urls.values(), healthy.url];
    const monitor = await stage.monitor(addresses.flatMap((url) => ['--server', url]));
    page = await stage.page(monitor);
  });

  const choose = (url: string) =>
    page
      .getByRole('navigation', { name: 'Servers' })
      .getByRole('button', { name: new URL(url).host })
      .click();
  const problem = () => page.getByRole('region', { name: 'Connection problem' });

  it.each(kinds)('%s shows what happened, why, and what to do', async (kind) => {
    const { what, why, next } = troubles[kind];
    const url = urls.get(kind) ?? '';
    await choose(url);
    const heading = problem().getByRole('heading', { name: what });
    await heading.waitFor();
    await problem().getByText(why).waitFor();
    await problem().getByText(next).waitFor();
    await problem().getByRole('button', { name: 'Retry now' }).waitFor();
    sentences.set(kind, (await heading.innerText()).replace(url, ''));
  });

  it('no two of them say the same', () => {
    expect(sentences.size).toBe(kinds.length);
    expect(new Set(sentences.values()).size).toBe(kinds.length);
  });

  it('the healthy one goes on as if it were alone', async () => {
    await choose(healthy.url);
    await page.getByRole('img', { name: /^GPU load: \d+%/ }).waitFor();
    const prompt = countingPrompt({ title: 'Undisturbed', seed: 1, secondsPerStep: 0.2 });
    const took = await measure(
      'a prompt beside six servers with trouble, from queued to visible',
      async () => {
        const id = healthy.submit(prompt, otherClient);
        await page.locator(`#job-${id}`).waitFor();
      },
    );
    expect(took).toBeLessThan(5_000);
    await page.getByRole('region', { name: 'Finished' }).getByText('Undisturbed').waitFor();
    await page.getByRole('button', { name: /^Undisturbed_.*\.png$/ }).waitFor();
    expect(await problem().count()).toBe(0);
  });

  it('one that comes up is connected by itself', async () => {
    await choose(refusing.url);
    await problem().waitFor();
    await refusing.setReachable(true);
    await page.getByText('Nothing is running').waitFor();
    expect(await problem().count()).toBe(0);
  });
});

describe('a server that sends nonsense', () => {
  const stage = useStage();
  let simulator: Simulator;
  let monitor: WebMonitor;
  let page: Page;

  beforeAll(async () => {
    simulator = await stage.simulator();
    monitor = await stage.monitor(['--server', simulator.url]);
    page = await stage.page(monitor);
    await page.getByText('Nothing is running').waitFor();
  });

  const connections = () => monitor.output().match(/connected as client/g)?.length;

  it('is put up with: what cannot be understood is counted, and the connection kept', async () => {
    for (const frame of [
      '{"type":',
      'garbage',
      '[1, 2, 3]',
      '{"type":"status","data":{"status":"odd"}}',
      Buffer.of(0, 1),
      Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, ...Buffer.from('this is no picture')]),
      // Of extensions that we do not know, and nothing to count.
      '{"type":"pysssss/autocomplete","data":{}}',
      Buffer.of(0, 0, 0, 99, 1, 2, 3),
    ])
      simulator.sendRaw(frame);
    await page.getByText('Server details').click();
    const kindsShown = page.getByRole('listitem').filter({ hasText: /\btimes?$/ });
    await expect
      .poll(async () => (await kindsShown.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')).sort())
      .toEqual([
        'binary 1 time',
        'binary preview 1 time',
        'no type 1 time',
        'not JSON 2 times',
        'status 1 time',
      ]);
    expect(connections()).toBe(1);
    const id = simulator.submit(countingPrompt({ title: 'After the nonsense', seed: 1 }), otherClient);
    await page.locator(`#job-${id}`).getByText('Done').waitFor();
  });

  it('that is far too large says what was left out, and stays connected', async () => {
    simulator.sendRaw(Buffer.alloc(64 * 2 ** 20 + 1));
    await page.getByRole('listitem').filter({ hasText: 'too large' }).waitFor();
    expect(connections()).toBe(1);
    await page.getByRole('status').getByText('Connected').waitFor();
  });
});

describe('settings that were damaged', () => {
  const stage = useStage();

  it('are kept aside under a dated name, the defaults are used, and the page says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'monitor-'));
    stage.onEnd(() => rm(folder, { recursive: true, force: true }));
    const damaged = '{"version":1,"servers":[{"url":"http://gpu.exam';
    await writeFile(join(folder, 'settings.json'), damaged);
    const page = await stage.page(await stage.monitor([], folder));

    await page.getByText('Your settings could not be used, so the defaults are in place.').waitFor();
    await page.getByText('It is not valid JSON.').waitFor();
    await page.getByText('This computer').first().waitFor();
    const [kept = ''] = (await readdir(folder)).filter((name) => name.includes('damaged'));
    expect(kept).toMatch(/^settings\.damaged-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/);
    await page.getByText(`The old file is kept as ${join(folder, kept)}`).waitFor();
    expect(await readFile(join(folder, kept), 'utf8')).toBe(damaged);

    await page.getByRole('button', { name: 'Dismiss notice' }).click();
    await expect.poll(() => page.getByText('Your settings could not be used').count()).toBe(0);
  });
});

function isTrouble(kind: string): kind is keyof typeof troubles {
  return Object.hasOwn(troubles, kind);
}
