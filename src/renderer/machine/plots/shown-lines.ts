import type { NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import { t } from '../../../language/t.ts';
import { gpuLineName, type Metric } from '../readings.ts';
import type { PlotPoint } from './plot-points.ts';
import type { Plots } from './use-plots.ts';

/** One of the lines that are shown. */
export interface ShownLine {
  /** For example `GPU 1 load`. */
  name: string;
  metric: Metric;
  points: readonly PlotPoint[];
  /** Which of the points' values it is. */
  line: number;
  /** Null for RAM. */
  gpu: NamedGpu | null;
}

/** All lines of the plots, in the order in which they are shown. */
export function shownLines({ points }: Plots, gpus: readonly NamedGpu[]): ShownLine[] {
  const ofGpus = gpus.flatMap((gpu, line) =>
    (['load', 'vram'] as const).flatMap((metric): ShownLine[] => {
      const own = points[metric];
      return own ? [{ name: gpuLineName(metric, gpu), metric, points: own, line, gpu }] : [];
    }),
  );
  const { ram } = points;
  return ram
    ? [...ofGpus, { name: t('machine.ram'), metric: 'ram', points: ram, line: 0, gpu: null }]
    : ofGpus;
}
