import { memo } from 'react';
import type { TimelineNode } from '../../../domain/jobs/outlook/timeline.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Explained } from '../../ui/overlays/explained.tsx';
import { type Part, timelineParts } from './timeline-parts.ts';
import './timeline.css';

/** From such a share of the whole on, a name fits: at least, and for each of its characters. */
const labelled = { least: 0.08, each: 0.014 } as const;
/** Nodes that are listed one by one; the others are short, and counted. */
const maxRows = 14;

/**
 * The nodes of a prompt in time: as wide as they usually take, filled as far as they are. What each of them took is said
 * on request.
 */
export const Timeline = memo(function Timeline({ nodes }: { nodes: readonly TimelineNode[] }) {
  useLanguage();
  const parts = timelineParts(nodes);
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (parts.length === 0) return <div className="timeline" />;
  return (
    <div className="timeline">
      <Explained explain={() => <NodesInTime nodes={nodes} />}>
        <span className="visually-hidden">{summaryOf(nodes)}</span>
        <span className="timeline-row" aria-hidden="true">
          {parts.map((part) => (
            <PartBar key={part.key} part={part} share={part.weight / total} />
          ))}
        </span>
      </Explained>
    </div>
  );
});

function PartBar({ part, share }: { part: Part; share: number }) {
  const { lanes } = part;
  const label = labelOf(part, share);
  return (
    <span className="timeline-part" style={{ flexGrow: round(100 * share) }} data-state={lanes[0]?.state}>
      {lanes.map(({ nodeId, state, start, spent, usual, isSlow }) => (
        <span key={nodeId} className="timeline-lane" data-state={state} data-slow={isSlow || undefined}>
          {usual !== null && <span className="timeline-usual" style={{ transform: spanned(start, usual) }} />}
          <span className="timeline-spent" style={{ transform: spanned(start, spent) }} />
        </span>
      ))}
      {label !== null && <span className="timeline-label">{label}</span>}
    </span>
  );
}

/** From a start on, so wide; both shares 0–1. Moved and scaled only, so that nothing is laid out again. */
function spanned(start: number, width: number): string {
  return `translateX(${round(start * 100)}%) scaleX(${round(width)})`;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** Null where it would not fit. */
function labelOf({ lanes, count }: Part, share: number): string | null {
  if (lanes.length > 1) return null;
  const label = count > 1 ? t('jobs.nodes', { count }) : (lanes[0]?.title ?? '');
  return share >= Math.max(labelled.least, labelled.each * label.length) ? label : null;
}

/** `Sampler runs, 3 of 9 nodes done, 2 cached`. */
function summaryOf(nodes: readonly TimelineNode[]): string {
  const of = (state: TimelineNode['state']) => nodes.filter((node) => node.state === state);
  const running = of('running').map(({ title }) => title);
  return t('jobs.timeline', {
    running: running.join(', '),
    runs: running.length,
    done: of('done').length,
    cached: of('cached').length,
    total: nodes.length,
  });
}

function NodesInTime({ nodes }: { nodes: readonly TimelineNode[] }) {
  const timed = nodes.filter(({ state }) => state !== 'cached');
  const length = ({ state, tookMs, usualMs }: TimelineNode) =>
    state === 'running' ? Number.POSITIVE_INFINITY : Math.max(tookMs ?? 0, usualMs ?? 0);
  const longest = new Set([...timed].sort((a, b) => length(b) - length(a)).slice(0, maxRows));
  const cached = nodes.length - timed.length;
  const more = timed.length - longest.size;
  return (
    <>
      <span className="timeline-list">
        {timed
          .filter((node) => longest.has(node))
          .map((node) => (
            <span key={node.nodeId} className="timeline-node" data-state={node.state}>
              <span className="timeline-name">{node.title}</span> <span>{timeOf(node)}</span>
            </span>
          ))}
      </span>
      {(more > 0 || cached > 0) && (
        <span className="timeline-more">
          {[
            ...(more > 0 ? [t('jobs.short_nodes', { count: more })] : []),
            ...(cached > 0 ? [t('jobs.cached_nodes', { count: cached })] : []),
          ].join(' · ')}
        </span>
      )}
    </>
  );
}

/** `12 s, usually 10 s`, `waits, usually 10 s`. */
function timeOf({ state, tookMs, usualMs }: TimelineNode): string {
  const took =
    state === 'waiting'
      ? t('jobs.node_waits')
      : tookMs === null
        ? t('jobs.node_done')
        : state === 'running'
          ? t('jobs.node_runs', { duration: formatDuration(tookMs) })
          : formatDuration(tookMs);
  return usualMs === null ? took : t('jobs.beside_usual', { took, usual: formatDuration(usualMs) });
}
