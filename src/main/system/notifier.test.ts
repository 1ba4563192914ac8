import { type NativeImage, nativeImage } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../contract/notice.ts';
import type { Announcement } from '../../domain/news/announcement.ts';
import type { NewsTeller } from '../../host/news/news.ts';
import { startTestHost } from '../../host/testing/test-host.ts';
import { Notification } from '../testing/fake-electron.ts';
import { startNotifier } from './notifier.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });

beforeEach(() => {
  Notification.shown.length = 0;
});
afterEach(() => {
  on(platform);
  Notification.refusal = null;
});

const lost: Announcement = {
  tag: 'connection a',
  title: 'A was lost',
  body: '',
  urgent: false,
  job: null,
  file: null,
  picture: null,
};
const back: Announcement = { ...lost, title: 'A is back' };

/** A notifier whose news come from the test. */
async function notifying(picture: Buffer | null = null, icon: NativeImage | null = null) {
  const { host } = await startTestHost();
  const notices: Notice[] = [];
  let teller: NewsTeller | null = null;
  const onClick = vi.fn();
  startNotifier({
    host: {
      ...host,
      notices: {
        add: (notice) => notices.push(notice),
        drop: (id) => notices.splice(0, Infinity, ...notices.filter((notice) => notice.id !== id)),
      },
      news: {
        ...host.news,
        picture: async () => picture,
        tell(given) {
          teller = given;
        },
      },
    },
    icon,
    onClick,
    log: () => {},
  });
  return {
    onClick,
    notices,
    async tell(...announcements: Announcement[]) {
      const before = Notification.shown.length;
      for (const announcement of announcements) teller?.tell(announcement);
      await expect.poll(() => Notification.shown.length).toBe(before + announcements.length);
    },
  };
}

describe('a notification', () => {
  it('that the system refuses is made up for by words on the page, once, until one is shown', async () => {
    const { tell, notices } = await notifying();
    Notification.refusal = 'Notifications are not allowed for this application.';
    await tell(lost);
    const said = {
      what: 'Notifications are not shown.',
      why: 'The system refused one: Notifications are not allowed for this application.',
      next: expect.stringContaining('settings of the system'),
    };
    expect(notices).toMatchObject([said]);
    await tell(back);
    expect(notices).toHaveLength(1);
    Notification.refusal = null;
    await tell(lost);
    expect(notices).toEqual([]);
    Notification.refusal = 'Again';
    await tell(back);
    expect(notices).toMatchObject([{ why: 'The system refused one: Again.' }]);
  });

  it('takes the place of an earlier one about the same', async () => {
    on('win32');
    const { tell } = await notifying();
    await tell(lost, { ...lost, tag: `job ${'x'.repeat(200)}` }, back);
    const [first, other, last] = Notification.shown.map(({ options }) => options.id ?? '');
    expect(last).toBe(first);
    expect(other).not.toBe(first);
    expect(other?.length).toBeLessThanOrEqual(64);
    expect(Notification.shown.map(({ isClosed }) => isClosed)).toEqual([false, false, false]);
  });

  it('is closed for a later one about the same where the system knows no tags', async () => {
    on('linux');
    const { tell, onClick } = await notifying();
    await tell(lost, { ...lost, tag: 'connection b' }, back);
    expect(Notification.shown.map(({ isClosed }) => isClosed)).toEqual([true, false, false]);
    Notification.shown[0]?.emit('close', {});
    await tell(lost);
    expect(Notification.shown[2]?.isClosed).toBe(true);
    expect(onClick).not.toHaveBeenCalled();
  });

  it('of an earlier run of Windows leads to the window, whatever is pressed of it', async () => {
    on('win32');
    const { onClick } = await notifying();
    Notification.activated({ type: 'click', arguments: '' });
    expect(onClick).toHaveBeenCalledTimes(1);
    Notification.activated({ type: 'action', arguments: '', actionIndex: 0 });
    await expect.poll(() => onClick.mock.calls.length).toBe(2);
    expect(onClick).toHaveBeenCalledWith(null);
  });

  it('of this run only does what its button says', async () => {
    on('win32');
    const { tell, onClick } = await notifying();
    await tell(lost);
    vi.useFakeTimers();
    Notification.activated({ type: 'action', arguments: '', actionIndex: 0 });
    Notification.shown[0]?.emit('action', { actionIndex: 0 });
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(onClick).not.toHaveBeenCalled();
  });

  it('carries the icon of the app where it is given one, and no picture', async () => {
    const icon = nativeImage.createFromBuffer(Buffer.from('89504e47', 'hex'));
    const { tell } = await notifying(null, icon);
    await tell(lost);
    expect(Notification.shown[0]?.options.icon).toBe(icon);
  });

  it.each([
    ['shows what came out', 768, true],
    ['comes without a picture that would take long to decode', 50_000, false],
  ])('%s', async (_, height, isShown) => {
    const head = [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, 4, 0, 3];
    const { tell } = await notifying(Buffer.from(head));
    const job = { serverId: 's', promptId: 'p' };
    await tell({ ...lost, job, picture: { filename: 'a.png', subfolder: '', type: 'output' } });
    expect(Notification.shown[0]?.options.icon !== undefined).toBe(isShown);
  });
});
