import type { RunningNode } from '../../../domain/jobs/job.ts';
import type { Activity } from '../../../domain/jobs/outlook/activity.ts';
import { stepRate } from '../../../domain/jobs/step-rate.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';

/** What a node does, in words: `loading a model`, `no step for 3 min 00 s, usually every 2 s`; null where nothing is known. */
export function activityText({ kind, since }: Activity, node: RunningNode, now: number): string | null {
  switch (kind) {
    case 'loading':
      return t('jobs.loading');
    case 'saving':
      return t('jobs.saving');
    case 'computing':
      return t('jobs.computing');
    case 'waiting':
      return null;
    case 'stuck':
      return stuckText(node, Math.max(0, now - since));
  }
}

function stuckText(node: RunningNode, silent: number): string {
  const duration = formatDuration(silent);
  const rate = node.max === null ? null : stepRate(node);
  return rate === null
    ? t('jobs.nothing_heard', { duration })
    : t('jobs.no_step', { duration, usual: formatDuration(1_000 / rate) });
}
