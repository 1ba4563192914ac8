import { type ReactNode, useState } from 'react';
import {
  type Job,
  jobElapsed,
  lacksProgress,
  type RunningNode,
  wasAllCached,
} from '../../domain/jobs/job.ts';
import { mainNode, nodesDone, stepFraction } from '../../domain/jobs/job-progress.ts';
import { jobTitle, runningNodeTitle, stepsText, withoutNodeText } from '../../domain/jobs/job-titles.ts';
import type { JobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { basisText, endText, stepHeadline } from '../../domain/jobs/outlook/outlook-text.ts';
import { nodeEta, stepRate } from '../../domain/jobs/step-rate.ts';
import { formatCount, formatDuration, formatFraction, formatRate } from '../../domain/text/format.ts';
import { wallTimeOf } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { ProgressBar } from '../ui/controls/progress-bar.tsx';
import { JobWords } from './job-words.tsx';
import { MissingProgress, type ProgressRelay } from './missing-progress.tsx';
import './running-job.css';

interface RunningJobProps {
  job: Job;
  /** ms since the epoch; for a server out of reach, when that began. */
  now: number;
  /** How far it is, and when it will be done; null where nothing is known of its server. */
  outlook?: JobOutlook | null;
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

/** A running job: where it is, how fast, how long. What the server did not report is shown as unknown. */
export function RunningJob(props: RunningJobProps) {
  const { job, now, outlook = null, preview, prominent, connected = true, companion = 'unknown' } = props;
  const { onInstallCompanion, children } = props;
  const title = jobTitle(job);
  const fraction = outlook?.fraction ?? null;
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
          <span className="running-percent">
            {fraction === null ? (stepHeadline(job) ?? '–') : formatFraction(fraction)}
          </span>
        </header>
        {lacksProgress(job) ? (
          <MissingProgress companion={companion} onInstall={onInstallCompanion} />
        ) : (
          <RunningNodes job={job} still={!connected} />
        )}
        <JobWords job={job} />
        <WholeProgress job={job} outlook={outlook} still={!connected} />
        <dl className="running-figures">
          <RunningFigure label="Elapsed" value={duration(jobElapsed(job, now))} />
          <RunningFigure label="Rate" value={rateOf(job)} />
          <RunningFigure label="Left in this node" value={duration(nodeEta(job, now))} />
          <RunningFigure label="Cached" value={cachedText(job)} />
        </dl>
        {children}
      </div>
    </article>
  );
}

/**
 * The newest preview that has arrived. The next one is asked for only then: frames that come faster than
 * they can be fetched would otherwise push each other out, and nothing would ever be seen.
 */
function PreviewFrame({ address }: { address: string | null }) {
  const [asked, setAsked] = useState(address);
  const [stage, setStage] = useState<'fetching' | 'shown' | 'failed'>('fetching');
  if (asked !== address && (asked === null || stage !== 'fetching')) {
    setAsked(address);
    setStage('fetching');
  }
  return (
    <div className="running-preview">
      {asked === null || stage === 'failed' ? (
        <span className="running-preview-none">
          <Icon name="image" />
          {asked === null ? 'No preview yet' : 'No preview'}
        </span>
      ) : (
        <img
          fetchPriority="high"
          src={asked}
          alt="Newest preview"
          decoding="async"
          onLoad={() => setStage('shown')}
          onError={() => setStage('failed')}
        />
      )}
    </div>
  );
}

interface ProgressProps {
  job: Job;
  still: boolean;
}

/** More nodes than this run together only in prompts that wait for services; the rest is counted. */
const mostShown = 4;

/** The nodes that run: nearly always one. */
function RunningNodes({ job, still }: ProgressProps) {
  const { runningNodes, runningNodesOmitted } = job;
  const main = mainNode(job);
  if (!main) return <NodeProgress name={null} node={null} words={withoutNodeText(job)} still={still} />;
  const shown = [main, ...runningNodes.filter((node) => node !== main)].slice(0, mostShown);
  const more = runningNodes.length - shown.length + runningNodesOmitted;
  return (
    <>
      {shown.map((node) => {
        const name = runningNodeTitle(job, node);
        return <NodeProgress key={node.nodeId} name={name} node={node} words={name} still={still} />;
      })}
      {more > 0 && <p className="running-blind">+{formatCount(more, 'more node')} at the same time</p>}
    </>
  );
}

interface NodeProgressProps {
  /** Null while no node can be named. */
  name: string | null;
  node: RunningNode | null;
  words: string;
  still: boolean;
}

function NodeProgress({ name, node, words, still }: NodeProgressProps) {
  const steps = node && stepsText(node);
  const said = [node?.activity, node?.text].filter((text) => text !== null && text !== undefined).join(' · ');
  return (
    <div className="running-progress">
      <div className="running-line">
        <span className="running-node" title={name ?? undefined}>
          {words}
        </span>
        {said !== '' && <span className="running-text">{said}</span>}
        <span className="running-steps">{steps ?? (node ? 'no steps reported' : '')}</span>
      </div>
      <ProgressBar
        label={name === null ? 'Current node' : `Steps of ${name}`}
        value={node && stepFraction(node) !== null ? node.step : null}
        max={node?.max ?? 100}
        text={steps}
        still={still}
      />
    </div>
  );
}

function WholeProgress({ job, outlook, still }: ProgressProps & { outlook: JobOutlook | null }) {
  const fraction = outlook?.fraction ?? null;
  const end = outlook && endText(outlook, wallTimeOf);
  const basis = outlook && basisText(outlook);
  const spoken = [
    ...(fraction === null ? [] : [formatFraction(fraction), nodesText(job)]),
    ...(end === null ? [] : [end]),
  ];
  return (
    <div className="running-progress">
      <div className="running-line">
        <span className="running-label">Whole prompt</span>
        {end !== null && (
          <>
            <span className="running-left" title={`Whole prompt: ${basis}`}>
              {end}
            </span>
            <span className="running-text running-basis">{basis}</span>
          </>
        )}
        <span className="running-steps">{nodesText(job)}</span>
      </div>
      <ProgressBar
        label="Whole prompt"
        value={fraction === null ? null : Math.floor(fraction * 100)}
        max={100}
        text={spoken.length === 0 ? null : spoken.join(', ')}
        tone="quiet"
        still={still}
      />
    </div>
  );
}

function nodesText(job: Job): string {
  const total = job.nodeTotal === null ? null : formatCount(job.nodeTotal, 'node');
  const done = nodesDone(job);
  if (done === null) return total ?? 'nodes unknown';
  if (total === null) return done > 0 ? `${formatCount(done, 'node')} done` : 'nodes unknown';
  return `${done} of ${total}`;
}

function cachedText(job: Job): string | null {
  if (wasAllCached(job)) return 'everything, nothing has to run';
  return job.cachedNodes === null ? null : formatCount(job.cachedNodes.count, 'node');
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
