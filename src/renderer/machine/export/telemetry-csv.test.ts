import { expect, it } from 'vitest';
import { unknownMachine } from '../../../domain/telemetry/machine-state.ts';
import type { TelemetrySeries } from '../../../domain/telemetry/telemetry.ts';
import { sample } from '../../../domain/testing/builders.ts';
import { telemetryCsv } from './telemetry-csv.ts';

const gpu = { loadPercent: 50, temperatureC: 61, vramUsed: 6, vramTotal: 24, powerWatts: 300.5 };
const series: TelemetrySeries = {
  machine: unknownMachine,
  older: [
    {
      ...sample(60_000),
      gpus: [gpu],
      ranges: { ramUsed: null, gpus: [{ loadPercent: [3, 99], vramUsed: null }] },
    },
  ],
  recent: [
    { ...sample(120_000), gpus: [{ ...gpu, loadPercent: null }], cpuPercent: 7 },
    { ...sample(500_000), gpus: [gpu] },
  ],
};
const named = { place: 0, number: 1, model: 'RTX 4090' };

/** The fields of each line by their names. */
function read(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.replace('\uFEFF', '').trimEnd().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, n) => [names[n] ?? '', field])));
}

it('has every sample of the time shown, with units, and nothing of another time', () => {
  const lines = read(telemetryCsv(series, { since: 60_000, until: 200_000 }, [named], (at) => at));
  expect(lines.map(({ time, kind }) => [time, kind])).toEqual([
    ['1970-01-01T00:01:00.000Z', 'minute'],
    ['1970-01-01T00:02:00.000Z', 'sample'],
  ]);
  expect(lines[0]).toMatchObject({
    'GPU 1 RTX 4090 load (%)': '50',
    'GPU 1 RTX 4090 load lowest (%)': '3',
    'GPU 1 RTX 4090 load highest (%)': '99',
    'GPU 1 RTX 4090 power (W)': '300.5',
    'GPU 1 RTX 4090 VRAM used highest (bytes)': '6',
  });
});

it('leaves empty what was not measured, and never says zero', () => {
  const [, line] = read(telemetryCsv(series, { since: 0, until: 200_000 }, [named], (at) => at));
  expect(line).toMatchObject({ 'GPU 1 RTX 4090 load (%)': '', 'CPU (%)': '7', 'RAM used (bytes)': '' });
});

it('tells the times of the clock on the wall', () => {
  const [line] = read(telemetryCsv(series, { since: 0, until: 100_000 }, [], (at) => at + 3_600_000));
  expect(line?.time).toBe('1970-01-01T01:01:00.000Z');
});

it('lets no name of a GPU break the table', () => {
  const csv = telemetryCsv(series, { since: 0, until: 0 }, [{ ...named, model: 'A "B", C' }], (at) => at);
  expect(csv).toContain(',"GPU 1 A ""B"", C load (%)",');
});
