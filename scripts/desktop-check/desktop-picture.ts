/**
 * A picture of the desktop with the app on it: the window, a notification, the tray icon with its number, and its
 * menu opened. Panels do not tell where an icon is; it is found by what changes when its number does.
 */

import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { decode } from 'fast-png';
import { startSimulator } from '../../simulator/simulator.ts';
import { otherClient } from '../../simulator/testing/prompts.ts';
import { textToImage } from '../../simulator/workflows.ts';
import { type AppProgram, startApp } from './checked-app.ts';
import { lookUntil } from './checks/start.ts';
import { findTrayItem } from './checks/tray.ts';
import { clickAt, keyboardObstacle, movePointer, pictureOfScreen } from './desktop/screen.ts';
import { findSessionBus, type SessionBus } from './desktop/session-bus.ts';

/** A panel at the upper edge is not higher, pixels. */
const panelHeight = 40;

/** Writes the picture; rejects in one sentence where it cannot be taken. */
export async function takeDesktopPicture(program: AppProgram, file: string): Promise<void> {
  const found = process.platform === 'linux' ? findSessionBus() : { reason: 'only Linux lets it be taken' };
  if ('reason' in found) throw new Error(found.reason);
  const obstacle = keyboardObstacle('x11');
  if (obstacle) throw new Error(obstacle);
  const simulator = await startSimulator({ scenario: 'idle', companion: true });
  const app = await startApp({ program, server: simulator.url });
  const submit = (title: string, prompt: string, steps: number): unknown => {
    const { graph, workflow } = textToImage({ title, prompt, seed: 7, steps, width: 480, height: 320 });
    return simulator.submit(graph, { ...otherClient, workflow });
  };
  try {
    await app.hear(({ news }) => news === 'page loaded', 'its page was loaded');
    await lookUntil(app, ({ servers }) => servers.some(({ connected }) => connected), 'a connection');
    submit('Mountain lake at dawn', 'a still mountain lake at dawn, layered peaks in mist', 6);
    await app.hear(isAbout('Mountain lake'), 'a notification');
    submit('Ringed planet', 'a ringed planet in a colourful nebula, countless stars', 10);
    submit('Valley in the evening', 'a wooded valley at dusk, ridge behind ridge, low sun', 400);
    submit('Aurora over the fjord', 'northern lights over a fjord, mirrored in dark water', 20);
    await app.hear(isAbout('Ringed planet'), 'a notification');
    const icon = await placeOfIcon(found.bus, app.pid, () => submit('Next one', 'paper boats on a pond', 20));
    await clickAt(icon.x, icon.y, 3);
    await delay(700);
    // Away from the icon, whose tooltip would cover the menu.
    await movePointer(icon.x - 100, icon.y + 250);
    await delay(1_500);
    const picture = await pictureOfScreen('x11');
    if (!picture) throw new Error('nothing here can take a picture of the screen (scrot, import)');
    await writeFile(file, picture);
  } finally {
    await app.kill();
    await simulator.stop();
  }
}

function isAbout(title: string): Parameters<Awaited<ReturnType<typeof startApp>>['hear']>[0] {
  return (news) => news.news === 'notification' && news.title.includes(title);
}

/** Where in the panel the picture changes when the app's icon does. */
async function placeOfIcon(
  bus: SessionBus,
  pid: number,
  change: () => unknown,
): Promise<{ x: number; y: number }> {
  const item = await findTrayItem(bus, { pid });
  for (let tries = 0; tries < 5; tries += 1) {
    const hash = await item.iconHash();
    const before = await pictureOfScreen('x11');
    change();
    for (let waits = 0; waits < 40 && (await item.iconHash()) === hash; waits += 1) await delay(50);
    await delay(300);
    const after = await pictureOfScreen('x11');
    const place = before && after ? centreOfChange(before, after, panelHeight) : null;
    if (place) return place;
  }
  throw new Error('the tray icon was not found in a panel at the upper edge of the screen');
}

/** The middle of what differs in the uppermost rows of two pictures; null if it is wider than an icon, or nothing. */
export function centreOfChange(before: Buffer, after: Buffer, rows: number): { x: number; y: number } | null {
  const [a, b] = [decode(before), decode(after)];
  if (a.width !== b.width || a.channels !== b.channels) return null;
  const changed: { x: number; y: number }[] = [];
  for (let y = 0; y < Math.min(rows, a.height, b.height); y += 1)
    for (let x = 0; x < a.width; x += 1) {
      const at = (y * a.width + x) * a.channels;
      if (a.data.slice(at, at + a.channels).some((value, channel) => value !== b.data[at + channel]))
        changed.push({ x, y });
    }
  if (changed.length === 0) return null;
  const [xs, ys] = [changed.map(({ x }) => x), changed.map(({ y }) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  if (right - left > rows) return null;
  return { x: Math.round((left + right) / 2), y: Math.round((Math.min(...ys) + Math.max(...ys)) / 2) };
}
