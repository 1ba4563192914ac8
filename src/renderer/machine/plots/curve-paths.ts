import type { PlotPoint, TimeRange } from './plot-points.ts';

/** What is drawn of a line, as paths of SVG in a square of 100 whose height stands for 0–100 %. */
export interface CurvePaths {
  line: string;
  /** The area below it. */
  fill: string;
  /** From the lowest to the highest, where a point stands for more than one value. */
  band: string;
}

/** So many percent apart, lowest and highest can be told from the line. */
const visible = 1;

/** The paths of one of the points' lines. They break where nothing was measured. */
export function curvePaths(points: readonly PlotPoint[], line: number, range: TimeRange): CurvePaths {
  const paths: CurvePaths = { line: '', fill: '', band: '' };
  let run: Place[] = [];
  const finish = () => {
    draw(paths, run);
    run = [];
  };
  for (const point of points) {
    const value = point.values[line] ?? null;
    if (value === null) {
      finish();
      continue;
    }
    const x = placeOf(point.at, range).toFixed(1);
    run.push({ x, y: value, low: point.lows[line] ?? value, high: point.highs[line] ?? value });
  }
  finish();
  return paths;
}

/** Where a time is, 0–100 from left to right. */
export function placeOf(at: number, { since, until }: TimeRange): number {
  return ((at - since) / (until - since)) * 100;
}

interface Place {
  x: string;
  y: number;
  low: number;
  high: number;
}

function draw(paths: CurvePaths, run: readonly Place[]): void {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return;
  const line = through(run.map(({ x, y }) => ({ x, y })));
  // One value alone is a dot.
  paths.line += run.length === 1 ? `${line}h0` : line;
  if (run.length > 1) paths.fill += `${line}L${last.x} 100L${first.x} 100Z`;
  if (!run.some(({ low, high }) => high - low >= visible)) return;
  const highs = run.map(({ x, high }) => ({ x, y: high }));
  const lows = run.map(({ x, low }) => ({ x, y: low })).reverse();
  paths.band += `${through([...highs, ...lows])}Z`;
}

function through(places: readonly { x: string; y: number }[]): string {
  return `M${places.map(({ x, y }) => `${x} ${(100 - y).toFixed(1)}`).join('L')}`;
}
