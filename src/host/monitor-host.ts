import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hostNow, wallTimeOf } from '../comfy/host-clock.ts';
import { parseServerAddress } from '../comfy/link/address.ts';
import { Monitors } from '../comfy/monitors.ts';
import { BridgeError, type CallReply } from '../contract/bridge.ts';
import { answerCalls, type CallHandlers } from '../contract/bridge-host.ts';
import type { HostInfo } from '../contract/host-info.ts';
import type { Notice } from '../contract/notice.ts';
import { changePreferences } from '../contract/preferences.ts';
import type { PushName, PushPayload } from '../contract/pushes.ts';
import type { CompanionPlace } from '../contract/server-details.ts';
import type { MonitorEvent } from '../domain/monitor-event.ts';
import { type MonitorState, serverStateOf } from '../domain/monitor-state.ts';
import type { Announcement } from '../domain/news/announcement.ts';
import { comingPictures } from '../domain/news/coming-pictures.ts';
import { followNews } from '../domain/news/follow-news.ts';
import { minuteOfDay } from '../domain/news/quiet-hours.ts';
import type { MediaFile } from '../domain/outputs/executed-output.ts';
import { createMonitorStore, type MonitorStore } from '../domain/store.ts';
import { causeText } from '../domain/text/cause-text.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import { diagnosticsText } from './log/diagnostics.ts';
import { safeLine, withoutSecrets } from './log/log-line.ts';
import { answerMedia, type MediaRequest } from './media.ts';
import { createDownloads } from './outputs/downloads.ts';
import type { FileViewer } from './outputs/file-viewer.ts';
import { createNotificationPictures } from './outputs/notification-picture.ts';
import { createOutputCache } from './outputs/output-cache.ts';
import { outputCalls } from './outputs/output-calls.ts';
import { pageState } from './page/page-state.ts';
import type { CommandLine } from './program/command-line.ts';
import { findCompanionPlace, installCompanion } from './servers/companion-installer.ts';
import { createDemo, demoServer, demoServerId } from './servers/demo.ts';
import { type JobCommands, jobCommands } from './servers/job-commands.ts';
import { createLogFollowers } from './servers/log-followers.ts';
import { openServerBook, type ServerBook } from './servers/server-book.ts';
import { hasLogin } from './servers/server-logins.ts';
import { openAnnouncedPrompts } from './storage/announced-prompts.ts';
import { type KeyStore, openSecretVault } from './storage/secret-vault.ts';
import { openSettingsFile, type SettingsFile } from './storage/settings-file.ts';

export interface MonitorHostOptions {
  /** Where settings and caches live. */
  userDataDir: string;
  commandLine: CommandLine;
  /** What pages are told about this host. Whether it keeps secrets is found out from the key store. */
  host: Omit<HostInfo, 'capabilities'> & { capabilities: Omit<HostInfo['capabilities'], 'keepSecrets'> };
  /** Shows files to the user. Only where a desktop is. */
  viewer: FileViewer | null;
  /** The log files; null where there are none. */
  logs: LogFiles | null;
  /** Shows the small window instead of the full one, and back; null where the page has to do that. */
  miniMode: ((on: boolean) => void) | null;
  /** Restarts as a new version, false if there is none; null where the app cannot replace itself. */
  restartToUpdate: (() => boolean) | null;
  /**
   * Opens the system's key store when a login is saved or needed; the system may then ask the user for a
   * password. Null where there is none: secrets are kept in memory only.
   */
  openKeyStore: (() => Promise<KeyStore>) | null;
  /** The companion node as it is shipped with the app. */
  companionDir: string;
  /** The file with the licences of everything that is shipped. */
  licencesFile: string;
  /** Takes lines for the log; they carry no secrets, and nothing that a terminal obeys. */
  log: (line: string) => void;
}

/** The files that the log goes to. */
export interface LogFiles {
  /** The last lines, from old to new. */
  lastLines(): Promise<string[]>;
  /** Shows their folder to the user; gives a sentence if that failed. */
  open(): Promise<string | null>;
}

/** Tells the user what happened. */
export interface NewsTeller {
  tell(announcement: Announcement): void;
  /** That the user has the window before them. */
  isFocused(): boolean;
}

