import { createHash } from 'node:crypto';
import { BrowserWindow, type NativeImage, Notification } from 'electron';
import { actions } from '../../contract/actions/actions.ts';
import type { Notice } from '../../contract/notice.ts';
import type { Announcement } from '../../domain/news/announcement.ts';
import { shownName } from '../../domain/outputs/executed-output.ts';
import { dropOldest } from '../../domain/values/drop-oldest.ts';
import type { HostCalls, MonitorHost } from '../../host/monitor-host.ts';
import { t } from '../../language/t.ts';
import { smallPicture } from './picture.ts';

/** So many notifications keep what their click does. */
const maxHeld = 50;
/** Wide enough for every platform's notifications, and not a burden to hand over. */
const pictureWidth = 384;

/** By then a notification that we hold has heard of its button, ms. */
const hearsWithin = 500;

/**
 * Tells what happened by native notifications; `onClick` hears which job the user wants to see, or null
 * when it is about none.
 */
export function startNotifier(options: {
  host: MonitorHost;
  /** Beside notifications without a picture, where the system shows no icon of the app by itself. */
  icon: NativeImage | null;
  onClick: (job: Announcement['job']) => void;
  /** Hears whether a notification was shown; `failure` says why not. */
  onOutcome?: (title: string, failure: string | null) => void;
  log: (line: string) => void;
}): void {
  if (!Notification.isSupported()) return;
  const { host, log } = options;
  // By tag, and held until they are gone: a notification that is not held loses its click.
  const shown = new Map<string, Notification>();
  let pressedAt = Number.NEGATIVE_INFINITY;
  let hasFailed = false;

  // One of an earlier run, which is not held any more, at least leads to the window.
  if (process.platform === 'win32')
    Notification.handleActivation(({ type }) => {
      if (type === 'click') options.onClick(null);
      // The buttons of those that we hold are reported, too; they do by themselves what they say.
      if (type === 'action')
        setTimeout(() => {
          if (performance.now() - pressedAt > 2 * hearsWithin) options.onClick(null);
        }, hearsWithin);
    });

  host.news.tell({
    isFocused: () => BrowserWindow.getFocusedWindow() !== null,
    tell(announcement) {
      void pictureOf(announcement).then((picture) => show(announcement, picture));
    },
  });

  async function pictureOf({ job, picture }: Announcement): Promise<NativeImage | null> {
    if (!job || !picture) return null;
    const bytes = await host.news.picture(job.serverId, picture);
    return bytes && smallPicture(bytes, pictureWidth);
  }

  function show(about: Announcement, picture: NativeImage | null): void {
    const actions = actionsOf(about);
    const shownPicture = picture ?? options.icon;
    const notification = new Notification({
      // Windows and macOS put it in the place of an earlier one of the same tag, also of an earlier run.
      id: idOf(about.tag),
      title: about.title,
      body: about.body,
      urgency: about.urgent ? 'critical' : 'normal',
      silent: !host.settings.current.preferences.notifications.sound,
      ...(shownPicture ? { icon: shownPicture } : {}),
      ...(actions.length > 0
        ? { actions: actions.map(({ text }) => ({ type: 'button' as const, text })) }
        : {}),
    });
    if (process.platform === 'linux') shown.get(about.tag)?.close();
    // Deleted first: what is held is in the order in which it was shown.
    shown.delete(about.tag);
    shown.set(about.tag, notification);
    dropOldest(shown, maxHeld);
    const letGo = (): void => {
      if (shown.get(about.tag) === notification) shown.delete(about.tag);
    };
    notification.on('click', () => options.onClick(about.job));
    notification.on('action', ({ actionIndex }) => {
      pressedAt = performance.now();
      actions[actionIndex]?.run();
    });
    notification.on('close', ({ reason }) => {
      // On Windows it then waits in the notification centre, where it can still be clicked.
      if (reason !== 'timedOut') letGo();
    });
    notification.on('show', () => {
      options.onOutcome?.(about.title, null);
      if (hasFailed) host.notices.drop(failedId);
      hasFailed = false;
    });
    notification.on('failed', (_event, reason) => {
      letGo();
      options.onOutcome?.(about.title, reason);
      log(`a notification could not be shown: ${reason}`);
      // Once is enough, for those who put it away.
      if (!hasFailed) host.notices.add(failed(reason));
      hasFailed = true;
    });
    notification.show();
  }

  /** Buttons, where the system has them: Electron leaves them out elsewhere. */
  function actionsOf({ job, file, picture }: Announcement): { text: string; run: () => void }[] {
    if (!job || !file) return [];
    const request = { ...job, file };
    const done = (result: ReturnType<HostCalls['openOutput']>): void => {
      void Promise.resolve(result).then(({ opened, message }) => {
        if (opened) return;
        log(`${shownName(file)} was not shown: ${message}`);
        options.onClick(job);
      });
    };
    return [
      {
        text: picture ? t('news.open_image') : t('news.open_result'),
        run: () => done(host.calls.openOutput(request)),
      },
      { text: actions.reveal_output.label, run: () => done(host.calls.revealOutput(request)) },
    ];
  }
}

const failedId = 'notifications-failed';

function failed(reason: string): Notice {
  return {
    id: failedId,
    level: 'warning',
    get what() {
      return t('news.not_shown');
    },
    get why() {
      return t('news.not_shown.why', { reason: reason.replace(/\.$/, '') });
    },
    get next() {
      return t('news.not_shown.next');
    },
  };
}

/** Windows takes no more than 64 characters; a tag may hold an id that a client of ComfyUI chose. */
function idOf(tag: string): string {
  return createHash('sha256').update(tag).digest('base64url');
}
