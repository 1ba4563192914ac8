import type { MonitorEvent } from '../domain/monitor-event.ts';
import type { Server } from '../domain/server.ts';
import { hostNow } from './host-clock.ts';
import type { ServerAccess } from './link/server-access.ts';
import { ServerMonitor, type ThisComputer } from './server-monitor.ts';
import type { PreviewFrame } from './wire/preview-frame.ts';

export interface MonitorsOptions {
  /** How to reach a server, with the secrets that the host keeps. */
  accessTo: (server: Server) => ServerAccess;
  /** This computer, on which servers may run; left out or null if it is not to be measured. */
  here?: ThisComputer | null;
  /** Takes events in their order. */
  emit: (...events: MonitorEvent[]) => void;
  /** Takes lines for the log; they carry no secrets. */
  log: (line: string) => void;
}

/** All watched servers, each on its own: one failing never delays another. */
export class Monitors {
  readonly #options: MonitorsOptions;
  readonly #watched = new Map<string, { server: Server; access: ServerAccess; monitor: ServerMonitor }>();
  readonly #previews = new Map<string, PreviewFrame>();
  /** Whose terminal output a page shows, whichever monitor watches them. */
  readonly #followed = new Set<string>();
  #seen = true;

  constructor(options: MonitorsOptions) {
    this.#options = options;
  }

  /** Starts watching; a disabled server is only remembered. `server_added` must have been emitted. */
  add(server: Server): void {
    if (!this.#watched.has(server.id)) this.#watch(server, null);
  }

  #watch(server: Server, before: ServerMonitor | null): void {
    const access = this.#options.accessTo(server);
    const monitor = new ServerMonitor({
      server,
      access,
      jobMemory: before?.jobMemory,
      mixer: before?.mixer,
      here: this.#options.here ?? null,
      emit: this.#options.emit,
      log: this.#options.log,
      onPreview: ({ serverId, ...frame }) => this.#previews.set(serverId, frame),
    });
    this.#watched.set(server.id, { server, access, monitor });
    monitor.setSeen(this.#seen);
    if (this.#followed.has(server.id)) monitor.followLog(true);
    if (server.enabled) monitor.start();
  }

  /**
   * Takes over a changed server; another way to reach it means starting anew. `server_changed` must
   * have been emitted.
   */
  change(server: Server): void {
    const known = this.#watched.get(server.id);
    if (
      known &&
      known.server.enabled === server.enabled &&
      sameAccess(known.access, this.#options.accessTo(server))
    ) {
      this.#watched.set(server.id, { ...known, server });
      known.monitor.rename(server.name);
      return;
    }
    this.remove(server.id);
    // The state keeps the jobs of the same address, so what became of them has to be found out.
    this.#watch(server, known?.server.url === server.url ? known.monitor : null);
    if (!server.enabled)
      this.#options.emit({
        type: 'connection_changed',
        serverId: server.id,
        at: hostNow(),
        connection: { phase: 'disabled' },
      });
  }

  remove(serverId: string): void {
    this.#watched.get(serverId)?.monitor.stop();
    this.#watched.delete(serverId);
    this.#previews.delete(serverId);
  }

  /** The monitor of a server, for its REST interface. */
  get(serverId: string): ServerMonitor | undefined {
    return this.#watched.get(serverId)?.monitor;
  }

  /** The user asked: connect now. */
  retry(serverId: string): void {
    const known = this.#watched.get(serverId);
    if (known?.server.enabled) known.monitor.retryNow();
  }

  /** The network is back or the computer woke up: every server is tried at once. */
  resume(): void {
    for (const serverId of this.#watched.keys()) this.retry(serverId);
  }

  /** Whether a page is looked at; see `ServerMonitor.setSeen`. */
  setSeen(seen: boolean): void {
    this.#seen = seen;
    for (const { monitor } of this.#watched.values()) monitor.setSeen(seen);
  }

  /** Asks for the terminal output of a server as long as `on`, also from the monitor that watches it after a change or a pause. */
  followLog(serverId: string, on: boolean): void {
    if (on) this.#followed.add(serverId);
    else this.#followed.delete(serverId);
    this.get(serverId)?.followLog(on);
  }

  /** The newest preview frame of a server; with a revision, that very frame or nothing. */
  latestPreview(serverId: string, revision?: number): PreviewFrame | null {
    const frame = this.#previews.get(serverId);
    return frame && (revision === undefined || revision === frame.revision) ? frame : null;
  }

  async stop(): Promise<void> {
    for (const serverId of [...this.#watched.keys()]) this.remove(serverId);
  }
}

function sameAccess(a: ServerAccess, b: ServerAccess): boolean {
  return (
    a.url === b.url &&
    a.certificate === b.certificate &&
    JSON.stringify(a.headers) === JSON.stringify(b.headers)
  );
}
