import type { MonitorEvent } from '../shared/monitor-event.ts';
import type { Server } from '../shared/server.ts';
import { ComfyRest } from './comfy-rest.ts';
import type { PreviewFrame } from './preview-frame.ts';

export interface ServerMonitorOptions {
  server: Server;
  emit: (event: MonitorEvent) => void;
  onPreview: (frame: PreviewFrame & { serverId: string }) => void;
  /** Takes lines for the log; they carry no secrets. */
  log: (line: string) => void;
}

/** Watches one server: its socket and its REST interface become `MonitorEvent`s. */
export class ServerMonitor {
  readonly rest: ComfyRest;

  constructor(options: ServerMonitorOptions) {
    this.rest = new ComfyRest({ url: options.server.url });
  }

  start(): void {}

  /** Connects now instead of waiting for the next attempt. */
  retryNow(): void {}

  stop(): void {}
}
