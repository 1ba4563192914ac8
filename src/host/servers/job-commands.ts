import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import { RestError } from '../../comfy/rest/rest-request.ts';
import type { ServerMonitor } from '../../comfy/server-monitor.ts';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import { explainProblem } from '../../domain/connection-advice.ts';
import { t } from '../../language/t.ts';

/** What can be asked of a server about its jobs and its memory. */
export type JobCommands = Pick<CallHandlers, 'interruptJob' | 'cancelJobs' | 'clearQueue' | 'freeMemory'>;

/**
 * Commands to servers. ComfyUI answers 200 whatever happened, so nothing is taken for done: jobs are
 * read again, and what became of them shows in the events that follow.
 */
export function jobCommands(
  monitorOf: (serverId: string) => ServerMonitor | undefined,
  log: (line: string) => void,
): JobCommands {
  async function command(serverId: string, run: (rest: ComfyRest) => Promise<void>): Promise<void> {
    const monitor = monitorOf(serverId);
    if (!monitor) throw new BridgeError(t('host.unwatched'));
    try {
      await run(monitor.rest);
    } catch (cause) {
      if (!(cause instanceof RestError)) throw cause;
      log(`a command was not taken: ${cause.message}`);
      const { what, next } = explainProblem(cause.problem, monitor.rest.url, process.platform);
      throw new BridgeError(t('host.command_failed', { what, next }));
    }
    monitor.readJobs();
  }
  return {
    interruptJob: ({ serverId, promptId }) => command(serverId, (rest) => interrupt(rest, promptId)),
    cancelJobs: ({ serverId, promptIds }) => command(serverId, (rest) => cancel(rest, promptIds)),
    clearQueue: ({ serverId }) => command(serverId, (rest) => rest.clearPending()),
    freeMemory: ({ serverId }) => command(serverId, (rest) => rest.freeMemory()),
  };
}

const canonicalUuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Cancelling is atomic where the server can do that (ComfyUI 0.26 on); an interrupt hits what runs when it comes,
 * on servers from before 2025 whatever prompt it names.
 */
async function interrupt(rest: ComfyRest, promptId: string): Promise<void> {
  if ((await rest.cancelJob(promptId)) !== null) return;
  if (await isKnownNotToRun(rest, promptId)) return;
  await rest.interrupt(promptId);
}

/** What waits is cancelled, and what began meanwhile where the server can do that. */
async function cancel(rest: ComfyRest, promptIds: readonly string[]): Promise<void> {
  const [only, ...others] = promptIds;
  if (only !== undefined && others.length === 0) {
    if ((await rest.cancelJob(only)) !== null) return;
  } else if (promptIds.every((promptId) => canonicalUuid.test(promptId))) {
    if ((await rest.cancelJobs(promptIds)) !== null) return;
  }
  await rest.cancelPending(promptIds);
}

/** False also if the server cannot say. */
async function isKnownNotToRun(rest: ComfyRest, promptId: string): Promise<boolean> {
  const queue = await rest.liveJobs().catch(() => rest.queue().catch(() => null));
  return queue !== null && !queue.running.some((entry) => entry.promptId === promptId);
}
