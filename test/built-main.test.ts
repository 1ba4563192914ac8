import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const main = join(import.meta.dirname, '..', 'out', 'main', 'index.js');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'built-main-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As much of the module `electron` as it takes to load the main process and ask for its version. */
const electron = `
  export const app = { isPackaged: true, getVersion: () => '9.9.9', exit: (code) => process.exit(code) };
  const absent = undefined;
  export { ${[
    'BrowserWindow',
    'Menu',
    'Notification',
    'Tray',
    'clipboard',
    'dialog',
    'globalShortcut',
    'ipcMain',
    'nativeImage',
    'nativeTheme',
    'powerMonitor',
    'protocol',
    'safeStorage',
    'screen',
    'shell',
  ]
    .map((name) => `absent as ${name}`)
    .join(', ')} };
`;

it('the built main process loads and says its version', async () => {
  const hooks = join(folder, 'hooks.mjs');
  await writeFile(join(folder, 'electron.mjs'), electron);
  await writeFile(
    hooks,
    `import { registerHooks } from 'node:module';
     registerHooks({ resolve: (name, context, next) => name === 'electron'
       ? { url: ${JSON.stringify(pathToFileURL(join(folder, 'electron.mjs')).href)}, shortCircuit: true }
       : next(name, context) });`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', hooks, main, '--version']);
  expect(stdout).toBe('9.9.9\n');
});
