/**
 * `npm run desktop:check`: starts the real app on this desktop, orders it about, measures it and writes a report.
 * What has to be done inside the app is asked for through `src/main/desktop-check/protocol.ts`.
 */

import { release, type as systemType } from 'node:os';
import { join } from 'node:path';
import { causeMessage } from '../src/domain/text/cause-text.ts';
import { buildIfNeeded } from './build.ts';
import { type AppProgram, killAllApps } from './desktop-check/checked-app.ts';
import { checkCost } from './desktop-check/checks/cost.ts';
import { checkNotification } from './desktop-check/checks/notification.ts';
import { checkPage } from './desktop-check/checks/page.ts';
import { checkQuitting } from './desktop-check/checks/quitting.ts';
import { checkFaults, checkStart, noteKeyStore } from './desktop-check/checks/start.ts';
import { checkTray } from './desktop-check/checks/tray.ts';
import { checkCrash, checkSecondStart, checkShortcut, checkWindows } from './desktop-check/checks/windows.ts';
import { hearKeyStore } from './desktop-check/desktop/heard-key-store.ts';
import { likelyWindowing } from './desktop-check/desktop/screen.ts';
import { takeDesktopPicture } from './desktop-check/desktop-picture.ts';
import { exitCodeOf, summaryOf } from './desktop-check/findings.ts';
import { type CheckOptions, helpText, parseOptions } from './desktop-check/options.ts';
import { findProgram } from './desktop-check/program.ts';
import { createRecorder } from './desktop-check/recorder.ts';
import { type Scene, setScene } from './desktop-check/scene.ts';

const root = join(import.meta.dirname, '..');
const parsed = parseOptions(process.argv.slice(2), root);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void killAllApps().finally(() => process.exit(1)));

if (!parsed.ok) {
  console.error(parsed.message);
  process.exitCode = 2;
} else if (parsed.value === 'help') console.log(helpText.trimEnd());
else process.exitCode = await check(parsed.value);

async function check(options: CheckOptions): Promise<number> {
  const found = findProgram(root, options);
  if (!found.ok) {
    console.error(`The desktop app cannot be checked here: ${found.reason}`);
    return 1;
  }
  if (options.app === null && !(await buildIfNeeded(root))) return 1;
  const { program } = found;
  if (options.picture !== null) return picture(program, options.picture);
  const startedAt = new Date().toISOString();
  const record = createRecorder(options.out);
  const scene = await setScene({ options, program, record });
  try {
    // One that does not come up cannot be measured either.
    const cameUp = !options.parts.includes('app') || (await checkApp(scene));
    if (cameUp && options.parts.includes('cost')) await checkCost(scene);
    if (cameUp && options.parts.includes('quit')) await checkQuitting(scene, likelyWindowing());
  } catch (cause) {
    record.note('the check itself', 'failed', causeMessage(cause));
  } finally {
    await killAllApps();
    await scene.close();
  }
  const system = `${systemType()} ${release()}`;
  const { report, path } = record.write({ startedAt, program: program.path, system });
  console.log(`\n${summaryOf(report)}; see ${path}`);
  return exitCodeOf(report);
}

/** What keeps one check from going on is a failure, and no reason to leave out the next. */
async function untilItFails({ record }: Scene, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    record.note('the rest of it', 'failed', causeMessage(cause));
  }
}

async function picture(program: AppProgram, file: string): Promise<number> {
  try {
    await takeDesktopPicture(program, file);
    console.log(`The picture is in ${file}.`);
    return 0;
  } catch (cause) {
    console.error(`No picture was taken: ${causeMessage(cause)}.`);
    return 1;
  }
}

/** Everything that one running app goes through; false if it did not come up. */
async function checkApp(scene: Scene): Promise<boolean> {
  const ear = 'reason' in scene.bus ? null : await hearKeyStore(scene.bus);
  const started = await checkStart(scene, ear);
  if (!started) {
    ear?.stop();
    return false;
  }
  const { app, windowing } = started;
  try {
    const checks = [
      () => checkPage(scene, app),
      () => checkTray(scene, app),
      () => checkNotification(scene, app, windowing),
      () => checkShortcut(scene, app, windowing),
      () => checkWindows(scene, app, windowing),
      () => checkSecondStart(scene, app),
      async () => noteKeyStore(scene, app, (await ear?.callsOf(app.pid)) ?? []),
      () => checkCrash(scene, app),
      () => checkFaults(scene, app),
    ];
    for (const run of checks) await untilItFails(scene, run);
    return true;
  } finally {
    ear?.stop();
    await app.kill();
  }
}
