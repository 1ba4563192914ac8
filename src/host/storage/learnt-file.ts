import { z } from 'zod';
import { type LearntTimes, learntTimesSchema } from '../../domain/jobs/learnt/learnt-times.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { type MonitorState, serverStateOf } from '../../domain/monitor-state.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../log/log-file.ts';
import { keptFile, wholeFormat } from './kept-file.ts';

/** Writes follow each other at this distance at least, ms. */
const writePace = 10_000;
/** Servers whose times are kept, those that taught something last. */
const maxServers = 20;

/** What was learnt about servers in earlier runs of the monitor. */
export interface LearntFile {
  /** Events with what is remembered of servers that they bring. */
  withRemembered(events: readonly MonitorEvent[], before: MonitorState): MonitorEvent[];
  /** Keeps what was learnt between two states. */
  keep(after: MonitorState, before: MonitorState): void;
  /** Resolves when everything was written, or could not be. */
  saved(): Promise<void>;
}

const learntSchema = z.object({
  version: z.literal(1),
  /** By address: another address is another server. */
  servers: z.record(z.string(), learntTimesSchema),
});
const learntFormat = wholeFormat('learnt-times.json', 1, learntSchema);

/** Opens `learnt-times.json` in the user data folder. One that cannot be used is kept aside, and all is learnt anew. */
export async function openLearntFile(folder: string, log: Log): Promise<LearntFile> {
  const file = keptFile(folder, learntFormat);
  const read = await file.read();
  if (read.found === 'damaged' || read.found === 'unreadable')
    log(`${file.path} is ${read.found} and starts anew: ${read.why}`);
  if (read.found === 'unreadable') await file.setAside();
  const stored = read.found === 'content' || read.found === 'parts' ? read.content.servers : {};
  let servers = new Map<string, LearntTimes>(Object.entries(stored).slice(0, maxServers));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changed = false;
  let failed = false;

  let writing: Promise<void> = Promise.resolve();

  /** Resolves when all was written that is known now. */
  function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeChanges);
    return writing;
  }

  async function writeChanges(): Promise<void> {
    if (!changed) return;
    changed = false;
    try {
      await file.write({ version: 1, servers: Object.fromEntries(servers) });
    } catch (cause) {
      changed = true;
      if (!failed) log(`${file.path} could not be written: ${causeText(cause)}`);
      failed = true;
    }
  }

  function change(next: Map<string, LearntTimes>): void {
    servers = next;
    changed = true;
    if (timer !== undefined) return;
    timer = setTimeout(() => void write(), writePace);
    // The end of the monitor writes what is left.
    timer.unref();
  }

  /** The address of a server that is kept; the demo is another one each time. */
  function keyOf(state: MonitorState, serverId: string): string | null {
    const server = serverStateOf(state, serverId)?.server;
    return server && !server.demo ? server.url : null;
  }

  return {
    withRemembered(events, before) {
      return events.flatMap((event): MonitorEvent[] => {
        if (event.type === 'server_removed') {
          const key = keyOf(before, event.serverId);
          if (key !== null && servers.has(key))
            change(new Map([...servers].filter(([address]) => address !== key)));
          return [event];
        }
        if (event.type !== 'server_added' && event.type !== 'server_changed') return [event];
        const learnt = event.server.demo ? undefined : servers.get(event.server.url);
        const { serverId, at } = event;
        return learnt ? [event, { type: 'times_remembered', serverId, at, learnt }] : [event];
      });
    },
    keep(after, before) {
      for (const { server, learnt } of after.servers) {
        if (server.demo || learnt.learntFrom.length === 0) continue;
        const earlier = serverStateOf(before, server.id);
        if (earlier?.learnt === learnt || servers.get(server.url) === learnt) continue;
        const others = [...servers].filter(([address]) => address !== server.url);
        change(new Map([[server.url, learnt] as const, ...others].slice(0, maxServers)));
      }
    },
    async saved() {
      await write();
    },
  };
}
