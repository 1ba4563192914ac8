import { render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { sample } from '../../domain/testing/builders.ts';
import { gpuReading } from './readings.ts';
import { UsageChart } from './usage-chart.tsx';

const gib = 1024 ** 3;

const only = { place: 0, number: null, model: null };

function renderChart(metric: 'load' | 'vram', newest: TelemetrySample, silentFor: number | null = null) {
  render(
    <UsageChart
      metric={metric}
      title="Something"
      reading={gpuReading(metric, only, newest, 'binary')}
      silentFor={silentFor}
      points={[]}
      range={{ since: 0, until: 300_000 }}
      isLive
    />,
  );
  return screen.getByRole('figure');
}

function gpu(loadPercent: number | null, vramUsed: number | null = null, vramTotal: number | null = null) {
  return { loadPercent, temperatureC: null, vramUsed, vramTotal, powerWatts: null };
}

it('gives its current value as a figure and as the name of the drawing', () => {
  const figure = renderChart('load', sample(0, 42));
  within(figure).getByText('42%');
  within(figure).getByRole('img', { name: 'GPU load: 42%' });
});

it('adds sizes to a memory chart', () => {
  const newest = { ...sample(0), gpus: [gpu(null, 6 * gib, 24 * gib)] };
  const figure = renderChart('vram', newest);
  within(figure).getByText('6.0 GiB of 24.0 GiB');
  within(figure).getByRole('img', { name: 'VRAM: 6.0 GiB of 24.0 GiB, 25%' });
});

it('shows a dash for what was not measured, never zero', () => {
  const figure = renderChart('load', sample(0, null));
  within(figure).getByText('–');
  within(figure).getByRole('img', { name: 'GPU load: not measured' });
});

it('takes an old value back, and says what it was', () => {
  const figure = renderChart('load', sample(0, 42), 12_000);
  within(figure).getByText('–');
  expect(within(figure).queryByText('42%')).toBeNull();
  within(figure).getByRole('img', { name: 'GPU load: no data for 12 s, last 42%' });
});

it('labels both axes', () => {
  const figure = renderChart('load', sample(0, 42));
  const labels = [...figure.querySelectorAll('svg text')].map((label) => label.textContent);
  expect(labels).toEqual(['5 min ago', '2½ min', 'now', '0%', '50%', '100%']);
});
