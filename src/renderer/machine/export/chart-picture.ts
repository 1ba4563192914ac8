import { formatDate, formatPercent } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import { axisNames } from '../plots/axis-names.ts';
import { curvePaths } from '../plots/curve-paths.ts';
import type { ShownLine } from '../plots/shown-lines.ts';
import type { Plots } from '../plots/use-plots.ts';
import { lineSummary } from './line-summary.ts';

/** Sizes in px of a picture drawn twice as fine. */
const width = 1_200;
const fineness = 2;
const margin = 32;
const between = 28;
const head = 76;
const plotHeight = 120;
/** A plot with its title and its times. */
const rowHeight = plotHeight + 68;
const axis = 44;

/** A picture of the curves as they are shown, in the colours of `place`; null where the browser cannot draw one. */
export async function chartPicture(
  server: string,
  plots: Plots,
  lines: readonly ShownLine[],
  place: Element,
): Promise<Blob | null> {
  const columns = lines.length > 3 ? 2 : 1;
  const height = head + Math.ceil(lines.length / columns) * rowHeight + margin;
  const canvas = document.createElement('canvas');
  canvas.width = width * fineness;
  canvas.height = height * fineness;
  const context = canvas.getContext('2d');
  if (!context) return null;
  const color = colorsOf(place);
  context.scale(fineness, fineness);
  context.fillStyle = color('--surface');
  context.fillRect(0, 0, width, height);
  const write = writer(context, getComputedStyle(place).fontFamily);
  const time = (at: number) => formatDate(wallTimeOf(at));
  const { since, until } = plots.range;
  const title = t('machine.picture.title', { server, since: time(since), until: time(until) });
  write(title, margin, 40, { size: 20, weight: 600, color: color('--text') });
  write(t('machine.picture.jobs'), margin, 60, { size: 12, color: color('--text-faint') });
  const plotWidth = (width - 2 * margin - (columns - 1) * between) / columns;
  lines.forEach((line, index) => {
    const x = margin + (index % columns) * (plotWidth + between);
    const y = head + Math.floor(index / columns) * rowHeight;
    drawPlot({ context, write, color, plots, line, x, y, width: plotWidth });
  });
  return await new Promise((done) => canvas.toBlob(done, 'image/png'));
}

interface PlotDrawing {
  context: CanvasRenderingContext2D;
  write: Write;
  color: (name: string) => string;
  plots: Plots;
  line: ShownLine;
  x: number;
  y: number;
  width: number;
}

function drawPlot({ context, write, color, plots, line, x, y, width }: PlotDrawing): void {
  const faint = color('--text-faint');
  const [left, top, right] = [x + axis, y + 34, x + width];
  const model = line.gpu?.model ?? null;
  write(model === null ? line.name : `${line.name} · ${model}`, x, y + 18, {
    size: 14,
    weight: 500,
    color: color('--text'),
  });
  write(summaryText(line), right, y + 18, { size: 12, color: faint, align: 'right' });
  for (const percent of [0, 50, 100]) {
    const at = top + plotHeight * (1 - percent / 100);
    write(formatPercent(percent), left - 6, at + 4, { size: 11, color: faint, align: 'right' });
    context.fillStyle = color('--line');
    context.fillRect(left, Math.round(at), right - left, 1);
  }
  const names = axisNames(plots.range, false);
  const below = top + plotHeight + 18;
  write(names.begin, left, below, { size: 11, color: faint });
  write(names.middle, (left + right) / 2, below, { size: 11, color: faint, align: 'center' });
  write(names.end, right, below, { size: 11, color: faint, align: 'right' });

  const placed = (path: string): Path2D => {
    const own = new Path2D();
    const scale = [(right - left) / 100, 0, 0, plotHeight / 100, left, top];
    own.addPath(new Path2D(path), new DOMMatrix(scale));
    return own;
  };
  context.save();
  context.beginPath();
  context.rect(left, top - 1, right - left, plotHeight + 2);
  context.clip();
  const fill = (path: string, style: string, alpha: number) => {
    context.globalAlpha = alpha;
    context.fillStyle = style;
    context.fill(placed(path));
  };
  const stroke = (path: string, style: string, alpha: number, thickness: number) => {
    context.globalAlpha = alpha;
    context.strokeStyle = style;
    context.lineWidth = thickness;
    context.stroke(placed(path));
  };
  context.lineCap = 'round';
  context.lineJoin = 'round';
  fill(plots.spans.areas, faint, 0.13);
  stroke(plots.spans.edges, faint, 0.3, 1);
  stroke(plots.spans.failed, color('--bad'), 0.5, 1);
  stroke(plots.spans.stopped, faint, 0.5, 1);
  const own = color(`--line-${line.metric}`);
  const paths = curvePaths(line.points, line.line, plots.range);
  fill(paths.fill, own, 0.12);
  fill(paths.band, own, 0.3);
  stroke(paths.line, own, 1, 1.6);
  context.restore();
}

function summaryText({ points, line }: ShownLine): string {
  const { lowest, mean, highest } = lineSummary(points, line);
  if (lowest === null || mean === null || highest === null) return t('machine.not_measured');
  return t('machine.picture.range', {
    lowest: formatPercent(lowest),
    mean: formatPercent(mean),
    highest: formatPercent(highest),
  });
}

interface Writing {
  size: number;
  color: string;
  weight?: number;
  align?: CanvasTextAlign;
}

type Write = (text: string, x: number, y: number, writing: Writing) => void;

function writer(context: CanvasRenderingContext2D, family: string): Write {
  return (text, x, y, { size, color, weight = 400, align = 'left' }) => {
    context.font = `${weight} ${size}px ${family}`;
    context.fillStyle = color;
    context.textAlign = align;
    context.fillText(text, x, y);
  };
}

/** The colours of the page's theme by their names: what a variable stands for depends on light or dark. */
function colorsOf(place: Element): (name: string) => string {
  const probe = document.createElement('span');
  place.append(probe);
  const known = new Map<string, string>();
  for (const name of colorNames) {
    probe.style.color = `var(${name})`;
    known.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return (name) => known.get(name) ?? 'currentColor';
}

const colorNames = [
  '--surface',
  '--text',
  '--text-faint',
  '--line',
  '--bad',
  '--line-load',
  '--line-vram',
  '--line-ram',
];
