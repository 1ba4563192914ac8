import { setTimeout as delay } from 'node:timers/promises';
import type { Simulator } from '../../../simulator/simulator.ts';
import { otherClient, sleepingPrompt } from '../../../simulator/testing/prompts.ts';
import type { CheckedApp } from '../checked-app.ts';
import type { SessionBus } from '../desktop/session-bus.ts';
import { type TrayItem, trayItemsOf, trayOwner } from '../desktop/status-notifier.ts';
import { processTree } from '../processes.ts';
import { NotHere } from '../recorder.ts';
import type { Scene } from '../scene.ts';

/** How many changes of the icon are looked at. */
const changes = 20;
/** The tray follows twice a second; a slow machine may take longer, ms. */
const iconPatience = 4_000;

/** The tray as the desktop has it; elsewhere what Electron tells. */
export async function checkTray(scene: Scene, app: CheckedApp): Promise<void> {
  const { record, bus, simulator } = scene;
  record.group('Tray');
  if (process.platform !== 'linux') {
    await record.expect('the icon has a place on the screen', async () => {
      const { width, height } = (await app.order('look', {})).tray.bounds;
      if (width === 0 || height === 0) throw new Error('it has none');
      return `${width} × ${height}`;
    });
    // Only Linux lets other programs see more of it.
    await record.expect('its text, as the system was given it', async () =>
      checkedText((await app.order('look', {})).tray.tooltip),
    );
    await record.expect('its menu, as the system was given it', async () =>
      checkedMenu((await app.order('look', {})).tray.menu),
    );
    record.note('changes of the icon', 'not here', 'only Linux lets other programs see the icon');
    return;
  }
  const found: { item?: TrayItem } = {};
  await record.expect('who draws tray icons', async () => {
    const owner = await trayOwner(busOf(bus));
    if (!owner) throw new NotHere('no program owns org.kde.StatusNotifierWatcher');
    return `${owner.name}, process ${owner.pid}`;
  });
  await record.expect('our icon is registered there', async () => {
    found.item = await findTrayItem(busOf(bus), app);
    return `by process ${found.item.pid}`;
  });
  const item = (): TrayItem => {
    if (!found.item) throw new NotHere('there is no icon');
    return found.item;
  };
  await record.expect('its text', async () => checkedText(await item().tooltip()));
  await record.expect('its menu', async () => checkedMenu((await item().menu()).map(({ label }) => label)));
  await record.expect(`${changes} changes of the icon`, () => countChanges(item(), simulator));
}

function checkedText(text: string): string {
  if (!text.includes('idle')) throw new Error(`it does not say that the server is idle: “${text}”`);
  return text.replaceAll('\n', ' | ');
}

function checkedMenu(labels: readonly string[]): string {
  if (!labels.includes('Quit')) throw new Error(`it has no “Quit”: ${labels.join(', ')}`);
  return labels.join(' | ');
}

/** The tray icon of a running app; a panel may take a moment to know of it. */
export async function findTrayItem(bus: SessionBus, app: Pick<CheckedApp, 'pid'>): Promise<TrayItem> {
  if (!(await trayOwner(bus))) throw new NotHere('no panel here draws tray icons');
  for (let tries = 0; tries < 50; tries += 1) {
    const pids = new Set((await processTree(app.pid)).map(({ pid }) => pid));
    const [item] = await trayItemsOf(bus, pids);
    if (item) return item;
    await delay(100);
  }
  throw new Error('none of the registered tray icons is ours');
}

/** The queue grows and is emptied; each time the number on the icon has to change. */
async function countChanges(item: TrayItem, simulator: Simulator): Promise<string> {
  simulator.submit(sleepingPrompt('Long work', 600), otherClient);
  const signals = await item.countNewIcons();
  try {
    let before = await nextIcon(item, await item.iconHash());
    const signalsBefore = signals.count();
    const missed: number[] = [];
    for (let change = 1; change <= changes; change += 1) {
      if (change % 7 === 0) await clearQueue(simulator);
      else simulator.submit(sleepingPrompt(`Waiting ${change}`, 1), otherClient);
      const after = await nextIcon(item, before);
      if (after === before) missed.push(change);
      before = after;
    }
    // The signals come over another line than the pictures.
    const signalled = (): number => signals.count() - signalsBefore;
    for (let waits = 0; waits < 20 && signalled() < changes; waits += 1) await delay(100);
    const heard = signalled();
    if (missed.length > 0) throw new Error(`${missed.length} did not arrive (change ${missed.join(', ')})`);
    if (heard < changes) throw new Error(`all arrived, but only with ${heard} signals (NewIcon)`);
    return `all arrived, with ${heard} signals (NewIcon)`;
  } finally {
    signals.stop();
    await clearQueue(simulator);
    simulator.interrupt();
  }
}

async function nextIcon(item: TrayItem, before: string | null): Promise<string | null> {
  const deadline = performance.now() + iconPatience;
  for (;;) {
    const now = await item.iconHash();
    if (now !== before || performance.now() > deadline) return now;
    await delay(100);
  }
}

async function clearQueue({ url }: Simulator): Promise<void> {
  await fetch(`${url}/queue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"clear":true}',
  });
}

function busOf(bus: Scene['bus']): SessionBus {
  if ('reason' in bus) throw new NotHere(bus.reason);
  return bus;
}
