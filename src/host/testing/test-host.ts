/** For tests: the monitor as both hosts compose it, with an empty folder and nothing to watch. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultSettings } from '../../contract/settings.ts';
import { createMonitorHost, type MonitorHost, type MonitorHostOptions } from '../monitor-host.ts';

export interface TestHost {
  host: MonitorHost;
  userDataDir: string;
  lines: readonly string[];
}

export interface TestHostOptions extends Partial<Omit<MonitorHostOptions, 'commandLine'>> {
  /** Addresses to watch, as on the command line. */
  servers?: string[];
  /** What stands in `settings.json`; settings without servers unless told otherwise. */
  settings?: string;
}

/** Composes a host that ends with its test. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const { servers = [], settings, ...rest } = options;
  const userDataDir = rest.userDataDir ?? (await mkdtemp(join(tmpdir(), 'host-')));
  onTestFinished(() => rm(userDataDir, { recursive: true, force: true }));
  const nothing = JSON.stringify({ ...defaultSettings, servers: [] });
  await writeFile(join(userDataDir, 'settings.json'), settings ?? nothing);
  const lines: string[] = [];
  const host = await createMonitorHost({
    userDataDir,
    commandLine: {
      servers,
      demo: false,
      host: null,
      port: null,
      userDataDir: null,
      hidden: false,
      desktopCheck: false,
      show: null,
    },
    host: {
      kind: 'browser',
      appVersion: '0.0.0',
      platform: 'test',
      capabilities: {
        openInViewer: false,
        notify: false,
        startAtLogin: false,
        findUpdates: false,
        updateItself: false,
        openLogs: false,
        ownsShortcut: false,
        miniWindow: false,
      },
      mediaBase: 'media',
    },
    viewer: null,
    logs: null,
    miniMode: null,
    restartToUpdate: null,
    openKeyStore: null,
    companionDir: join(userDataDir, 'no companion'),
    licencesFile: join(userDataDir, 'no licences'),
    log: (line) => lines.push(line),
    ...rest,
  });
  onTestFinished(() => host.stop());
  return { host, userDataDir, lines };
}
