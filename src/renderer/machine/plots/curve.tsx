import { memo, useMemo } from 'react';
import { useDraggedRange, usePointedMoment } from './crosshair.ts';
import './curve.css';
import { curvePaths, placeOf } from './curve-paths.ts';
import type { SpanPaths } from './job-spans.ts';
import type { PlotPoint, TimeRange } from './plot-points.ts';
import { useCurvePointer } from './use-curve-pointer.ts';

interface CurveProps {
  metric: 'load' | 'vram' | 'ram';
  points: readonly PlotPoint[];
  /** Which of the points' values it draws. */
  line: number;
  /** From the left to the right end. */
  range: TimeRange;
  /** The jobs behind it. */
  spans?: SpanPaths | undefined;
}

/**
 * A percentage over time without an axis: a few paths that stretch to the place they are given, so that drawing it
 * costs next to nothing, however many there are. It is broken where nothing was measured; where a point stands for
 * more than one sample, a band reaches from the lowest to the highest.
 */
export const Curve = memo(function Curve({ metric, points, line, range, spans }: CurveProps) {
  const paths = useMemo(() => curvePaths(points, line, range), [points, line, range]);
  const pointer = useCurvePointer(range);
  return (
    <div className="curve" data-metric={metric} {...pointer}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {spans && (
          <>
            <path className="curve-jobs" d={spans.areas} />
            <path className="curve-job-edges" d={spans.edges} />
            <path className="curve-job-marks" data-kind="failed" d={spans.failed} />
            <path className="curve-job-marks" data-kind="stopped" d={spans.stopped} />
          </>
        )}
        <path className="curve-fill" d={paths.fill} />
        <path className="curve-band" d={paths.band} />
        <path className="curve-line" d={paths.line} />
      </svg>
      <Pointer range={range} />
    </div>
  );
});

/** The crosshair, and what is dragged over. */
function Pointer({ range }: { range: TimeRange }) {
  const at = usePointedMoment();
  const dragged = useDraggedRange();
  const isInside = at !== null && at >= range.since && at <= range.until;
  return (
    <>
      {dragged && (
        <span
          className="curve-dragged"
          style={{
            left: `${placeOf(dragged.since, range)}%`,
            width: `${placeOf(dragged.until, range) - placeOf(dragged.since, range)}%`,
          }}
        />
      )}
      {isInside && <span className="curve-cursor" style={{ left: `${placeOf(at, range)}%` }} />}
    </>
  );
}
