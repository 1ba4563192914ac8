import { z } from 'zod';
import type { Outcome } from '../src/domain/jobs/job.ts';

/** Prompt ids as a server itself lists them. */
export interface ServerLists {
  running: string[];
  /** In queue order. */
  pending: string[];
  /** How they ended, oldest first. */
  finished: ReadonlyMap<string, Outcome>;
}

const queueItem = z.tuple([z.number(), z.string()]).rest(z.unknown());
const queueSchema = z.object({ queue_running: z.array(queueItem), queue_pending: z.array(queueItem) });
const historySchema = z.record(
  z.string(),
  z.object({
    status: z.object({ status_str: z.string(), messages: z.array(z.tuple([z.string(), z.unknown()])) }),
  }),
);

/** Asks the server at `url`, which must be one that answers, for its queue and its history. */
export async function serverLists(url: string): Promise<ServerLists> {
  const queue = queueSchema.parse(await readJson(`${url}/queue`));
  const history = historySchema.parse(await readJson(`${url}/history`));
  const outcomeOf = ({ status }: z.infer<typeof historySchema>[string]): Outcome => {
    if (status.messages.some(([type]) => type === 'execution_interrupted')) return 'interrupted';
    return status.status_str === 'success' ? 'success' : 'error';
  };
  return {
    running: queue.queue_running.map(([, id]) => id),
    pending: queue.queue_pending.toSorted(([a], [b]) => a - b).map(([, id]) => id),
    finished: new Map(Object.entries(history).map(([id, entry]) => [id, outcomeOf(entry)])),
  };
}

/** A connection that was kept may have ended with the server before. */
async function readJson(url: string, tries = 3): Promise<unknown> {
  try {
    return await (await fetch(url)).json();
  } catch (cause) {
    if (tries === 1) throw cause;
    return readJson(url, tries - 1);
  }
}
