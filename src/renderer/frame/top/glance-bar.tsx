import { explainProblem } from '../../../domain/connection-advice.ts';
import {
  type Clocks,
  endText,
  leftBesideText,
  liveText,
  progressText,
  queueText,
} from '../../../domain/glance/glance-words.ts';
import type { ServerGlance } from '../../../domain/glance/server-glance.ts';
import { isReached } from '../../../domain/server.ts';
import { t } from '../../../language/t.ts';
import { useStanding } from '../../session/connection-status.tsx';
import { type CountedJobs, JobCountList } from '../../session/glance/job-count-list.tsx';
import { dismissFailures, useUnseenFailures } from '../../session/glance/seen-failures.ts';
import { useGlance } from '../../session/glance/use-glance.ts';
import { useSession } from '../../session/session-context.tsx';
import { useNow, wallTimeOf } from '../../ui/clock.ts';
import { goTo } from './go-to.ts';
import './glance-bar.css';

/** When the shown server is done, and how many prompts run, wait, are done and failed: the first look. */
export function GlanceBar({ serverId }: { serverId: string }) {
  const glance = useGlance(serverId);
  const { phase, word } = useStanding(serverId);
  const unseen = useUnseenFailures(serverId);
  const { page } = useSession();
  const now = useNow();
  if (!glance) return null;
  const clocks = { now, wall: wallTimeOf(now) };
  const go = (which: CountedJobs) => {
    if (which === 'failed') {
      const promptId = unseen[0]?.promptId ?? glance.lastFailed?.promptId;
      dismissFailures(serverId, unseen);
      if (promptId !== undefined) page.setState({ wantedJob: { serverId, promptId } });
      return;
    }
    goTo(lists[which]);
  };
  const queue = isReached(phase) ? queueText(glance.queue, clocks) : null;
  return (
    <section className="glance-bar" aria-label={t('frame.glance')}>
      <p className="glance-when">
        <When glance={glance} clocks={clocks} word={isReached(phase) ? null : word} />
      </p>
      <p className="glance-queue">{queue}</p>
      <JobCountList counts={glance.counts} isFailureNew={unseen.length > 0} onGo={go} />
    </section>
  );
}

/** Where each count leads. */
const lists: Readonly<Record<Exclude<CountedJobs, 'failed'>, string>> = {
  running: '.running',
  waiting: '.pending',
  done: '.finished',
};

interface WhenProps {
  glance: ServerGlance;
  clocks: Clocks;
  /** How the server stands, if it is not reached. */
  word: string | null;
}

function When({ glance: { job, counts, last, problem, server }, clocks, word }: WhenProps) {
  if (word !== null)
    return <b title={problem ? explainProblem(problem, server.url, null).what : undefined}>{word}</b>;
  if (!job)
    return (
      <>
        <b>{liveText(counts) ?? t('glance.idle')}</b>
        {last && <span className="glance-title">{t('overview.last', { title: last.title })}</span>}
      </>
    );
  const done = endText(job, clocks);
  const progress = progressText(job);
  const left = leftBesideText(job);
  return (
    <>
      <b className="glance-first">{done ?? progress ?? t('glance.busy')}</b>
      {left !== null && <span>{left}</span>}
      {done !== null && progress !== null && <span>{progress}</span>}
    </>
  );
}
