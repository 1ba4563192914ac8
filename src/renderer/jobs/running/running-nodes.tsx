import type { Job, RunningNode } from '../../../domain/jobs/job.ts';
import { mainNode, stepFraction } from '../../../domain/jobs/job-progress.ts';
import { runningNodeTitle, stepsText, withoutNodeText } from '../../../domain/jobs/job-titles.ts';
import type { Activity } from '../../../domain/jobs/outlook/activity.ts';
import { t } from '../../../language/t.ts';
import { ProgressBar } from '../../ui/controls/progress-bar.tsx';
import { activityText } from './activity-text.ts';
import './running-nodes.css';

interface RunningNodesProps {
  job: Job;
  /** What it does; null where that is not known. */
  activity: Activity | null;
  /** ms since the epoch, by the clock of the state. */
  now: number;
  /** It is not known whether it goes on. */
  still: boolean;
}

/** More nodes than this run together only in prompts that wait for services; the rest is counted. */
const mostShown = 4;

/** The nodes that run, side by side: nearly always one. */
export function RunningNodes({ job, activity, now, still }: RunningNodesProps) {
  const { runningNodes, runningNodesOmitted } = job;
  const main = mainNode(job);
  if (!main)
    return (
      <div className="running-nodes">
        <NodeProgress name={null} node={null} words={withoutNodeText(job)} does={null} still={still} />
      </div>
    );
  const shown = [main, ...runningNodes.filter((node) => node !== main)].slice(0, mostShown);
  const more = runningNodes.length - shown.length + runningNodesOmitted;
  return (
    <>
      <div className="running-nodes" data-count={shown.length}>
        {shown.map((node) => {
          const name = runningNodeTitle(job, node);
          const isIt = activity !== null && activity.nodeId === node.displayNodeId;
          const does = isIt ? activityText(activity, node, now) : null;
          const isStuck = isIt && activity.kind === 'stuck';
          return (
            <NodeProgress
              key={node.nodeId}
              name={name}
              node={node}
              words={name}
              does={does}
              isStuck={isStuck}
              still={still}
            />
          );
        })}
      </div>
      {more > 0 && <p className="running-blind">{t('jobs.more_at_once', { count: more })}</p>}
    </>
  );
}

interface NodeProgressProps {
  /** Null while no node can be named. */
  name: string | null;
  node: RunningNode | null;
  words: string;
  /** What it does, in words. */
  does: string | null;
  isStuck?: boolean;
  still: boolean;
}

function NodeProgress({ name, node, words, does, isStuck = false, still }: NodeProgressProps) {
  const steps = node && stepsText(node);
  // What the server calls it is in our words already.
  const said = [does ?? node?.activity, node?.text].filter((text) => text !== null && text !== undefined);
  return (
    <div className="running-node-progress">
      <div className="running-line">
        <span className="running-node" title={name ?? undefined}>
          {words}
        </span>
        <span className="running-steps">{steps ?? (node ? t('jobs.no_steps') : '')}</span>
      </div>
      <ProgressBar
        label={name === null ? t('jobs.current_node') : t('jobs.steps_of', { node: name })}
        value={node && stepFraction(node) !== null ? node.step : null}
        max={node?.max ?? 100}
        text={steps}
        tone="quiet"
        still={still}
      />
      <p className="running-text" data-stuck={isStuck || undefined} title={said.join(' · ')}>
        {said.map((text, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what it does, then what it says
          <span key={place}>{text}</span>
        ))}
      </p>
    </div>
  );
}
