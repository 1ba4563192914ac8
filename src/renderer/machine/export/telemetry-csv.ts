import { gpuTitle, type NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import type {
  Range,
  TelemetryMinute,
  TelemetrySample,
  TelemetrySeries,
} from '../../../domain/telemetry/telemetry.ts';
import type { TimeRange } from '../plots/plot-points.ts';

type Sample = TelemetrySample | TelemetryMinute;

interface Column {
  name: string;
  value: (sample: Sample) => number | null;
}

/**
 * All that is kept of a stretch of time, as CSV (RFC 4180, UTF-8): a line for each sample, and for each minute of which
 * only the mean is kept, with its extremes. Its words are those of programs, the same in every language: times in ISO
 * 8601, a point before decimals, sizes in bytes. `wallTime` makes a time of the wall of one of the series', ms.
 */
export function telemetryCsv(
  series: TelemetrySeries,
  { since, until }: TimeRange,
  gpus: readonly NamedGpu[],
  wallTime: (at: number) => number,
): string {
  const samples: Sample[] = [...series.older, ...series.recent].filter(
    ({ at }) => since <= at && at <= until,
  );
  const columns = [...gpus.flatMap(gpuColumns), ...machineColumns];
  const lines = samples.map((sample) =>
    [
      new Date(wallTime(sample.at)).toISOString(),
      'ranges' in sample ? 'minute' : 'sample',
      ...columns.map(({ value }) => numberField(value(sample))),
    ].join(','),
  );
  const head = ['time', 'kind', ...columns.map(({ name }) => textField(name))].join(',');
  // Spreadsheets take a file for one of their own alphabet unless it says that it is Unicode.
  return `\uFEFF${[head, ...lines].join('\r\n')}\r\n`;
}

function gpuColumns(gpu: NamedGpu): Column[] {
  const { place, model } = gpu;
  const title = model === null ? gpuTitle(gpu) : `${gpuTitle(gpu)} ${model}`;
  const load = (sample: Sample) => rangesOf(sample)?.gpus[place]?.loadPercent ?? null;
  const vram = (sample: Sample) => rangesOf(sample)?.gpus[place]?.vramUsed ?? null;
  return [
    ...extremes(`${title} load`, '%', load, ({ gpus }) => gpus[place]?.loadPercent ?? null),
    { name: `${title} temperature (°C)`, value: ({ gpus }) => gpus[place]?.temperatureC ?? null },
    { name: `${title} power (W)`, value: ({ gpus }) => gpus[place]?.powerWatts ?? null },
    ...extremes(`${title} VRAM used`, 'bytes', vram, ({ gpus }) => gpus[place]?.vramUsed ?? null),
    { name: `${title} VRAM total (bytes)`, value: ({ gpus }) => gpus[place]?.vramTotal ?? null },
  ];
}

const machineColumns: readonly Column[] = [
  { name: 'CPU (%)', value: ({ cpuPercent }) => cpuPercent },
  ...extremes(
    'RAM used',
    'bytes',
    (sample) => rangesOf(sample)?.ramUsed ?? null,
    ({ ramUsed }) => ramUsed,
  ),
  { name: 'RAM total (bytes)', value: ({ ramTotal }) => ramTotal },
  { name: 'disk used (bytes)', value: ({ diskUsed }) => diskUsed },
  { name: 'disk total (bytes)', value: ({ diskTotal }) => diskTotal },
];

/** A figure with its extremes, which are itself where nothing moved. */
function extremes(
  name: string,
  unit: string,
  range: (sample: Sample) => Range,
  value: Column['value'],
): Column[] {
  return [
    { name: `${name} (${unit})`, value },
    { name: `${name} lowest (${unit})`, value: (sample) => range(sample)?.[0] ?? value(sample) },
    { name: `${name} highest (${unit})`, value: (sample) => range(sample)?.[1] ?? value(sample) },
  ];
}

function rangesOf(sample: Sample): TelemetryMinute['ranges'] | null {
  return 'ranges' in sample ? sample.ranges : null;
}

function numberField(value: number | null): string {
  return value === null ? '' : String(value);
}

/** What comes from a driver must not become a formula where the file is opened. */
function textField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
