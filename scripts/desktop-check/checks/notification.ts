import { setTimeout as delay } from 'node:timers/promises';
import { countingPrompt, otherClient } from '../../../simulator/testing/prompts.ts';
import type { CheckedApp } from '../checked-app.ts';
import { hearNotifications, showsNotifications } from '../desktop/heard-notifications.ts';
import { pictureOfScreen, type Windowing } from '../desktop/screen.ts';
import { NotHere } from '../recorder.ts';
import type { Scene } from '../scene.ts';

const title = 'Worth a word';

/** One finished prompt, announced by one notification. */
export async function checkNotification(scene: Scene, app: CheckedApp, windowing: Windowing): Promise<void> {
  const { record, simulator, bus } = scene;
  record.group('Notification');
  if (!('reason' in bus) && !(await showsNotifications(bus))) {
    record.note('shown or refused', 'not here', 'this desktop shows no notifications');
    return;
  }
  const ear = 'reason' in bus ? null : await hearNotifications(bus);
  simulator.submit(countingPrompt({ title, seed: 2 }), otherClient);
  await record.expect('shown or refused', async () => {
    try {
      const { news } = await app.hear(
        (news) => news.news === 'notification' && news.title.includes(title),
        'a notification',
        15_000,
      );
      if (news.news !== 'notification' || news.failure === null) return 'shown';
      return `refused: ${news.failure}`;
    } catch (cause) {
      // On a build machine no user can answer its question.
      if (process.platform === 'darwin') throw new NotHere('macOS waits for its user to allow notifications');
      throw cause;
    }
  });
  await record.expect('as the desktop was told', async () => {
    if (!ear) throw new NotHere('reason' in bus ? bus.reason : '');
    for (let tries = 0; tries < 30 && !ear.heard.some((one) => one.title.includes(title)); tries += 1)
      await delay(100);
    const about = ear.heard.filter((one) => one.title.includes(title));
    const [notification] = about;
    if (!notification) throw new Error(`of ${ear.heard.length} notifications none was about it`);
    if (about.length > 1) throw new Error(`it was told ${about.length} times`);
    if (!notification.hasPicture) throw new Error('it came without the picture that was made');
    const { body, icon, buttons } = notification;
    return `“${notification.title}”, “${body}”, with a picture, icon “${icon}”, buttons ${buttons.join(', ') || 'none'}`;
  });
  ear?.stop();
  await delay(500);
  const picture = await pictureOfScreen(windowing);
  if (picture) record.picture('The desktop with a notification', picture);
  else record.note('a picture of the desktop', 'not here', 'nothing here can take one (scrot, import, grim)');
}
