import type { ComfyRest } from '../comfy/comfy-rest.ts';
import { RestError } from '../comfy/rest-request.ts';
import type { ServerMonitor } from '../comfy/server-monitor.ts';
import { BridgeError } from '../shared/bridge.ts';
import type { CallHandlers } from '../shared/bridge-host.ts';
import { explainProblem } from '../shared/problem.ts';

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
  async function command(serverId: string, run: (rest: ComfyRest) => Promise<void>): Promise<undefined> {
    const monitor = monitorOf(serverId);
    if (!monitor) throw new BridgeError('This server is not watched any more.');
    try {
      await run(monitor.rest);
    } catch (cause) {
      if (!(cause instanceof RestError)) throw cause;
      log(`a command was not taken: ${cause.message}`);
      const { what, next } = explainProblem(cause.problem, monitor.rest.url, process.platform);
      throw new BridgeError(`The command was not carried out. ${what} ${next}`);
    }
    monitor.readJobs();
    return undefined;
  }
  return {
    interruptJob: ({ serverId, promptId }) => command(serverId, (rest) => rest.interrupt(promptId)),
    cancelJobs: ({ serverId, promptIds }) => command(serverId, (rest) => rest.cancelPending(promptIds)),
    clearQueue: ({ serverId }) => command(serverId, (rest) => rest.clearPending()),
    freeMemory: ({ serverId }) => command(serverId, (rest) => rest.freeMemory()),
  };
}
