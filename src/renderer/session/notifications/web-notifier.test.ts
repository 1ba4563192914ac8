import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browserHost, desktopHost } from '../../../contract/testing/hosts.ts';
import { ended, event, image, queued, stateAfter } from '../../../domain/testing/builders.ts';
import { createFakeHost, type FakeHostOptions } from '../../testing/fake-host.ts';
import { startPageSession } from '../page-session.ts';
import { startWebNotifier } from './web-notifier.ts';

const host = { ...browserHost, mediaBase: 'media' };
const live = stateAfter(
  event(0, 'queue_read', { running: [queued('p', { title: 'Portrait' })], pending: [] }),
);
const finished = event(9_000, 'history_read', {
  entries: [ended('p', { title: 'Portrait', startedAt: 0, finishedAt: 9_000, outputs: [image('a.png')] })],
});

class FakeNotification extends EventTarget {
  static permission: NotificationPermission = 'granted';
  static shown: FakeNotification[] = [];
  closed = false;
  readonly title: string;
  readonly options: NotificationOptions;
  constructor(title: string, options: NotificationOptions) {
    super();
    this.title = title;
    this.options = options;
    FakeNotification.shown.push(this);
  }
  close(): void {
    this.closed = true;
  }
}
const { shown } = FakeNotification;

/** The locks of one browser, which all of its tabs share. */
function createLocks() {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    request(_name: string, run: () => void): Promise<void> {
      if (taken) waiting.push(run);
      else run();
      taken = true;
      return Promise.resolve();
    },
    /** The tab that has the lock is closed. */
    closeFirst: () => waiting.shift()?.(),
  };
}

async function openTab(options: FakeHostOptions = {}) {
  const fake = createFakeHost({ state: live, host, ...options });
  const session = startPageSession(fake.transport, (problem) => console.error(problem));
  startWebNotifier(session);
  await vi.waitUntil(() => session.page.getState().link === 'linked');
  return { ...session, happen: fake.happen };
}

describe('the browser', () => {
  beforeEach(() => {
    localStorage.clear();
    shown.length = 0;
    FakeNotification.permission = 'granted';
    vi.stubGlobal('Notification', FakeNotification);
    vi.stubGlobal('BroadcastChannel', undefined);
    // As where pages are not served over HTTPS or from this computer.
    vi.stubGlobal('navigator', {});
  });

  it('tells what finished, with its picture, and leads to it', async () => {
    const { happen, page } = await openTab();
    happen(finished);
    expect(shown.map(({ title }) => title)).toEqual(['Finished: Portrait']);
    expect(shown[0]?.options).toMatchObject({
      body: '9 s · 1 image',
      silent: false,
      requireInteraction: false,
    });
    expect(shown[0]?.options.icon).toMatch(/^media\/s\/view\?filename=a\.png.*variant=thumbnail$/);
    shown[0]?.dispatchEvent(new Event('click'));
    expect(page.getState().wantedJob).toEqual({ serverId: 's', promptId: 'p' });
    expect(shown[0]?.closed).toBe(true);
  });

  it('tells in one tab only, and in the next one when that is closed', async () => {
    const locks = createLocks();
    vi.stubGlobal('navigator', { locks });
    const [first, second] = [await openTab(), await openTab()];
    first.happen(finished);
    second.happen(finished);
    expect(shown).toHaveLength(1);
    locks.closeFirst();
    expect(shown).toHaveLength(1);
    const failed = event(9_500, 'history_read', {
      entries: [ended('q', { title: 'Sketch', outcome: 'error', finishedAt: 9_500 })],
    });
    second.happen(failed);
    expect(shown.map(({ title }) => title)).toEqual(['Finished: Portrait', 'Failed: Sketch']);
  });

  it('tells after a reload what ended during it, and nothing twice', async () => {
    vi.useFakeTimers();
    await openTab();
    vi.advanceTimersByTime(2_000);
    vi.useRealTimers();
    const after = await openTab({ state: stateAfter(finished) });
    expect(shown.map(({ title }) => title)).toEqual(['Finished: Portrait']);
    after.happen(finished);
    await openTab({ state: stateAfter(finished) });
    expect(shown).toHaveLength(1);
  });

  it('is silent without permission, and where the host tells by itself', async () => {
    FakeNotification.permission = 'denied';
    (await openTab()).happen(finished);
    FakeNotification.permission = 'granted';
    (await openTab({ host: desktopHost })).happen(finished);
    expect(shown).toEqual([]);
  });
});
