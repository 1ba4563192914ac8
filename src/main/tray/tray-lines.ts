import { liveText } from '../../domain/glance/glance-words.ts';
import { jobCounts } from '../../domain/glance/job-counts.ts';
import { type Job, jobElapsed, type RunningNode } from '../../domain/jobs/job.ts';
import { mainNode, otherNodes } from '../../domain/jobs/job-progress.ts';
import { jobTitle, runningNodeTitle } from '../../domain/jobs/job-titles.ts';
import { jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { headlineText, queueText, unusualText } from '../../domain/jobs/outlook/outlook-text.ts';
import { queueOutlook } from '../../domain/jobs/outlook/queue-outlook.ts';
import { nodeEta } from '../../domain/jobs/step-rate.ts';
import type { ServerState } from '../../domain/monitor-state.ts';
import { clip } from '../../domain/text/clip.ts';
import { formatDuration } from '../../domain/text/format.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';

/** The longest line of a menu, characters. */
const maxLabel = 60;

/** One line about a server at `now` (as below): its name, and what it has to do or what is wrong. */
export function serverLine(state: ServerState, now: number, wall: number): string {
  const { server, connection } = state;
  const name = clip(server.name, 30);
  switch (connection.phase) {
    case 'disabled':
      return t('tray.server.off', { name });
    case 'connecting':
      return t('tray.server.connecting', { name });
    case 'waiting':
      return t('tray.server.waiting', { name });
    case 'connected':
    case 'polling':
      return [
        t('tray.server.state', {
          name,
          state: liveText(jobCounts(state, 0)) ?? t('tray.server.connected'),
        }),
        ...queueEnd(state, now, wall),
      ].join(' · ');
  }
}

/** `queue empty about 15:10`, as far as that is known. */
function queueEnd(state: ServerState, now: number, wall: number): string[] {
  const outlook = queueOutlook(state, now);
  const text = outlook && queueText(outlook, (at) => at - now + wall);
  return text === null ? [] : [text];
}

/**
 * One line about a running prompt at `now` (ms by the clock of the state, `wall` by the one on the wall): how far it is, and
 * when it will be done as far as that is known.
 */
export function runningLine(job: Job, servers: ServerState[], now: number, wall: number): string {
  const server = servers.find((known) => known.server.id === job.serverId);
  const outlook = server ? jobOutlook(server, job, now) : null;
  const isTimed = outlook !== null && (outlook.leftMs !== null || outlook.isOverdue);
  const parts = [
    outlook && headlineText(job, outlook, (at) => at - now + wall),
    outlook && unusualText(outlook, now),
    isTimed ? null : nodeLeftText(job, now),
  ].filter((part) => part !== null);
  const elapsed = jobElapsed(job, now);
  if (parts.length === 0 && elapsed !== null) parts.push(formatDuration(wholeSeconds(elapsed)));
  return [clip(jobTitle(job), 40), ...parts].join(' · ');
}

/** `Sampler 7 s left`: that is for the node that runs; how long the others will take is not known. */
function nodeLeftText(job: Job, now: number): string | null {
  const eta = nodeEta(job, now) ?? 0;
  const node = mainNode(job);
  if (eta <= 0 || !node) return null;
  return t('tray.node_left', { node: nodeText(job, node), time: formatDuration(wholeSeconds(eta)) });
}

/** The node that matters, and how many others run beside it. */
function nodeText(job: Job, node: RunningNode): string {
  const title = clip(runningNodeTitle(job, node), 24);
  const count = otherNodes(job);
  return count > 0 ? t('tray.more', { node: title, count }) : title;
}

const resultWords: Record<Job['state'], TextKey> = {
  success: 'tray.result.success',
  error: 'tray.result.error',
  interrupted: 'tray.result.interrupted',
  cancelled: 'tray.result.cancelled',
  lost: 'tray.result.lost',
  ended: 'tray.result.ended',
  // Not finished, and so in no such line.
  queued: 'tray.result.ended',
  running: 'tray.result.ended',
};

/** One line about a finished prompt: how it ended, and how long it took; where, if `several` servers are watched. */
export function finishedLine(job: Job, several: boolean, servers: ServerState[]): string {
  const server = servers.find((known) => known.server.id === job.serverId);
  const elapsed = jobElapsed(job, job.finishedAt ?? 0);
  const parts = [
    t(resultWords[job.state], { title: jobTitle(job) }),
    ...(elapsed === null ? [] : [formatDuration(elapsed)]),
    ...(several && server ? [server.server.name] : []),
  ];
  return clip(parts.join(' · '), maxLabel);
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000)) * 1000;
}
