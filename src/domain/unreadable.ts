import type { ConnectionProblem, RestSource, ServerFacts, Unreadable } from './server.ts';

/** What a part of the interface says, and what stands in for it, by which other part if that can fail, too. */
const sources: Record<RestSource, { what: string; instead: string; by?: RestSource }> = {
  live_jobs: {
    what: 'The list of running and waiting prompts (/api/jobs)',
    instead: 'The queue is read instead.',
    by: 'queue',
  },
  queue: { what: 'The queue (/queue)', instead: 'Prompts may be without their titles.' },
  ended_jobs: {
    what: 'The list of finished prompts (/api/jobs)',
    instead: 'The history is read instead.',
    by: 'history',
  },
  history: { what: 'The history (/history)', instead: 'Finished prompts are looked up one by one.' },
  prompt: { what: 'How a prompt ended (/history/{id})', instead: 'Its outputs are missing here.' },
  system_stats: {
    what: 'What the machine is (/system_stats)',
    instead: 'Memory may be missing in the charts.',
  },
};

/** What cannot be read, why, and what is done about it: a line each for people. */
export function unreadableTexts(unreadable: readonly Unreadable[]): string[] {
  const fails = new Set(unreadable.map(({ source }) => source));
  return unreadable.map(({ source, problem }) => {
    const { what, instead, by } = sources[source];
    return `${what} cannot be read: ${reason(problem)}.${by && fails.has(by) ? '' : ` ${instead}`}`;
  });
}

/** Says that it is not known what runs and waits, and why; null where that is known from one source or another. */
export function blindSpot({ unreadable, rest }: ServerFacts): string | null {
  const problemOf = (source: RestSource) => unreadable.find((part) => part.source === source)?.problem;
  const problem = problemOf('queue');
  // That there is no REST interface at all is said elsewhere.
  if (rest === 'absent' || !problem || !problemOf('live_jobs')) return null;
  return `The queue cannot be read: ${reason(problem)}. We keep asking; the terminal of ComfyUI may say more.`;
}

function reason({ kind, status, detail }: ConnectionProblem): string {
  if (status === 404) return 'the server does not have it (status 404)';
  switch (kind) {
    case 'server-error':
      return `the server has an error${status === null ? '' : ` (status ${status})`}`;
    case 'timeout':
      return 'no answer came in time';
    case 'not-comfyui':
      return 'the answer is not what ComfyUI sends';
    case 'unauthorized':
    case 'forbidden':
      return `the server does not let us${status === null ? '' : ` (status ${status})`}`;
    case 'protocol':
      return 'the answer is too large';
    default:
      return detail;
  }
}
