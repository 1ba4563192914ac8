import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../testing/fake-electron.ts';
import { followSecondStarts, type StartRequest } from './second-starts.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

afterEach(() => {
  app.removeAllListeners('second-instance');
});

const demo: StartRequest = { servers: [], demo: true, hidden: false };
const start = (told: unknown, argv: string[] = []) => app.emit('second-instance', {}, argv, '/', told);

describe('a second start', () => {
  it('while the first one is still starting is heard of as soon as it can be', () => {
    const requests: (StartRequest | null)[] = [];
    const secondStarts = followSecondStarts();
    start({ ...demo, servers: ['http://a:1'] });
    start(demo);
    secondStarts.onRequest((request) => requests.push(request));
    expect(requests).toEqual([{ ...demo, servers: ['http://a:1'] }, demo]);
    start({ ...demo, hidden: true });
    expect(requests.slice(2)).toEqual([{ ...demo, hidden: true }]);
  });

  it('of another version is understood by its command line, if at all', () => {
    const requests: (StartRequest | null)[] = [];
    followSecondStarts().onRequest((request) => requests.push(request));
    start({ later: 'version' }, ['comfy-monitor', '--allow-file-access-from-files', '--demo']);
    start(null, ['comfy-monitor', '--server', 'ftp://x']);
    expect(requests).toEqual([expect.objectContaining(demo), null]);
  });
});