/** How a page is reached; one per window or browser tab. */
export type PagePush = <N extends PushName>(name: N, payload: PushPayload<N>) => void;

/** A page's end of the bridge in the host. */
export interface HostPage {
  /** Answers a call, whatever it is; never rejects. */
  answer(name: unknown, request: unknown): Promise<CallReply>;
  /**
   * For hosts that know better than the page whether it can be seen: a page that cannot is sent nothing, and takes a
   * new snapshot when it can again.
   */
  setSeen(seen: boolean): void;
  close(): void;
}

/** Everything both hosts have in common: servers, state, settings, demo, and the pages that look at them. */
export interface MonitorHost {
  readonly store: MonitorStore;
  readonly settings: SettingsFile;
  openPage(push: PagePush): HostPage;
  /** Asks all pages to bring a job into view. */
  showJob(serverId: string, promptId: string): void;
  /** Asks all pages to show the settings; the small window has none. */
  showSettings(): void;
  /** Shows a notice on all pages, instead of an earlier one of the same id. */
  addNotice(notice: Notice): void;
  /** Takes back a notice that does not hold any more. */
  dropNotice(id: string): void;
  /** Starts watching a server for this run only; gives its id. Throws `BridgeError` for a bad address. */
  watch(url: string): string;
  startDemo(): Promise<string>;
  /** Answers a page's request for an executed file or preview. */
  media(request: MediaRequest): Promise<Response>;
  /** Opens an executed output of a job in the system's viewer. */
  openOutput: CallHandlers['openOutput'];
  /** Shows an executed output in the system's file manager. */
  revealOutput: CallHandlers['revealOutput'];
  /** An executed image as a JPEG for a notification, soon or not at all. Never rejects. */
  picture(serverId: string, file: MediaFile): Promise<Buffer | null>;
  /** Tells of everything worth a notification from now on, once, until the host is stopped. */
  tellNews(teller: NewsTeller): void;
  /** No notifications until then (ms since the epoch); null ends a pause. */
  pauseNotifications(until: number | null): void;
  /** Null when notifications are not paused. */
  notificationsPausedUntil(): number | null;
  /** Hears when notifications are paused, or are no longer. */
  onPause(listener: () => void): () => void;
  /** Commands to servers, as pages give them too. */
  readonly commands: JobCommands;
  /** Hears of every change of state, with the state before it. */
  onChange(listener: (after: MonitorState, before: MonitorState) => void): () => void;
  /** Connects one server now instead of waiting. */
  reconnect(serverId: string): void;
  /** Connects everything that waits now: the network is back, or the computer woke up. */
  reconnectAll(): void;
  stop(): Promise<void>;
}

const tooMuchToShow: Notice = {
  id: 'too-much-to-show',
  level: 'warning',
  what: 'Some jobs are shown without what they made.',
  why: 'The servers told more than a page can hold.',
  next: 'ComfyUI’s own history has it.',
};

/** How many failures of one page are worth a line of the log. */
const loggedPageErrors = 10;

/** A key store that takes longer is waiting for its user, who gets to see the monitor meanwhile, ms. */
const keyStorePatience = 1_000;

/** How many lines of the log are kept for a bug report. */
const keptLines = 100;

