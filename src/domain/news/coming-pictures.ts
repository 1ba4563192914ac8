import { jobElapsed } from '../jobs/job.ts';
import { type MonitorState, serverStateOf } from '../monitor-state.ts';
import type { MediaFile } from '../outputs/executed-output.ts';
import { type Circumstances, isAudible } from './announcer.ts';
import { firstImage } from './job-news.ts';

/** Pictures of running jobs that came in between two states, and that their notifications will show. */
export function comingPictures(
  before: MonitorState,
  after: MonitorState,
  circumstances: Circumstances,
): { serverId: string; file: MediaFile }[] {
  const { now, preferences } = circumstances;
  const { finished, atLeastSeconds } = preferences.notifications;
  if (before.servers === after.servers || !finished || !isAudible(circumstances)) return [];
  return after.servers.flatMap(({ server, running }) => {
    const earlier = serverStateOf(before, server.id)?.running;
    if (earlier === running) return [];
    return running.flatMap((job) => {
      const file = firstImage(job);
      const known = earlier?.find(({ promptId }) => promptId === job.promptId);
      const elapsed = jobElapsed(job, now);
      const isNew = file !== null && (known ? firstImage(known) : null) === null;
      // One that ends now is too short to be announced.
      const isLong = elapsed === null || elapsed >= atLeastSeconds * 1_000;
      return isNew && isLong ? [{ serverId: server.id, file }] : [];
    });
  });
}
