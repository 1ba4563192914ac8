import { formatFraction } from '../../shared/format.ts';
import { jobFraction, jobTitle } from '../../shared/job.ts';
import type { MonitorState } from '../../shared/monitor-state.ts';

const appName = 'Comfy Monitor';

/** The title of the window or tab: the job that runs on the shown server, else on any other. */
export function pageTitle(state: MonitorState, shownServerId: string | null): string {
  const connected = state.servers.filter((server) => server.connection.phase === 'connected');
  const shown = connected.find((server) => server.server.id === shownServerId);
  const job = shown?.running[0] ?? connected.find((server) => server.running.length > 0)?.running[0];
  if (!job) return appName;
  const fraction = jobFraction(job);
  const progress = fraction === null ? 'Running' : formatFraction(fraction);
  return `${progress} · ${jobTitle(job)} — ${appName}`;
}
