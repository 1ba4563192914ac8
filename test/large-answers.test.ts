import { expect, it, onTestFinished } from 'vitest';
import { startPlainServer } from '../src/comfy/testing/plain-server.ts';
import { startWebMonitor } from './web-monitor.ts';

/** Has a program say what each of its threads says first. */
const tellOfThreads = `data:text/javascript,${encodeURIComponent(
  `import { subscribe } from 'node:diagnostics_channel';
  subscribe('worker_threads', ({ worker }) => worker.once('message', (word) => console.log('thread:', word)));`,
)}`;

it('a large answer is read in a thread, which the built program finds', async () => {
  const graph = { '1': { class_type: 'KSampler', inputs: { text: 'x'.repeat(3_000_000) } } };
  const server = await startPlainServer({
    routes: { '/queue': { json: { queue_running: [[1, 'large', graph, {}, ['1']]], queue_pending: [] } } },
  });
  const monitor = await startWebMonitor(['--server', server.url], undefined, ['--import', tellOfThreads]);
  onTestFinished(() => monitor.stop());
  await expect.poll(() => monitor.output()).toContain('thread: ready');
});
