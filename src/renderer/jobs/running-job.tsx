import { type ReactNode, useMemo } from 'react';
import { type Job, jobElapsed, lacksProgress, wasAllCached } from '../../domain/jobs/job.ts';
import { mainNode, nodesDone } from '../../domain/jobs/job-progress.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import type { LearntTimes } from '../../domain/jobs/learnt/learnt-times.ts';
import { type JobOutlook, jobTimeline } from '../../domain/jobs/outlook/job-outlook.ts';
import { endText } from '../../domain/jobs/outlook/outlook-text.ts';
import { nodeEta, stepRate } from '../../domain/jobs/step-rate.ts';
import { formatDuration, formatFraction, formatRate } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { wallTimeOf } from '../ui/clock.ts';
import { ProgressBar } from '../ui/controls/progress-bar.tsx';
import { shownParameters } from './facts/facts-text.ts';
import { JobFacts } from './facts/job-facts.tsx';
import { JobWords } from './job-words.tsx';
import { MissingProgress, type ProgressRelay } from './missing-progress.tsx';
import { JobHeadline } from './running/job-headline.tsx';
import { PreviewFrame } from './running/preview-frame.tsx';
import { RunningNodes } from './running/running-nodes.tsx';
import { Timeline } from './timeline/timeline.tsx';
import './running-job.css';

interface RunningJobProps {
  job: Job;
  /** ms since the epoch; for a server out of reach, when that began. */
  now: number;
  /** How far it is, and when it will be done; null where nothing is known of its server. */
  outlook?: JobOutlook | null;
  /** How long nodes took before; the same. */
  learnt?: LearntTimes | null;
  /** Address of the newest preview frame. */
  preview: string | null;
  /** The first one is shown large, older evidence small. */
  prominent: boolean;
  /** Without a connection nothing is known to go on. */
  connected?: boolean;
  /** Whether the server has the node that reports the progress of prompts of other clients. */
  companion?: ProgressRelay;
  onInstallCompanion?: (() => void) | undefined;
  /** What can be done about the job. */
  children?: ReactNode;
}

/** A running job: when it is done, what it does, what it is made with. What the server did not report is shown as unknown. */
export function RunningJob(props: RunningJobProps) {
  const { job, now, outlook = null, learnt = null, preview, prominent } = props;
  const { connected = true, companion = 'unknown', onInstallCompanion, children } = props;
  const title = jobTitle(job);
  return (
    <article
      className="running-job"
      id={`job-${job.promptId}`}
      tabIndex={-1}
      data-prominent={prominent}
      aria-label={title}
    >
      {prominent && <PreviewFrame address={preview} />}
      <div className="running-body">
        <header className="running-head">
          <h3 title={title}>{title}</h3>
          <JobHeadline job={job} outlook={outlook} now={now} />
        </header>
        <WholeProgress job={job} outlook={outlook} still={!connected} />
        {lacksProgress(job) ? (
          <MissingProgress companion={companion} onInstall={onInstallCompanion} />
        ) : (
          <>
            {learnt && <NodesInTime learnt={learnt} job={job} now={now} />}
            <RunningNodes job={job} activity={outlook?.activity ?? null} now={now} still={!connected} />
          </>
        )}
        <JobWords job={job} />
        <JobFacts parameters={shownParameters(job)} />
        <dl className="running-figures">
          <RunningFigure label={t('jobs.elapsed')} value={duration(jobElapsed(job, now))} />
          <RunningFigure label={t('jobs.rate')} value={rateOf(job)} />
          <RunningFigure label={t('jobs.left_in_node')} value={duration(nodeEta(job, now))} />
          <RunningFigure label={t('jobs.cached')} value={cachedText(job)} />
        </dl>
        {children}
      </div>
    </article>
  );
}

interface NodesInTimeProps {
  learnt: LearntTimes;
  job: Job;
  now: number;
}

/** Follows the clock and the nodes, not their steps: those come many times a second, and move it by less than a pixel. */
function NodesInTime({ learnt, job, now }: NodesInTimeProps) {
  const { doneNodes, cachedNodes, nodeNames, nodeTimes, startedAt } = job;
  const running = job.runningNodes.map(({ nodeId }) => nodeId).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what of the job changes the timeline is listed
  const nodes = useMemo(
    () => jobTimeline({ learnt }, job, now),
    [learnt, now, doneNodes, cachedNodes, nodeNames, nodeTimes, startedAt, running],
  );
  return <Timeline nodes={nodes} />;
}

interface WholeProgressProps {
  job: Job;
  outlook: JobOutlook | null;
  still: boolean;
}

function WholeProgress({ job, outlook, still }: WholeProgressProps) {
  const fraction = outlook?.fraction ?? null;
  const nodes = nodesText(job);
  const end = outlook && endText(outlook, wallTimeOf);
  const spoken = [fraction === null ? null : formatFraction(fraction), nodes, end];
  return (
    <div className="running-whole">
      <ProgressBar
        label={t('jobs.whole_prompt')}
        value={fraction === null ? null : Math.floor(fraction * 100)}
        max={100}
        text={spoken.filter((part) => part !== null).join(', ')}
        still={still}
      />
      <span className="running-nodes-done">{nodes}</span>
    </div>
  );
}

function nodesText(job: Job): string {
  const { nodeTotal: total } = job;
  const done = nodesDone(job);
  if (total !== null)
    return done === null ? t('jobs.nodes', { count: total }) : t('jobs.nodes_of', { done, total });
  return done !== null && done > 0 ? t('jobs.nodes_done', { count: done }) : t('jobs.nodes_unknown');
}

function cachedText(job: Job): string | null {
  if (wasAllCached(job)) return t('jobs.all_cached');
  return job.cachedNodes === null ? null : t('jobs.nodes', { count: job.cachedNodes.count });
}

function RunningFigure({ label, value }: { label: string; value: string | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  );
}

function rateOf(job: Job): string | null {
  const node = mainNode(job);
  const rate = node && stepRate(node);
  return rate === null ? null : formatRate(rate);
}

function duration(ms: number | null): string | null {
  return ms === null ? null : formatDuration(ms);
}
