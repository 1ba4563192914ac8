import { randomUUID } from 'node:crypto';
import type { Download } from '../../contract/download.ts';

/** Shorter downloads (ms) are over before the user could read of them. */
const shownAfter = 1_000;
const reportEvery = 250;

/** One download under way. */
interface DownloadHandle {
  readonly signal: AbortSignal;
  progress(received: number, total: number | null): void;
  end(): void;
}

/** Downloads under way, which pages show when they take their time. */
export interface Downloads {
  begin(filename: string): DownloadHandle;
  cancel(id: string): void;
  cancelAll(): void;
}

export function createDownloads(report: (downloads: Download[]) => void): Downloads {
  const active = new Map<string, Download & { startedAt: number | null; controller: AbortController }>();
  let timer: NodeJS.Timeout | null = null;
  let reported = '[]';

  function update(): void {
    const now = performance.now();
    const shown = [...active.values()]
      .filter(({ startedAt }) => startedAt !== null && now - startedAt >= shownAfter)
      .map(({ id, filename, received, total }) => ({ id, filename, received, total }));
    const text = JSON.stringify(shown);
    if (text !== reported) report(shown);
    reported = text;
    if (active.size > 0) timer ??= setInterval(update, reportEvery);
    else if (timer) {
      clearInterval(timer);
      timer = null;
    }
  }

  return {
    begin(filename) {
      const id = randomUUID();
      const controller = new AbortController();
      const download = { id, filename, received: 0, total: null, startedAt: null, controller };
      active.set(id, download);
      update();
      return {
        signal: controller.signal,
        progress(received, total) {
          const before = active.get(id);
          if (before)
            active.set(id, { ...before, received, total, startedAt: before.startedAt ?? performance.now() });
        },
        end() {
          active.delete(id);
          update();
        },
      };
    },
    cancel: (id) => active.get(id)?.controller.abort(),
    cancelAll() {
      for (const { controller } of active.values()) controller.abort();
    },
  };
}
