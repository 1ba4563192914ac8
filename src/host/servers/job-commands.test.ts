import { describe, expect, it, onTestFinished } from 'vitest';
import { ServerMonitor } from '../../comfy/server-monitor.ts';
import {
  type Answer,
  type PlainServer,
  type PlainServerOptions,
  startPlainServer,
} from '../../comfy/testing/plain-server.ts';
import { testServer } from '../../domain/testing/builders.ts';
import { jobCommands } from './job-commands.ts';

/** Commands for a watched server whose queue was read once. */
async function commanding(command: Answer, routes: PlainServerOptions['routes'] = {}) {
  const server: PlainServer = await startPlainServer({
    routes: {
      '/queue': ({ method }) =>
        method === 'POST' ? command : { json: { queue_running: [], queue_pending: [] } },
      // Something to tell, so that the end of the first read can be heard.
      '/history': { json: { old: {} } },
      '/free': command,
      '/interrupt': command,
      ...routes,
    },
  });
  const lines: string[] = [];
  let reads = 0;
  let ready = false;
  const monitor = new ServerMonitor({
    server: { ...testServer, url: server.url },
    access: { url: server.url, headers: { authorization: 'Bearer TOP-SECRET' }, certificate: null },
    emit: (event) => {
      if (event.type === 'queue_read') reads += 1;
      if (event.type === 'history_read') ready = true;
    },
    onPreview: () => {},
    log: () => {},
  });
  onTestFinished(() => monitor.stop());
  monitor.start();
  await expect.poll(() => ready).toBe(true);
  const commands = jobCommands(
    (serverId) => (serverId === 's' ? monitor : undefined),
    (line) => lines.push(line),
  );
  const posted = () => server.asked.filter(({ method }) => method === 'POST');
  return { server, commands, lines, posted, reads: () => reads };
}

describe('a command to a server', () => {
  it('is sent, and what it did is read again', async () => {
    const { commands, posted, reads } = await commanding({});
    expect(await commands.cancelJobs({ serverId: 's', promptIds: ['p1', 'p2'] })).toBeUndefined();
    expect(posted().at(-1)).toMatchObject({ url: '/queue', body: '{"delete":["p1","p2"]}' });
    // Sooner than an empty queue is looked at without a reason.
    await expect.poll(reads, { timeout: 5_000 }).toBeGreaterThan(1);
  });

  const jobsRoute = { json: { cancelled: true } };
  const uuids = ['11111111-2222-4333-8444-555555555555', '11111111-2222-4333-8444-666666666666'];

  it('cancels a prompt, whether it waits or runs, where the server can do so, and no other', async () => {
    const { commands, posted } = await commanding({}, { '/api/jobs/p1/cancel': jobsRoute });
    await commands.cancelJobs({ serverId: 's', promptIds: ['p1'] });
    await commands.interruptJob({ serverId: 's', promptId: 'p1' });
    expect(posted().map(({ url }) => url)).toEqual(['/api/jobs/p1/cancel', '/api/jobs/p1/cancel']);
  });

  it('cancels many at once where the server can do so', async () => {
    const { commands, posted } = await commanding({}, { '/api/jobs/cancel': jobsRoute });
    await commands.cancelJobs({ serverId: 's', promptIds: uuids });
    expect(posted()).toMatchObject([{ url: '/api/jobs/cancel', body: JSON.stringify({ job_ids: uuids }) }]);
  });

  it.each([{ status: 405 }, { status: 500 }])(
    'is given in the older way where the newer one is answered with %j',
    async (answer) => {
      const running = { queue_running: [[1, 'p1', {}, {}, []]], queue_pending: [] };
      const routes = {
        '/api/jobs/p1/cancel': answer,
        '/queue': { json: running },
      };
      const { commands, posted } = await commanding({}, routes);
      await commands.interruptJob({ serverId: 's', promptId: 'p1' });
      expect(posted().at(-1)).toMatchObject({ url: '/interrupt', body: '{"prompt_id":"p1"}' });
    },
  );

  it('does not interrupt the next prompt of an older server, which interrupts whatever runs', async () => {
    const { commands, posted } = await commanding({});
    await commands.interruptJob({ serverId: 's', promptId: 'p1' });
    expect(posted().map(({ url }) => url)).not.toContain('/interrupt');
  });

  it('can clear the queue and free the memory', async () => {
    const { commands, posted } = await commanding({});
    await commands.clearQueue({ serverId: 's' });
    await commands.freeMemory({ serverId: 's' });
    expect(posted().map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
      ['/queue', { clear: true }],
      ['/free', { unload_models: true, free_memory: true }],
    ]);
  });

  it.each<[string, Answer, string]>([
    ['asks for a login', { status: 401 }, 'asks for a password (status 401). '],
    ['does not let us in', { status: 403 }, 'refuses us (status 403). Allow this computer'],
    ['has trouble', { status: 500 }, 'answered with an error (status 500). Wait a moment'],
  ])(
    'that the server does not take because it %s is refused with a sentence',
    async (_, answer, sentence) => {
      const { server, commands, lines } = await commanding(answer);
      await expect(commands.freeMemory({ serverId: 's' })).rejects.toMatchObject({
        name: 'BridgeError',
        message: expect.stringContaining(`The command was not carried out. ${server.url} ${sentence}`),
      });
      expect(lines).toEqual([expect.stringContaining('a command was not taken')]);
      expect(lines.join()).not.toContain('TOP-SECRET');
    },
  );

  it('to a server that is not watched any more is refused', async () => {
    const { commands } = await commanding({});
    await expect(commands.freeMemory({ serverId: 'gone' })).rejects.toThrow('not watched any more');
  });
});
