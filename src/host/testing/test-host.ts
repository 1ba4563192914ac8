/** For tests: the monitor as both hosts compose it, with an empty folder and nothing to watch. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultSettings } from '../../contract/settings.ts';
import {
  createMonitorHost,
  type DesktopParts,
  type MonitorHost,
  type MonitorHostOptions,
} from '../monitor-host.ts';
import type { FileViewer } from '../outputs/file-viewer.ts';

export interface TestHost {
  host: MonitorHost;
  userDataDir: string;
  lines: readonly string[];
}

/** With a part of a desktop, the host has one; what is not given of it fails when it is used. */
export interface TestHostOptions
  extends Partial<Omit<MonitorHostOptions, 'commandLine' | 'desktop'>>,
    Partial<DesktopParts> {
  /** Addresses to watch, as on the command line. */
  servers?: string[];
  /** What stands in `settings.json`; settings without servers unless given. */
  settings?: string;
}

/** Composes a host that ends with its test. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const {
    servers = [],
    settings,
    abilities,
    viewer,
    logs,
    miniMode,
    wallMode,
    restartToUpdate,
    ...others
  } = options;
  const { openKeyStore, ...rest } = others;
  const userDataDir = rest.userDataDir ?? (await mkdtemp(join(tmpdir(), 'host-')));
  onTestFinished(() => rm(userDataDir, { recursive: true, force: true }));
  const nothing = JSON.stringify({ ...defaultSettings, servers: [] });
  await writeFile(join(userDataDir, 'settings.json'), settings ?? nothing);
  const lines: string[] = [];
  const hasDesktop = [abilities, viewer, logs, miniMode, wallMode, restartToUpdate, openKeyStore].some(
    (part) => part !== undefined,
  );
  const desktop: DesktopParts = {
    abilities: abilities ?? {
      notifies: true,
      startsAtLogin: true,
      findsUpdates: false,
      updatesItself: false,
      ownsShortcut: true,
    },
    viewer: viewer ?? noViewer,
    logs: logs ?? { lastLines: async () => lines, open: notGiven },
    miniMode: miniMode ?? notGiven,
    wallMode: wallMode ?? notGiven,
    restartToUpdate: restartToUpdate ?? (() => false),
    openKeyStore: openKeyStore ?? null,
  };
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
    info: { appVersion: '0.0.0', platform: 'test', mediaBase: 'media' },
    desktop: hasDesktop ? desktop : null,
    machine: null,
    companionDir: join(userDataDir, 'no companion'),
    licencesFile: join(userDataDir, 'no licences'),
    languages: ['en'],
    log: (line) => lines.push(line),
    ...rest,
  });
  onTestFinished(() => host.stop());
  return { host, userDataDir, lines };
}

function notGiven(): never {
  throw new Error('this test gave no such part of a desktop');
}

const noViewer: FileViewer = {
  open: notGiven,
  reveal: notGiven,
  chooseTarget: notGiven,
  chooseFolder: notGiven,
  copyImage: notGiven,
  drag: notGiven,
  openPage: notGiven,
};