/** Composes the monitor: reads the settings, starts watching, and keeps one store for everybody. */
export async function createMonitorHost(options: MonitorHostOptions): Promise<MonitorHost> {
  const { commandLine } = options;
  const lines: string[] = [];
  let logins = (): string[] => [];
  const log = (line: string): void => {
    const safe = safeLine(withoutSecrets(line, logins()));
    lines.push(safe);
    if (lines.length > keptLines) lines.shift();
    options.log(safe);
  };
  const settings = await openSettingsFile(options.userDataDir);
  const announced = await openAnnouncedPrompts(options.userDataDir, log);
  const store = createMonitorStore();
  const feed = createEventFeed(undefined, (cause) => log(`a page could not be sent: ${causeText(cause)}`));
  const pages = new Set<PagePush>();
  /** Those that somebody looks at. */
  const lookedAt = new Set<PagePush>();
  /** Those that nobody can see, whatever they think themselves. */
  const outOfSight = new Set<PagePush>();
  /** What pages that have no snapshot of now are to show; without one they could not find it. */
  const wanted = new Map<PagePush, (() => void) | null>();
  let notices: Notice[] = [settings.notice, announced.notice].filter((notice) => notice !== null);
  const cacheDir = join(options.userDataDir, 'opened-outputs');

  const emit = (...events: MonitorEvent[]): void => {
    store.apply(events);
    for (const event of events) feed.push(event);
  };
  let stopped = false;
  const vault = await openSecretVault({
    userDataDir: options.userDataDir,
    openKeyStore: options.openKeyStore,
    onOpened: tellHost,
    // Reached without it until then.
    onRead(serverId) {
      const server = serverStateOf(store.getState(), serverId)?.server;
      if (server && !stopped) monitors.change(server);
    },
    addNotice,
    log,
  });
  const hostInfo = (): HostInfo => ({
    ...options.host,
    capabilities: { ...options.host.capabilities, keepSecrets: vault.keeps },
  });
  const servers: ServerBook = openServerBook({
    store,
    emit,
    monitors: () => monitors,
    settings,
    vault,
    viewer: options.viewer,
    addNotice,
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
  const monitors = new Monitors({ accessTo: servers.accessTo, emit, log });
  monitors.setSeen(false);
  const logFollowers = createLogFollowers((serverId, on) => monitors.followLog(serverId, on));
  const commands = jobCommands((serverId) => monitors.get(serverId), log);
  const cache = createOutputCache({
    folder: cacheDir,
    maxBytes: () => settings.current.preferences.cacheMebibytes * 2 ** 20,
    log,
  });
  const downloads = createDownloads((shown) => {
    for (const push of pages) push('downloads', shown);
  });
  const outputs = outputCalls({
    monitorOf: (serverId) => monitors.get(serverId),
    folderOf: (serverId) => serverStateOf(store.getState(), serverId)?.server.outputFolder ?? null,
    viewer: options.viewer,
    downloads,
    cacheDir,
    cache,
    log,
  });
  const demo = createDemo();
  const pictures = createNotificationPictures();

  async function startDemo(): Promise<string> {
    const server = demoServer(await demo.start());
    if (!serverStateOf(store.getState(), server.id)) servers.watch(server);
    return server.id;
  }

  async function stopDemo(): Promise<void> {
    await servers.remove(demoServerId);
    await demo.stop();
  }

  function setNotices(next: Notice[]): void {
    notices = next;
    for (const push of pages) push('notices', notices);
  }

  function addNotice(notice: Notice): void {
    setNotices([...notices.filter(({ id }) => id !== notice.id), notice]);
  }

  function dropNotice(id: string): void {
    setNotices(notices.filter((notice) => notice.id !== id));
  }

  function tellHost(): void {
    if (stopped) return;
    for (const push of pages) push('host', hostInfo());
  }

  async function companionPlace(serverId: string): Promise<CompanionPlace> {
    const monitor = monitors.get(serverId);
    if (!monitor) throw new BridgeError('This server is not watched any more.');
    return findCompanionPlace(monitor.rest);
  }

  function pausedUntil(): number | null {
    const until = announced.pausedUntil;
    return until !== null && until > Date.now() ? until : null;
  }

  const pauseListeners = new Set<() => void>();

  function pauseNotifications(until: number | null): void {
    announced.pause(until);
    for (const push of pages) push('notificationsPaused', { until: pausedUntil() });
    for (const listener of pauseListeners) listener();
  }

  /** Until the returned function is called. */
  function askForPicturesAhead({ isFocused }: NewsTeller): () => void {
    const unsubscribe = store.subscribe((after, before) => {
      if (after.servers === before.servers) return;
      const coming = comingPictures(before, after, {
        now: hostNow(),
        preferences: settings.current.preferences,
        focused: isFocused(),
        // Over, or not: those that are over are none.
        pausedUntil: pausedUntil() === null ? null : Number.POSITIVE_INFINITY,
        minuteOfDay: minuteOfDay(Date.now()),
      });
      for (const { serverId, file } of coming) {
        const monitor = monitors.get(serverId);
        if (monitor) pictures.askAhead(monitor.rest, file);
      }
    });
    return () => {
      unsubscribe();
      pictures.stop();
    };
  }

  async function diagnostics(): Promise<string> {
    const state = store.getState();
    return diagnosticsText({
      host: hostInfo(),
      versions: process.versions,
      arch: process.arch,
      now: Date.now(),
      wallTimeOf,
      state,
      preferences: settings.current.preferences,
      lines: (await options.logs?.lastLines().catch(() => null)) ?? lines,
      secrets: logins(),
      home: homedir(),
    });
  }

  let stopNews = (): void => {};

  function setLookedAt(push: PagePush, isLookedAt: boolean): void {
    if (isLookedAt && !outOfSight.has(push)) lookedAt.add(push);
    else lookedAt.delete(push);
    monitors.setSeen(lookedAt.size > 0);
  }

  /** Asks every page to show something, those that are still loading as soon as they can. */
  function askToShow(ask: (push: PagePush) => void): void {
    for (const push of pages) {
      // The last request is what the user wants to see now.
      if (wanted.has(push)) wanted.set(push, () => ask(push));
      else ask(push);
    }
  }

  function showWanted(push: PagePush): void {
    const show = wanted.get(push);
    wanted.delete(push);
    show?.();
  }

  function handlersFor(page: ReturnType<EventFeed['subscribe']>, push: PagePush): CallHandlers {
    let pageErrors = 0;
    return {
      getSnapshot: () => {
        // After the answer.
        setTimeout(() => showWanted(push));
        const { state, hasAll } = pageState(store.getState());
        if (!hasAll) addNotice(tooMuchToShow);
        else if (notices.includes(tooMuchToShow)) dropNotice(tooMuchToShow.id);
        // Between numbering and reading the state nothing can happen: both are synchronous.
        return {
          sequence: page.restart(),
          now: hostNow(),
          state,
          host: hostInfo(),
          notices,
          preferences: settings.current.preferences,
          notificationsPausedUntil: pausedUntil(),
        };
      },
      setVisible: ({ visible }) => {
        page.setVisible(visible);
        setLookedAt(push, visible);
      },
      retryConnection: ({ serverId }) => {
        monitors.retry(serverId);
      },
      reconnectAll: () => {
        monitors.resume();
      },
      addServer: servers.addServer,
      changeServer: servers.changeServer,
      moveServer: servers.moveServer,
      testServer: servers.testServer,
      findServers: servers.findServers,
      chooseOutputFolder: servers.chooseOutputFolder,
      removeServer: async ({ serverId }) => {
        if (serverId === demoServerId) await stopDemo();
        else await servers.remove(serverId);
      },
      changePreferences: async (changes) => {
        await settings
          .update((current) => ({
            ...current,
            preferences: changePreferences(current.preferences, changes),
          }))
          .catch((cause) => {
            log(`settings could not be written: ${causeText(cause)}`);
            throw new BridgeError(
              'The change holds until the monitor is closed: the settings could not be written.',
            );
          });
      },
      pauseNotifications: ({ until }) => {
        pauseNotifications(until);
      },
      startDemo: async () => ({ serverId: await startDemo() }),
      stopDemo: async () => {
        await stopDemo();
      },
      ...outputs,
      ...commands,
      findCompanionPlace: ({ serverId }) => companionPlace(serverId),
      installCompanion: async ({ serverId, path }) => {
        const place = await companionPlace(serverId);
        if (!place.ok) throw new BridgeError(place.reason);
        // Written is only where the user was shown that it would be.
        if (place.path !== path) throw new BridgeError(`The place has changed to ${place.path}.`);
        await installCompanion(options.companionDir, path);
        log(`the companion node was copied to ${path}`);
      },
      dismissNotice: ({ id }) => {
        dropNotice(id);
      },
      restartToUpdate: () => {
        if (!options.restartToUpdate?.()) throw new BridgeError('There is no new version to restart to.');
      },
      openLogs: async () => {
        if (!options.logs) throw new BridgeError('This host writes no log files.');
        const problem = await options.logs.open();
        if (problem !== null) throw new BridgeError(`The folder could not be opened: ${problem}`);
      },
      getDiagnostics: async () => ({ text: await diagnostics() }),
      getLicences: async () => ({
        text: await readFile(options.licencesFile, 'utf8').catch((cause: unknown) => {
          log(`the licences could not be read: ${causeText(cause)}`);
          throw new BridgeError('The licences could not be read; they are in licences.txt of the app.');
        }),
      }),
      followLog: ({ serverId, on }) => {
        logFollowers.follow(page, serverId, on);
      },
      reportPageError: ({ message, stack }) => {
        pageErrors += 1;
        if (pageErrors <= loggedPageErrors)
          log(`the page failed: ${message}${stack === null ? '' : `\n${stack}`}`);
      },
      setMiniMode: ({ on }) => {
        if (!options.miniMode) throw new BridgeError('This host has no window for the mini mode.');
        options.miniMode(on);
      },
    };
  }

  const host: MonitorHost = {
    store,
    settings,
    openPage(pushTo) {
      const subscription = feed.subscribe((batch) => pushTo('events', batch));
      // One page that cannot be told must not keep the others from being told.
      const push: PagePush = (name, payload) => {
        try {
          pushTo(name, payload);
        } catch (cause) {
          log(`a page could not be told of ${name}: ${causeText(cause)}`);
        }
      };
      pages.add(push);
      wanted.set(push, null);
      setLookedAt(push, true);
      return {
        answer: answerCalls(handlersFor(subscription, push), (problem, cause) =>
          log(`${problem}: ${causeText(cause)}`),
        ),
        setSeen(seen) {
          if (!seen) {
            subscription.pause();
            outOfSight.add(push);
            wanted.set(push, wanted.get(push) ?? null);
          } else if (outOfSight.delete(push) && !subscription.resume()) showWanted(push);
          setLookedAt(push, seen);
        },
        close() {
          pages.delete(push);
          outOfSight.delete(push);
          setLookedAt(push, false);
          wanted.delete(push);
          subscription.close();
          logFollowers.leave(subscription);
        },
      };
    },
    showJob(serverId, promptId) {
      askToShow((push) => push('showJob', { serverId, promptId }));
    },
    showSettings() {
      askToShow((push) => push('showSettings', undefined));
    },
    addNotice,
    dropNotice,
    watch: servers.watchAddress,
    startDemo,
    media: (request) => answerMedia(monitors, request),
    openOutput: outputs.openOutput,
    revealOutput: outputs.revealOutput,
    picture: async (serverId, file) => {
      const monitor = monitors.get(serverId);
      return monitor ? pictures.picture(monitor.rest, file) : null;
    },
    tellNews(teller) {
      stopNews();
      const stopAsking = askForPicturesAhead(teller);
      const stopTelling = followNews({
        store,
        now: hostNow,
        wallNow: Date.now,
        preferences: () => settings.current.preferences,
        isFocused: teller.isFocused,
        pausedUntil,
        ledger: announced.ledger,
        keep: announced.keep,
        tell: teller.tell,
        later(run, ms) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      });
      stopNews = () => {
        stopTelling();
        stopAsking();
      };
    },
    pauseNotifications,
    notificationsPausedUntil: pausedUntil,
    onPause(listener) {
      pauseListeners.add(listener);
      return () => pauseListeners.delete(listener);
    },
    commands,
    onChange: (listener) => store.subscribe(listener),
    reconnect: (serverId) => monitors.retry(serverId),
    reconnectAll: () => monitors.resume(),
    async stop() {
      stopped = true;
      // First: what runs now is what the next start has to ask about.
      stopNews();
      await announced.saved();
      downloads.cancelAll();
      await monitors.stop();
      await demo.stop();
    },
  };

  settings.onChange(({ preferences }, before) => {
    if (preferences === before.preferences) return;
    for (const push of pages) push('preferences', preferences);
    if (preferences.cacheMebibytes < before.preferences.cacheMebibytes) void cache.trim();
  });

  void cache.trim();
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
