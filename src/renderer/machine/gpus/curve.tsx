import { memo, type PointerEvent, useMemo, useState } from 'react';
import { useLanguage } from '../../ui/language.tsx';
import { ChartTooltip } from '../chart-tooltip.tsx';
import type { PlotPoint } from '../plot-points.ts';
import './curve.css';

interface CurveProps {
  metric: 'load' | 'vram';
  /** What it is about, for example `GPU 1 load`. */
  name: string;
  points: PlotPoint[];
  /** Which of the points' values it draws. */
  line: number;
  /** The right end of the time axis, ms since the epoch, and how much of the time it shows, ms. */
  until: number;
  span: number;
}

/**
 * A percentage over time without an axis, small enough to stand beside its figure: one path instead of a chart, since
 * there are two of them for each GPU. It is broken where nothing was measured.
 */
export const Curve = memo(function Curve({ metric, name, points, line, until, span }: CurveProps) {
  useLanguage();
  const [pointed, setPointed] = useState<number | null>(null);
  const { stroke, fill } = useMemo(() => paths(points, line, until, span), [points, line, until, span]);
  const point = pointed === null ? undefined : nearest(points, until - span * (1 - pointed));
  const follow = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setPointed(width > 0 ? (clientX - left) / width : null);
  };
  return (
    <div
      className="curve"
      data-metric={metric}
      onPointerMove={follow}
      onPointerLeave={() => setPointed(null)}
    >
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path className="curve-fill" d={fill} />
        <path className="curve-line" d={stroke} />
      </svg>
      {point && pointed !== null && (
        <>
          <span className="curve-cursor" style={{ left: `${pointed * 100}%` }} />
          <div className="curve-tooltip" data-side={pointed > 0.5 ? 'left' : undefined}>
            <ChartTooltip name={name} active line={line} payload={[{ payload: point }]} />
          </div>
        </>
      )}
    </div>
  );
});

/** The line, and the area below it, in a square of 100. */
function paths(points: readonly PlotPoint[], line: number, until: number, span: number) {
  let stroke = '';
  let fill = '';
  let start: string | null = null;
  let end = '';
  const finish = () => {
    if (start !== null) fill += `L${end} 100L${start} 100Z`;
    start = null;
  };
  for (const { at, values } of points) {
    const value = values[line] ?? null;
    if (value === null) {
      finish();
      continue;
    }
    end = (100 - ((until - at) / span) * 100).toFixed(1);
    const place = `${end} ${(100 - value).toFixed(1)}`;
    stroke += `${start === null ? 'M' : 'L'}${place}`;
    fill += `${start === null ? 'M' : 'L'}${place}`;
    start ??= end;
  }
  finish();
  return { stroke, fill };
}

function nearest(points: readonly PlotPoint[], at: number): PlotPoint | undefined {
  return points.reduce<PlotPoint | undefined>(
    (best, point) => (best && Math.abs(best.at - at) <= Math.abs(point.at - at) ? best : point),
    undefined,
  );
}
