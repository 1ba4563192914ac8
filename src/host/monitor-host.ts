import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hostNow, wallTimeOf } from '../comfy/host-clock.ts';
import { parseServerAddress } from '../comfy/link/address.ts';
import type { LocalMachine } from '../comfy/machine/local-machine.ts';
import { Monitors } from '../comfy/monitors.ts';
import { BridgeError } from '../contract/bridge/bridge.ts';
import { answerCalls, type CallHandlers } from '../contract/bridge/bridge-host.ts';
import type { HostCall, PageCall } from '../contract/bridge/calls.ts';
import type { DesktopAbilities, HostInfo } from '../contract/host-info.ts';
import type { Notice } from '../contract/notice.ts';
import { changePreferences } from '../contract/preferences.ts';
import type { MonitorEvent } from '../domain/monitor-event.ts';
import { serverStateOf } from '../domain/monitor-state.ts';
import { createMonitorStore, type MonitorStore } from '../domain/store.ts';
import { causeText } from '../domain/text/cause-text.ts';
import { t } from '../language/t.ts';
import { createEventFeed } from './event-feed.ts';
import { diagnosticsText } from './log/diagnostics.ts';
import type { Log } from './log/log-file.ts';
import { safeLine, withoutSecrets } from './log/log-line.ts';
import { answerMedia, type MediaRequest } from './media.ts';
import { openAnnouncedPrompts } from './news/announced-prompts.ts';
import { createNews, type News } from './news/news.ts';
import { createDownloads } from './outputs/downloads.ts';
import type { FileViewer } from './outputs/file-viewer.ts';
import { createOutputCache } from './outputs/output-cache.ts';
import { outputCalls } from './outputs/output-calls.ts';
import { outputFolderHere } from './outputs/output-folder-here.ts';
import { createNotices, type Notices } from './page/notices.ts';
import { pageState } from './page/page-state.ts';
import { type ConnectedPage, createPages, type Pages } from './page/pages.ts';
import { appCalls, type DesktopApp } from './program/app-calls.ts';
import type { CommandLine } from './program/command-line.ts';
import { startSpeaking } from './program/host-language.ts';
import { companionCalls } from './servers/companion-installer.ts';
import { createDemo, demoServer, demoServerId } from './servers/demo.ts';
import { jobCommands } from './servers/job-commands.ts';
import { createLogFollowers } from './servers/log-followers.ts';
import { openServerBook, type ServerBook } from './servers/server-book.ts';
import { hasLogin } from './servers/server-logins.ts';
import { openLearntFile } from './storage/learnt-file.ts';
import { type KeyStore, openSecretVault } from './storage/secret-vault.ts';
import { openSettingsFile, type SettingsFile } from './storage/settings-file.ts';

/** What only a desktop app has; all of it, or nothing. */
export interface DesktopParts extends DesktopApp {
  /** Whether it keeps secrets is found out from the key store. */
  abilities: Omit<DesktopAbilities, 'keepsSecrets'>;
  /** Shows files to the user. */
  viewer: FileViewer;
  /**
   * Opens the system's key store when a login is saved or needed; the system may then ask the user for a
   * password. Null where there is none: secrets are kept in memory only.
   */
  openKeyStore: (() => Promise<KeyStore>) | null;
}

export interface MonitorHostOptions {
  /** Where settings and caches live. */
  userDataDir: string;
  commandLine: CommandLine;
  /** What pages know of this host. */
  info: Omit<HostInfo, 'desktop'>;
  /** Null for a host without a desktop. */
  desktop: DesktopParts | null;
  /** This computer, for servers that run on it, with the log it is to use; null if it is not to be measured. */
  machine: ((log: Log) => LocalMachine) | null;
  /** The companion node as it is shipped with the app. */
  companionDir: string;
  /** The languages that the system is set to, the dearest first. */
  languages: readonly string[];
  /** The file with the licences of everything that is shipped. */
  licencesFile: string;
  /** Takes lines for the log; they carry no secrets, and nothing that a terminal obeys. */
  log: Log;
}

/** Everything both hosts have in common: servers, state, settings, demo, and the pages that look at them. */
export interface MonitorHost {
  readonly store: MonitorStore;
  readonly settings: SettingsFile;
  readonly notices: Pick<Notices, 'add' | 'drop'>;
  readonly news: Pick<News, 'tell' | 'picture' | 'pause' | 'pausedUntil' | 'onPause'>;
  /** What pages can ask of servers and their outputs, for the parts of a desktop that ask it, too. */
  readonly calls: HostCalls;
  openPage: (push: Parameters<Pages['open']>[0]) => ReturnType<Pages['open']>;
  /** A page in a browser is read in these languages, the dearest first. */
  hearLanguages(languages: readonly string[]): void;
  /** Asks all pages to bring a job into view. */
  showJob(serverId: string, promptId: string): void;
  /** Asks all pages to show the settings; the small window has none. */
  showSettings(): void;
  /** Asks all pages to show the wall mode; the small window has none. */
  showWall(): void;
  /** Starts watching a server for this run only; gives its id. Throws `BridgeError` for a bad address. */
  watch(url: string): string;
  /** Answers a page's request for an executed file or preview. */
  media(request: MediaRequest): Promise<Response>;
  stop(): Promise<void>;
}

