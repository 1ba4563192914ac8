import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A viewer for pictures that only notes which files it was to show. Linux alone lets a test choose one. */
export interface RecordingViewer {
  /** What the app has to be started with, so that the system takes this viewer. */
  environment: NodeJS.ProcessEnv;
  /** The paths of the files, in order. */
  opened(): Promise<string[]>;
}

/** Makes the viewer the user's default for PNG files, in folders of the test's own. */
export async function recordingViewer(folder: string): Promise<RecordingViewer> {
  const data = join(folder, 'data');
  const config = join(folder, 'config');
  const program = join(folder, 'viewer');
  const list = join(folder, 'opened.txt');
  await mkdir(join(data, 'applications'), { recursive: true });
  await mkdir(config, { recursive: true });
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${list}'\n`);
  await chmod(program, 0o755);
  const entry = [
    'Type=Application',
    'Name=Viewer',
    `Exec=${program} %f`,
    'MimeType=image/png;',
    'Terminal=false',
  ];
  await writeFile(join(data, 'applications', 'viewer.desktop'), ['[Desktop Entry]', ...entry, ''].join('\n'));
  const defaults = '[Default Applications]\nimage/png=viewer.desktop\n';
  // The older place, too, which older tools look at.
  await writeFile(join(config, 'mimeapps.list'), defaults);
  await writeFile(join(data, 'applications', 'mimeapps.list'), defaults);
  return {
    environment: { XDG_DATA_HOME: data, XDG_CONFIG_HOME: config },
    opened: async () =>
      (await readFile(list, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
  };
}
