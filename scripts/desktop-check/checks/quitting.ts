import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../../../simulator/simulator.ts';
import { countingPrompt, otherClient } from '../../../simulator/testing/prompts.ts';
import { causeMessage } from '../../../src/domain/text/cause-text.ts';
import type { InnerQuit } from '../../../src/main/desktop-check/protocol.ts';
import { type CheckedApp, startApp } from '../checked-app.ts';
import { keyboardObstacle, pressKeys, type Windowing } from '../desktop/screen.ts';
import { type QuitOutcome, quitFinding } from '../findings.ts';
import { processTree, stillThere } from '../processes.ts';
import { NotHere } from '../recorder.ts';
import type { Scene } from '../scene.ts';
import { hasTool } from '../tool.ts';
import { lookUntil } from './start.ts';
import { findTrayItem } from './tray.ts';

/** An app that has not ended by then is killed, ms. */
const patience = 10_000;
/** Processes that are about to end may take so long after the first one, ms. */
const afterwards = 1_000;

interface QuitWay {
  name: string;
  /** Throws `NotHere` where this way does not exist; may change what the app is started in. */
  prepare?: () => Promise<Setting>;
  /** What the app has come to before it is quit; by default its page is loaded and the server connected. */
  until?: (app: CheckedApp) => Promise<unknown>;
  quit: (app: CheckedApp) => unknown;
}

/** What is different around the app. */
interface Setting {
  server?: string;
  environment?: NodeJS.ProcessEnv;
  end?: () => Promise<unknown>;
}

/** Every way to quit, each in an app of its own, so many times. */
export async function checkQuitting(scene: Scene, windowing: Windowing): Promise<void> {
  const { record, options } = scene;
  record.group('Quitting');
  for (const way of quitWays(scene, windowing))
    for (let round = 1; round <= options.quits; round += 1) {
      const name = options.quits > 1 ? `${way.name} (${round})` : way.name;
      try {
        const finding = quitFinding(await tryToQuit(scene, way));
        record.note(name, finding.verdict, finding.seen);
      } catch (cause) {
        const seen = causeMessage(cause);
        record.note(name, cause instanceof NotHere ? 'not here' : 'failed', seen);
        if (cause instanceof NotHere) break;
      }
    }
}

async function tryToQuit({ program, tap }: Scene, way: QuitWay): Promise<QuitOutcome> {
  const setting = (await way.prepare?.()) ?? {};
  const app = await startApp({
    program,
    server: setting.server ?? tap.url,
    ...(setting.environment ? { environment: setting.environment } : {}),
  });
  try {
    await (way.until ?? isThere)(app);
    const processes = await processTree(app.pid);
    const askedAt = performance.now();
    // The answer may be lost with the app.
    const refused = Promise.resolve(way.quit(app)).then(
      () => null,
      (cause: unknown) => (app.hasEnded() ? null : cause),
    );
    const ending = await Promise.race([app.ended, delay(patience, null)]);
    if (!ending) {
      const cause = await Promise.race([refused, delay(0, null)]);
      if (cause !== null) throw cause;
      return { ms: null, code: null, signal: null, leftBehind: 0, lastWords: app.lastWords() };
    }
    let left = await stillThere(processes);
    const deadline = performance.now() + afterwards;
    while (left.length > 0 && performance.now() < deadline) {
      await delay(50);
      left = await stillThere(left);
    }
    return {
      ms: ending.at - askedAt,
      code: ending.code,
      signal: ending.signal,
      leftBehind: left.length,
      lastWords: app.lastWords(),
    };
  } finally {
    await app.kill();
    await setting.end?.();
  }
}

async function isThere(app: CheckedApp): Promise<void> {
  await pageIsThere(app);
  await lookUntil(app, ({ servers }) => servers.some(({ connected }) => connected), 'a connection');
}

async function pageIsThere(app: CheckedApp): Promise<void> {
  await app.hear(({ news }) => news === 'page loaded', 'its page was loaded');
  await app.probe('painted');
}