/** The calls that do not depend on which page asks. */
export type HostCalls = { [N in HostCall]: CallHandlers[N] };

const tooMuchToShow: Notice = {
  id: 'too-much-to-show',
  level: 'warning',
  get what() {
    return t('host.too_much');
  },
  get why() {
    return t('host.too_much.why');
  },
  get next() {
    return t('host.too_much.next');
  },
};

/** How many failures of one page are worth a line of the log. */
const loggedPageErrors = 10;

/** A key store that takes longer is waiting for its user, who gets to see the monitor meanwhile, ms. */
const keyStorePatience = 1_000;

/** How many lines of the log are kept for a bug report. */
const keptLines = 100;

/** Composes the monitor: reads the settings, starts watching, and keeps one store for everybody. */
export async function createMonitorHost(options: MonitorHostOptions): Promise<MonitorHost> {
  const { commandLine, desktop, userDataDir } = options;
  const lines: string[] = [];
  let logins = (): string[] => [];
  const log = (line: string): void => {
    const safe = safeLine(withoutSecrets(line, logins()));
    lines.push(safe);
    if (lines.length > keptLines) lines.shift();
    options.log(safe);
  };
  // First: what is wrong with the settings is said, too.
  const language = startSpeaking(options.languages);
  const settings = await openSettingsFile(userDataDir);
  language.follow(settings);
  const announced = await openAnnouncedPrompts(userDataDir, log);
  const learnt = await openLearntFile(userDataDir, log);
  const store = createMonitorStore();
  store.subscribe(learnt.keep);
  const feed = createEventFeed(undefined, (cause) => log(`a page could not be sent: ${causeText(cause)}`));
  const emit = (...heard: MonitorEvent[]): void => {
    const events = learnt.withRemembered(heard, store.getState());
    store.apply(events);
    for (const event of events) feed.push(event);
  };
  const pages = createPages(feed, (seen) => monitors.setSeen(seen), log);
  const notices = createNotices(
    [settings.notice, announced.notice].filter((notice) => notice !== null),
    (current) => pages.tell('notices', current),
  );
  let stopped = false;
  const vault = await openSecretVault({
    userDataDir,
    openKeyStore: desktop?.openKeyStore ?? null,
    onOpened() {
      if (!stopped) pages.tell('host', hostInfo());
    },
    // Reached without it until then.
    onRead(serverId) {
      const server = serverStateOf(store.getState(), serverId)?.server;
      if (server && !stopped) monitors.change(server);
    },
    addNotice: notices.add,
    log,
  });
  const hostInfo = (): HostInfo => ({
    ...options.info,
    desktop: desktop && { ...desktop.abilities, keepsSecrets: vault.keeps },
  });
  const servers: ServerBook = openServerBook({
    store,
    emit,
    monitors: () => monitors,
    settings,
    vault,
    viewer: desktop?.viewer ?? null,
    addNotice: notices.add,
    log,
  });
  // As they were typed, and as they are sent: servers echo both.
  logins = () =>
    store
      .getState()
      .servers.flatMap(({ server }) => [
        ...[vault.get(server.id)].filter((secret) => secret !== null),
        ...Object.values(servers.accessTo(server).headers).flatMap((value) => [
          value,
          value.replace(/^\w+ /, ''),
        ]),
      ]);
  const monitors = new Monitors({
    accessTo: servers.accessTo,
    here: options.machine && { machine: options.machine(log), outputFolder: outputFolderHere },
    emit,
    log,
  });
  monitors.setSeen(false);
  const monitorOf = (serverId: string) => monitors.get(serverId);
  const logFollowers = createLogFollowers((serverId, on) => monitors.followLog(serverId, on));
  const news = createNews({
    store,
    announced,
    preferences: () => settings.current.preferences,
    monitorOf,
  });
  news.onPause(() => pages.tell('notificationsPaused', { until: news.pausedUntil() }));
  const cacheDir = join(userDataDir, 'opened-outputs');
  const cache = createOutputCache({
    folder: cacheDir,
    maxBytes: () => settings.current.preferences.cacheMebibytes * 2 ** 20,
    log,
  });
  const downloads = createDownloads((shown) => pages.tell('downloads', shown));
  const demo = createDemo();

  async function startDemo(): Promise<string> {
    const server = demoServer(await demo.start());
    if (!serverStateOf(store.getState(), server.id)) servers.watch(server);
    return server.id;
  }

  async function stopDemo(): Promise<void> {
    await servers.remove(demoServerId);
    await demo.stop();
  }

  async function diagnostics(): Promise<string> {
    return diagnosticsText({
      host: hostInfo(),
      versions: process.versions,
      arch: process.arch,
      now: Date.now(),
      wallTimeOf,
      state: store.getState(),
      preferences: settings.current.preferences,
      lines: (await desktop?.logs.lastLines().catch(() => null)) ?? lines,
      secrets: logins(),
      home: homedir(),
    });
  }

  const calls: HostCalls = {
    retryConnection: ({ serverId }) => monitors.retry(serverId),
    reconnectAll: () => monitors.resume(),
    ...servers.calls,
    removeServer: ({ serverId }) => (serverId === demoServerId ? stopDemo() : servers.remove(serverId)),
    startDemo: async () => ({ serverId: await startDemo() }),
    stopDemo,
    async changePreferences(changes) {
      const written = settings.update((current) => ({
        ...current,
        preferences: changePreferences(current.preferences, changes),
      }));
      // Also where nothing is different: the page waits for its own change.
      pages.tell('preferences', settings.current.preferences);
      try {
        await written;
      } catch (cause) {
        log(`settings could not be written: ${causeText(cause)}`);
        throw new BridgeError(t('host.not_kept'));
      }
    },
    ...news.calls,
    ...notices.calls,
    ...outputCalls({
      monitorOf,
      folderOf: (serverId) => serverStateOf(store.getState(), serverId)?.server.outputFolder ?? null,
      viewer: desktop?.viewer ?? null,
      downloads,
      cacheDir,
      cache,
      log,
    }),
    ...jobCommands(monitorOf, log),
    ...companionCalls({ monitorOf, shipped: options.companionDir, log }),
    ...appCalls({ desktop, licencesFile: options.licencesFile, diagnostics, log }),
  };

  function callsOf(page: ConnectedPage): Pick<CallHandlers, PageCall> {
    let pageErrors = 0;
    return {
      getSnapshot() {
        const { state, hasAll } = pageState(store.getState());
        if (!hasAll) notices.add(tooMuchToShow);
        else if (notices.current.includes(tooMuchToShow)) notices.drop(tooMuchToShow.id);
        // Between numbering and reading the state nothing can happen: both are synchronous.
        return {
          sequence: page.beginSnapshot(),
          now: hostNow(),
          state,
          host: hostInfo(),
          notices: notices.current,
          preferences: settings.current.preferences,
          notificationsPausedUntil: news.pausedUntil(),
        };
      },
      setAttention: ({ attention }) => page.setAttention(attention),
      followLog: ({ serverId, on }) => logFollowers.follow(page, serverId, on),
      reportPageError({ message, stack }) {
        pageErrors += 1;
        if (pageErrors <= loggedPageErrors)
          log(`the page failed: ${message}${stack === null ? '' : `\n${stack}`}`);
      },
    };
  }

  const host: MonitorHost = {
    store,
    settings,
    notices,
    news,
    calls,
    openPage: (push) =>
      pages.open(push, (page) => ({
        answer: answerCalls({ ...calls, ...callsOf(page) }, (problem, cause) =>
          log(`${problem}: ${causeText(cause)}`),
        ),
        end: () => logFollowers.leave(page),
      })),
    hearLanguages: language.hear,
    showJob: (serverId, promptId) => pages.askToShow('showJob', { serverId, promptId }),
    showSettings: () => pages.askToShow('showSettings', undefined),
    showWall: () => pages.askToShow('showWall', undefined),
    watch: servers.watchAddress,
    media: (request) => answerMedia(monitors, request),
    async stop() {
      stopped = true;
      // First: what runs now is what the next start has to ask about.
      await news.stop();
      downloads.cancelAll();
      await monitors.stop();
      await demo.stop();
      await learnt.saved();
    },
  };

  settings.follow(
    ({ preferences }) => preferences.cacheMebibytes,
    () => void cache.trim(),
  );
  // Of servers that are gone; what damaged settings hold may still be brought back by their owner.
  if (!settings.notice)
    await vault
      .keepOnly(settings.current.servers.filter(hasLogin).map(({ id }) => id))
      .catch((cause: unknown) =>
        log(`passwords of removed servers could not be deleted: ${causeText(cause)}`),
      );
  if (commandLine.demo) await startDemo();
  const listed = commandLine.servers.length > 0 || commandLine.demo;
  const saved = listed ? [] : settings.current.servers;
  const reached = saved.filter((server) => server.enabled && hasLogin(server));
  const reading = vault.read(reached.map(({ id }) => id));
  await Promise.race([reading, delay(keyStorePatience, undefined, { ref: false })]);
  saved.forEach(servers.watch);
  // The same server can be spelt in several ways.
  const asked = commandLine.servers.map((input) => {
    const address = parseServerAddress(input);
    return address.ok ? address.url : input;
  });
  for (const url of new Set(asked)) host.watch(url);
  return host;
}
