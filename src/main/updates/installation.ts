import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How the desktop app came onto this computer. */
export interface Installation {
  kind: 'development' | 'windows-installer' | 'windows-portable' | 'mac-app' | 'appimage' | 'linux-package';
  /** False where others bring new versions: a package manager, or a person. */
  updatesItself: boolean;
  /** What to start in order to start the app: never a file that is gone after this run. */
  program: string;
}

export interface InstallationSigns {
  isPackaged: boolean;
  /** That macOS would take an update of this app. */
  isSignedForMac?: boolean;
  platform: NodeJS.Platform;
  execPath: string;
  environment: NodeJS.ProcessEnv;
}

export function installationOf({
  isPackaged,
  isSignedForMac = false,
  platform,
  execPath,
  environment,
}: InstallationSigns): Installation {
  if (!isPackaged) return { kind: 'development', updatesItself: false, program: execPath };
  if (platform === 'darwin') return { kind: 'mac-app', updatesItself: isSignedForMac, program: execPath };
  if (platform === 'win32') {
    // The portable program unpacks itself to a temporary folder and says so.
    const portable = environment.PORTABLE_EXECUTABLE_FILE;
    return portable
      ? { kind: 'windows-portable', updatesItself: false, program: portable }
      : { kind: 'windows-installer', updatesItself: true, program: execPath };
  }
  const { APPIMAGE: image, APPDIR: mounted } = environment;
  // Both variables also reach whatever is started from another AppImage, a terminal for example.
  return image && mounted && execPath.startsWith(`${mounted}/`)
    ? { kind: 'appimage', updatesItself: true, program: image }
    : { kind: 'linux-package', updatesItself: false, program: execPath };
}

const manifestSchema = z.object({ isSignedForMac: z.boolean() });

/** What the packaging noted in the `package.json` of the app. */
export function isSignedForMac(appFolder: string): boolean {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8')))
      .isSignedForMac;
  } catch {
    return false;
  }
}
