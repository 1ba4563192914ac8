import { setTimeout as delay } from 'node:timers/promises';
import { type CheckLook, checkedShortcut } from '../../../src/main/desktop-check/protocol.ts';
import { type CheckedApp, startSecond } from '../checked-app.ts';
import { keyboardObstacle, pressKeys, type Windowing } from '../desktop/screen.ts';
import { trayOwner } from '../desktop/status-notifier.ts';
import { limited, showingLimit } from '../findings.ts';
import { NotHere } from '../recorder.ts';
import type { Scene } from '../scene.ts';
import { capture } from './page.ts';
import { lookUntil } from './start.ts';

const main = ({ windows }: CheckLook) => windows.find(({ page }) => page === 'main');
const isShown = (look: CheckLook): boolean => main(look)?.visible === true && !main(look)?.minimised;
const isHidden = (look: CheckLook): boolean => main(look)?.visible !== true;
const miniIsShown = ({ windows }: CheckLook): boolean =>
  windows.some(({ page, visible }) => page === 'mini' && visible);

/** Away and back in every way that users have. */
export async function checkWindows(scene: Scene, app: CheckedApp, windowing: Windowing): Promise<void> {
  const { record, options } = scene;
  record.group('Windows');
  record.picture('The window', await capture(app));
  if (await knowsOfTray(scene, app)) {
    await record.expect('closing the window hides it', async () => {
      await app.order('window', { act: 'close' });
      await lookUntil(app, isHidden, 'a hidden window');
      if (app.hasEnded()) throw new Error('it ended the app');
      return 'and the app goes on';
    });
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await app.order('window', { act: 'hide' });
      await lookUntil(app, isHidden, 'a hidden window');
      await delay(2_000);
      times.push(await timeToShow(app));
    }
    // The one in the middle: a machine that has something else to do at that moment proves nothing.
    const [, ms = Number.NaN] = times.toSorted((a, b) => a - b);
    const finding = limited(ms, showingLimit, 'ms', options.limits);
    const all = times.map((time) => Math.round(time)).join(', ');
    record.note('showing it again, until it is painted', finding.verdict, `${finding.seen} (of ${all} ms)`);
  } else record.note('closing the window hides it', 'not here', 'without a tray it quits, see below');
  await record.expect('minimised and restored', async () => {
    await app.order('window', { act: 'minimise' });
    await lookUntil(app, (look) => main(look)?.minimised === true, 'a minimised window', 5_000).catch(
      (cause) => {
        if (windowing === 'wayland')
          throw new NotHere('Wayland tells no program that its window is minimised');
        throw cause;
      },
    );
    await app.order('window', { act: 'restore' });
    await lookUntil(app, isShown, 'a restored window');
    await app.probe('painted');
    return 'and painted';
  });
  await record.expect('mini mode, and back', async () => {
    await app.order('window', { act: 'mini mode' });
    await lookUntil(app, (look) => miniIsShown(look) && !isShown(look), 'the strip instead of the window');
    const { heading } = await app.probe('painted', 'mini');
    record.picture('Mini mode', await capture(app, 'mini'));
    await app.order('window', { act: 'full window' });
    await lookUntil(app, (look) => isShown(look) && !miniIsShown(look), 'the window instead of the strip');
    await app.probe('painted');
    return `the strip said “${heading.slice(0, 60)}”`;
  });
}

/** Whether the app has a tray to hide in. Where there is none it takes ten seconds to believe that. */
export async function knowsOfTray({ bus }: Scene, app: CheckedApp): Promise<boolean> {
  if (!('reason' in bus) && !(await trayOwner(bus)))
    await lookUntil(app, ({ hasTray }) => !hasTray, 'knowing that there is no tray', 20_000);
  return (await app.order('look', {})).hasTray;
}

/** From the order to the painted page, ms. */
export async function timeToShow(app: CheckedApp): Promise<number> {
  const orderedAt = performance.now();
  await app.order('window', { act: 'show' });
  await app.probe('painted');
  return performance.now() - orderedAt;
}

/** The shortcut is taken and given back, and pressed where that can be done. */
export async function checkShortcut(scene: Scene, app: CheckedApp, windowing: Windowing): Promise<void> {
  const { record } = scene;
  record.group('Global shortcut');
  const registered = async (): Promise<boolean> => (await app.order('look', {})).shortcutRegistered;
  await record.expect('is taken when it is wanted', async () => {
    if (await registered()) throw new Error('it was taken before');
    if (!(await app.order('shortcut', { wanted: true })).registered) {
      if (windowing === 'wayland') throw new NotHere('this Wayland desktop grants none');
      throw new Error(`${checkedShortcut} was not granted`);
    }
    return checkedShortcut;
  });
  await record.expect('pressing it hides and shows the window', async () => {
    const obstacle = keyboardObstacle(windowing);
    if (obstacle) throw new NotHere(obstacle);
    const keys = checkedShortcut
      .replaceAll('Control', 'ctrl')
      .replaceAll('Alt', 'alt')
      .replaceAll('Shift', 'shift');
    const before = isShown(await app.order('look', {}));
    await pressKeys(keys);
    await lookUntil(
      app,
      (look) => isShown(look) !== before,
      before ? 'a hidden window' : 'a shown window',
      5_000,
    );
    await pressKeys(keys);
    await lookUntil(app, (look) => isShown(look) === before, 'the way back', 5_000);
    return 'there and back';
  });
  await record.expect('is given back when it is not', async () => {
    await app.order('shortcut', { wanted: false });
    if (await registered()) throw new Error('it is still taken');
    return 'it is free';
  });
}

/** The page's process dies. */
export async function checkCrash({ record }: Scene, app: CheckedApp): Promise<void> {
  record.group('Crash of the page');
  await record.expect('it comes back by itself', async () => {
    const loads = () => app.heard.filter(({ news }) => news.news === 'page loaded').length;
    const before = loads();
    const crashedAt = performance.now();
    await app.order('crash page', {});
    for (let tries = 0; tries < 150 && loads() === before; tries += 1) await delay(100);
    if (loads() === before) throw new Error('it was not loaded again within 15 s');
    await app.probe('painted');
    return `painted again after ${Math.round(performance.now() - crashedAt)} ms`;
  });
}

export async function checkSecondStart({ record, program, tap }: Scene, app: CheckedApp): Promise<void> {
  record.group('Second start');
  await record.expect("shows the first one's window and ends", async () => {
    await app.order('window', { act: 'hide' });
    await lookUntil(app, isHidden, 'a hidden window');
    const startedAt = performance.now();
    const ending = await startSecond(app, { program, server: tap.url });
    if (!ending) throw new Error('it did not end within 15 s, and was killed');
    if (ending.code !== 0)
      throw new Error(`it ended with code ${ending.code}${ending.signal ? ` (${ending.signal})` : ''}`);
    await lookUntil(app, isShown, "the first one's window");
    return `code 0 after ${Math.round(ending.at - startedAt)} ms`;
  });
}