function quitWays(scene: Scene, windowing: Windowing): QuitWay[] {
  const { bus, simulator } = scene;
  const order = (way: InnerQuit) => (app: CheckedApp) => app.order('quit', { way });
  const signal = (name: NodeJS.Signals) => ({
    async prepare() {
      if (process.platform === 'win32') throw new NotHere('Windows has no signals');
      return {};
    },
    quit: (app: CheckedApp) => process.kill(app.pid, name),
  });
  const trayQuit = async (app: CheckedApp): Promise<unknown> =>
    'reason' in bus
      ? app.order('quit', { way: 'tray command' })
      : (await findTrayItem(bus, app)).press('Quit');
  const needsTray = async (): Promise<Setting> => {
    if (process.platform === 'linux' && 'reason' in bus) throw new NotHere(bus.reason);
    return {};
  };
  return [
    { name: "the tray's menu", prepare: needsTray, quit: trayQuit },
    {
      name: "the tray's menu, with the window hidden and a job running",
      prepare: needsTray,
      async until(app) {
        await isThere(app);
        simulator.submit(
          countingPrompt({ title: 'At work', seed: 9, steps: 1_000, secondsPerStep: 0.3 }),
          otherClient,
        );
        await lookUntil(
          app,
          ({ servers }) => servers.some(({ queueLength }) => (queueLength ?? 0) > 0),
          'a job',
        );
        await app.order('window', { act: 'hide' });
        await delay(3_000);
      },
      async quit(app) {
        await trayQuit(app);
        simulator.interrupt();
      },
    },
    { name: "the application's menu", quit: order('application menu') },
    {
      name: 'its shortcut, Ctrl+Q',
      async prepare() {
        const obstacle = keyboardObstacle(windowing);
        if (obstacle) throw new NotHere(obstacle);
        return {};
      },
      quit: () => pressKeys('ctrl+q'),
    },
    { name: 'SIGINT, as from a terminal', ...signal('SIGINT') },
    { name: 'SIGTERM', ...signal('SIGTERM') },
    {
      name: 'the end of the session',
      async prepare() {
        if (process.platform !== 'linux')
          throw new NotHere('nothing here can end a session for one program alone');
        return {};
      },
      // Both at once, as systemd ends what runs in a session.
      quit(app) {
        process.kill(app.pid, 'SIGTERM');
        process.kill(app.pid, 'SIGHUP');
      },
    },
    {
      name: 'the last window closed, without a tray',
      prepare: withoutTray,
      async until(app) {
        await isThere(app);
        // It asks three times within ten seconds before it believes that there is none.
        await lookUntil(app, ({ hasTray }) => !hasTray, 'knowing that there is no tray', 20_000);
      },
      quit: order('close window'),
    },
    {
      name: 'while the page is loading',
      until: async () => {},
      quit: order('while loading'),
    },
    {
      name: 'with a server that never answers',
      prepare: () => withSilentServer((server) => server.goSilent()),
      until: pageIsThere,
      quit: order('application menu'),
    },
    silenced(order('application menu')),
  ];
}

/** The server answers at first, and falls silent while the app is connected. */
function silenced(quit: QuitWay['quit']): QuitWay {
  let server: Simulator | null = null;
  return {
    name: 'with a server that has fallen silent',
    prepare: () =>
      withSilentServer((started) => {
        server = started;
      }),
    async until(app) {
      await isThere(app);
      server?.goSilent();
    },
    quit,
  };
}

async function withSilentServer(start: (server: Simulator) => void): Promise<Setting> {
  const server = await startSimulator({ scenario: 'idle' });
  start(server);
  return { server: server.url, end: () => server.stop() };
}

/** A session bus of its own, on which no panel draws tray icons. */
async function withoutTray(): Promise<Setting> {
  if (process.platform !== 'linux') throw new NotHere('this system always has a tray');
  if (!hasTool('dbus-daemon'))
    throw new NotHere('dbus-daemon is not installed, so there is no second session bus');
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(daemon);
  return {
    environment: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
    end: async () => daemon.kill(),
  };
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((done) => {
    let text = '';
    stdout?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const end = text.indexOf('\n');
      if (end >= 0) done(text.slice(0, end));
    });
  });
}
