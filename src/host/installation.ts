/** How the desktop app came onto this computer. */
export interface Installation {
  kind: 'development' | 'windows-installer' | 'windows-portable' | 'mac-app' | 'appimage' | 'linux-package';
  /** False where somebody else brings new versions: a package manager, or a person. */
  updatesItself: boolean;
  /** What to start in order to start the app: never a file that is gone after this run. */
  program: string;
}

export interface InstallationSigns {
  isPackaged: boolean;
  platform: NodeJS.Platform;
  execPath: string;
  environment: NodeJS.ProcessEnv;
}

export function installationOf({
  isPackaged,
  platform,
  execPath,
  environment,
}: InstallationSigns): Installation {
  if (!isPackaged) return { kind: 'development', updatesItself: false, program: execPath };
  if (platform === 'darwin') return { kind: 'mac-app', updatesItself: true, program: execPath };
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
