import type { Job } from '../../domain/jobs/job.ts';
import type { ServerState } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';

/** True if a prompt failed after `lookedAt`, while we watched. */
export function hasFailedSince(servers: readonly ServerState[], lookedAt: number): boolean {
  return servers.some((server) =>
    server.finished.some((job) => job.state === 'error' && isNews(server, job, lookedAt)),
  );
}

function isNews(server: ServerState, job: Job, lookedAt: number): boolean {
  const at = job.finishedAt ?? 0;
  return at > lookedAt && at >= (server.watchedSince ?? Number.POSITIVE_INFINITY);
}

/** The prompt that runs on a server, as far as its connection vouches for it. */
export function connectedRunning(server: ServerState): Job[] {
  // After a lost connection, what ran then may have ended long ago.
  return isConnected(server) ? server.running.slice(0, 1) : [];
}

/** Whether the server is reached, by its socket or by polling. */
export function isConnected(server: ServerState): boolean {
  return isReached(server.connection.phase);
}
