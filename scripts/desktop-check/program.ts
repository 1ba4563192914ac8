import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { desktopObstacle, findElectron, testObstacle } from '../electron/electron-runtime.ts';
import type { AppProgram } from './checked-app.ts';
import type { CheckOptions } from './options.ts';

/** What is to be checked, or in one sentence why it cannot be. */
export function findProgram(
  root: string,
  { app, appArgs }: Pick<CheckOptions, 'app' | 'appArgs'>,
): { ok: true; program: AppProgram } | { ok: false; reason: string } {
  if (app !== null) {
    const obstacle = desktopObstacle();
    if (obstacle) return { ok: false, reason: obstacle };
    const path = programIn(app);
    return existsSync(path)
      ? { ok: true, program: { path, args: appArgs } }
      : { ok: false, reason: `there is no program ${path}; --app needs that of the installed app.` };
  }
  const obstacle = testObstacle(root);
  if (obstacle) return { ok: false, reason: obstacle };
  const path = findElectron(root);
  return path === null
    ? { ok: false, reason: "Electron's runtime is not installed; run npx install-electron." }
    : { ok: true, program: { path, args: [root, ...appArgs] } };
}

/** An app of macOS is a folder, with its program in it. */
function programIn(app: string): string {
  return app.endsWith('.app') ? join(app, 'Contents', 'MacOS', basename(app, '.app')) : app;
}
