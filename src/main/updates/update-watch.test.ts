import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeSchema } from '../../contract/notice.ts';
import { availableNotice, checkInterval, readyNotice, watchUpdates } from './update-watch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watching(fetchUpdate: () => Promise<string | null>) {
  const seen = { ready: [] as string[], lines: [] as string[], wanted: true };
  const fetched = vi.fn(fetchUpdate);
  const watch = watchUpdates({
    fetchUpdate: fetched,
    wanted: () => seen.wanted,
    onFound: (version) => seen.ready.push(version),
    log: (line) => seen.lines.push(line),
  });
  return { watch, fetched, seen };
}
const hours = (count: number) => vi.advanceTimersByTimeAsync(count * 3_600_000);

describe('the watch for updates', () => {
  it('looks at the start and every six hours, until it is stopped', async () => {
    const { watch, fetched } = watching(async () => null);
    expect(checkInterval).toBe(6 * 3_600_000);
    expect(fetched).toHaveBeenCalledTimes(1);
    await hours(13);
    expect(fetched).toHaveBeenCalledTimes(3);
    watch.stop();
    await hours(24);
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('tells of every version once', async () => {
    const versions = [null, '1.1.0', '1.1.0', '1.2.0'];
    const { seen } = watching(async () => versions.shift() ?? null);
    await hours(30);
    expect(seen.ready).toEqual(['1.1.0', '1.2.0']);
  });

  it('asks nobody while updates are not wanted, and at once when they are again', async () => {
    const { watch, fetched, seen } = watching(async () => null);
    await hours(1);
    seen.wanted = false;
    await hours(24);
    expect(fetched).toHaveBeenCalledTimes(1);
    seen.wanted = true;
    await watch.check();
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('tells of a version again after it was to be forgotten', async () => {
    const { watch, seen } = watching(async () => '2.0.0');
    await hours(1);
    watch.forget();
    await watch.check();
    expect(seen.ready).toEqual(['2.0.0', '2.0.0']);
  });

  it('keeps quiet about what was fetched when it is not wanted any more', async () => {
    const { watch, seen } = watching(async () => {
      seen.wanted = false;
      return '2.0.0';
    });
    await hours(1);
    expect(seen.ready).toEqual([]);
    watch.stop();
  });

  it('logs the same trouble once, and goes on', async () => {
    const troubles = ['net::ERR_INTERNET_DISCONNECTED', 'net::ERR_INTERNET_DISCONNECTED', '404\n    at x'];
    const { seen } = watching(async () => {
      const trouble = troubles.shift();
      if (trouble) throw new Error(trouble);
      return '2.0.0';
    });
    await hours(20);
    expect(seen.lines).toEqual([
      'no update could be fetched: net::ERR_INTERNET_DISCONNECTED',
      'no update could be fetched: 404',
    ]);
    expect(seen.ready).toEqual(['2.0.0']);
  });

  it('does not look twice at the same time', async () => {
    const { watch, fetched } = watching(() => new Promise((done) => setTimeout(() => done(null), 10_000)));
    void watch.check();
    expect(fetched).toHaveBeenCalledTimes(1);
    watch.stop();
  });

  it('says what to do', () => {
    expect(noticeSchema.parse(readyNotice('1.2.3')).what).toBe('Version 1.2.3 is ready: restart to update.');
    const available = noticeSchema.parse(availableNotice('1.2.3', 'https://example.org/releases'));
    expect(available.next).toContain('https://example.org/releases');
    expect(available.action).toBeUndefined();
  });
});
