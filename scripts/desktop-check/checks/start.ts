import { release, type as systemType } from 'node:os';
import type { CheckLook } from '../../../src/main/desktop-check/protocol.ts';
import { type CheckedApp, startApp } from '../checked-app.ts';
import type { KeyStoreEar } from '../desktop/heard-key-store.ts';
import { likelyWindowing, pictureOfScreen, type Windowing } from '../desktop/screen.ts';
import { rounded } from '../findings.ts';
import { linuxSandbox, linuxWindowing } from '../processes.ts';
import { NotHere } from '../recorder.ts';
import type { Scene } from '../scene.ts';

/** Starts the app; gives it when its page is there, or null when it did not come so far. */
export async function checkStart(
  scene: Scene,
  ear: KeyStoreEar | null,
): Promise<{ app: CheckedApp; windowing: Windowing } | null> {
  const { record, program, tap } = scene;
  record.group('Start');
  const app = await startApp({ program, server: tap.url });
  const steps = [
    ['the app is ready', 'ready'],
    ['the window is visible', 'window shown'],
    ['the page is loaded', 'page loaded'],
  ] as const;
  for (const [what, news] of steps) {
    const came = await record.expect(what, async () => {
      const { after } = await app.hear((sent) => sent.news === news, `“${news}”`);
      return `${Math.round(after)} ms after its start`;
    });
    if (came) continue;
    record.note('what it said before that', 'figure', app.lastWords() || 'nothing');
    const calls = (await ear?.callsOf(app.pid)) ?? [];
    if (calls.length > 0)
      record.note('what it asked the key store for', 'figure', [...new Set(calls)].join(', '));
    const picture = await pictureOfScreen();
    if (picture) record.picture('The desktop when the app did not come up', picture);
    await app.kill();
    return null;
  }
  await record.expect('the page is painted', async () => {
    const { heading } = await app.probe('painted');
    return `with “${heading.slice(0, 40)}”`;
  });
  await record.expect('the server is connected', async () => {
    await lookUntil(app, ({ servers }) => servers.some(({ connected }) => connected), 'a connection');
    return 'to the simulated ComfyUI';
  });
  const look = await app.order('look', {});
  const windowing = (process.platform === 'linux' && windowingOf(look)) || likelyWindowing();
  noteVersions(scene, look, windowing);
  noteProcesses(scene, look);
  return { app, windowing };
}

/** Looks again and again until what it sees is as wanted. */
export async function lookUntil(
  app: CheckedApp,
  isFine: (look: CheckLook) => boolean,
  what: string,
  timeoutMs = 10_000,
): Promise<CheckLook> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const look = await app.order('look', {});
    if (isFine(look)) return look;
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${timeoutMs / 1000} s`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function windowingOf({ processes }: CheckLook): Windowing | null {
  const found = linuxWindowing(processes.map(({ pid }) => pid));
  return found === 'x11' || found === 'wayland' ? found : null;
}

const windowingNames: Record<Windowing, string> = {
  x11: 'X11',
  wayland: 'Wayland',
  win32: 'Windows',
  darwin: 'macOS',
};

function noteVersions({ record }: Scene, look: CheckLook, windowing: Windowing): void {
  const { app, electron, chromium, node } = look.versions;
  const packed = look.isPackaged ? 'packed' : 'as built';
  record.note(
    'versions',
    'figure',
    `app ${app} (${packed}), Electron ${electron}, Chromium ${chromium}, Node ${node}`,
  );
  record.note('system', 'figure', `${systemType()} ${release()}, ${windowingNames[windowing]}`);
  const acceleration = { true: 'on', false: 'off', null: 'not known with this Electron' }[
    `${look.hardwareAcceleration}`
  ];
  record.note('hardware acceleration', 'figure', acceleration);
  const features = Object.entries(look.gpuFeatures).map(([name, state]) => `${name} ${state}`);
  record.note('GPU features', 'figure', features.join(', '));
}

/** Pages have to be sandboxed; of the others it depends on the system. */
function noteProcesses({ record }: Scene, look: CheckLook): void {
  for (const { pid, type, name, sandboxed, integrityLevel, memory } of look.processes) {
    const what = `process ${name ?? type}${name && name !== type ? ` (${type})` : ''}`;
    const size = `${rounded(memory / 1e6)} MB in RAM`;
    const kernel = process.platform === 'linux' ? linuxSandbox(pid) : null;
    const state = kernel
      ? `system calls ${kernel.filtered ? 'filtered' : 'not filtered'}, ${kernel.noNewRights ? 'no new rights' : 'new rights possible'}`
      : `${sandboxed === null ? 'sandbox unknown' : sandboxed ? 'sandboxed' : 'not sandboxed'}${integrityLevel === null ? '' : `, integrity ${integrityLevel}`}`;
    const isFine = kernel ? kernel.filtered && kernel.noNewRights : sandboxed === true;
    const verdict = type !== 'Tab' ? 'figure' : isFine ? 'ok' : 'failed';
    record.note(what, verdict, `${state}, ${size}`);
  }
}

/** Nothing may have gone wrong in any page so far. */
export async function checkFaults({ record }: Scene, app: CheckedApp): Promise<void> {
  record.group('Faults of the page');
  const { faults } = await app.order('look', {});
  const kinds = [
    ["violations of the page's policy", faults.policy],
    ['errors of the page', faults.page],
    ['errors in the console', faults.console],
  ] as const;
  for (const [what, lines] of kinds)
    record.note(
      what,
      lines.length === 0 ? 'ok' : 'failed',
      lines.length === 0 ? 'none' : lines.join(' | ').slice(0, 1_000),
    );
}

/** On Linux, what the desktop's bus was asked about passwords. */
export async function noteKeyStore(scene: Scene, app: CheckedApp, calls: readonly string[]): Promise<void> {
  const { record, bus, options } = scene;
  record.group('Key store');
  const { keyStore } = await app.order('look', {});
  record.note(
    'where passwords would be kept',
    'figure',
    keyStore ?? 'not known with this Electron or system',
  );
  await record.expect('is not opened as long as nothing is kept in it', async () => {
    if ('reason' in bus) throw new NotHere(bus.reason);
    if (options.appArgs.some((arg) => arg.startsWith('--password-store')))
      throw new NotHere('the app was told which key store to take (--password-store)');
    if (calls.length > 0) throw new Error(`it was asked for: ${[...new Set(calls)].join(', ')}`);
    return 'it was not needed';
  });
}
