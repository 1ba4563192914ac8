import type { TextKey } from '../language/english.ts';
import { t } from '../language/t.ts';
import type { ConnectionProblem, RestSource, ServerFacts, Unreadable } from './server.ts';

/** What a part of the interface says, and what stands in for it, by which other part if that can fail, too. */
const sources: Record<RestSource, { what: TextKey; instead: TextKey; by?: RestSource }> = {
  live_jobs: {
    what: 'servers.unreadable.live_jobs',
    instead: 'servers.unreadable.live_jobs.instead',
    by: 'queue',
  },
  queue: { what: 'servers.unreadable.queue', instead: 'servers.unreadable.queue.instead' },
  ended_jobs: {
    what: 'servers.unreadable.ended_jobs',
    instead: 'servers.unreadable.ended_jobs.instead',
    by: 'history',
  },
  history: { what: 'servers.unreadable.history', instead: 'servers.unreadable.history.instead' },
  prompt: { what: 'servers.unreadable.prompt', instead: 'servers.unreadable.prompt.instead' },
  system_stats: {
    what: 'servers.unreadable.system_stats',
    instead: 'servers.unreadable.system_stats.instead',
  },
};

/** What cannot be read, why, and what is done about it: a line each for people. */
export function unreadableTexts(unreadable: readonly Unreadable[]): string[] {
  const fails = new Set(unreadable.map(({ source }) => source));
  return unreadable.map(({ source, problem }) => {
    const { what, instead, by } = sources[source];
    const cause = { what: t(what), reason: reason(problem) };
    return by && fails.has(by)
      ? t('servers.unreadable.line', cause)
      : t('servers.unreadable.line_instead', { ...cause, instead: t(instead) });
  });
}

/** Says that it is not known what runs and waits, and why; null where that is known from one source or another. */
export function blindSpot({ unreadable, rest }: ServerFacts): string | null {
  const problemOf = (source: RestSource) => unreadable.find((part) => part.source === source)?.problem;
  const problem = problemOf('queue');
  // That there is no REST interface at all is said elsewhere.
  if (rest === 'absent' || !problem || !problemOf('live_jobs')) return null;
  return t('servers.unreadable.blind', { reason: reason(problem) });
}

function reason({ kind, status, detail }: ConnectionProblem): string {
  if (status === 404) return t('servers.unreadable.reason.missing');
  switch (kind) {
    case 'server-error':
      return t('servers.unreadable.reason.error', { status: inBrackets(status) });
    case 'timeout':
      return t('servers.unreadable.reason.timeout');
    case 'not-comfyui':
      return t('servers.unreadable.reason.foreign');
    case 'unauthorized':
    case 'forbidden':
      return t('servers.unreadable.reason.forbidden', { status: inBrackets(status) });
    case 'protocol':
      return t('servers.unreadable.reason.large');
    default:
      return detail;
  }
}

function inBrackets(status: number | null): string {
  return status === null ? '' : t('servers.problem.status', { status });
}
