import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { unknownMachine } from '../../domain/telemetry/machine-state.ts';
import { event, gpuState, sample, stateAfter } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { MachinePanel } from './machine-panel.tsx';

const start = 1_700_000_000_000;
const second = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});

/** A minute of samples, each second one; the load says which, and nothing came from 20 to 30 s ago. */
async function renderMinute() {
  const machine = { ...unknownMachine, gpus: [gpuState()] };
  const events = Array.from({ length: 60 }, (_, n) => 59 - n)
    .filter((ago) => ago < 20 || ago > 30)
    .map((ago): MonitorEvent => {
      const at = start - ago * second;
      const gpu = { ...sample(at, ago).gpus[0], loadPercent: ago, temperatureC: 40 + ago, powerWatts: 300 };
      const gpus = [{ vramUsed: null, vramTotal: null, ...gpu }];
      return event(at, 'telemetry_sampled', { sample: { ...sample(at), gpus }, machine });
    });
  await renderPart(<MachinePanel serverId="s" />, { state: stateAfter(...events) });
  const slider = screen.getByRole('slider', { name: 'Moment in the charts' });
  const head = () => screen.getByRole('img', { name: /^GPU load/ }).closest('figure')?.textContent ?? '';
  const press = (key: string, options = {}) =>
    act(async () => fireEvent.keyDown(slider, { key, ...options }));
  return { slider, head, press, text: () => slider.getAttribute('aria-valuetext') ?? '' };
}

const timeOf = (at: number) => new Date(at).toLocaleTimeString('en-GB');

it('tells the newest values until a moment is pointed at', async () => {
  const { text, head } = await renderMinute();
  expect(text()).toBe('Newest values');
  expect(head()).toMatch(/^GPU40 °C300 W0%/);
});

it('goes through time by arrow keys, and tells what was measured then', async () => {
  const { press, text, head } = await renderMinute();
  // A hundredth of five minutes.
  await press('ArrowLeft');
  expect(text()).toBe(`${timeOf(start - 3 * second)}, GPU load 3%`);
  expect(head()).toMatch(/^GPU43 °C300 W3%/);
  await press('ArrowLeft', { shiftKey: true });
  await press('ArrowLeft');
  await press('ArrowRight');
  expect(text()).toBe(`${timeOf(start - 33 * second)}, GPU load 33%`);
  await press('Escape');
  expect(text()).toBe('Newest values');
});

it('tells of a gap that nothing was measured', async () => {
  const { press, text, head } = await renderMinute();
  for (let n = 0; n < 8; n += 1) await press('ArrowLeft');
  expect(text()).toBe(`${timeOf(start - 24 * second)}, nothing measured`);
  expect(head()).toMatch(/^GPU–/);
});

it('zooms and goes on beyond the edge by keys, and shows all again', async () => {
  const { press, text } = await renderMinute();
  const marks = () =>
    [...document.querySelectorAll('.chart-tick')].slice(0, 3).map((mark) => mark.textContent);
  expect(marks()).toEqual(['5 min ago', '2½ min', 'now']);
  await press('+');
  await press('+');
  await press('+');
  expect(marks()).toEqual([37_500, 18_750, 0].map((ago) => timeOf(start - ago)));
  await press('Home');
  await press('ArrowLeft');
  expect(text()).toContain(timeOf(start - 38_500));
  expect(marks()[0]).toBe(timeOf(start - 38_500));
  await press('0');
  expect(marks()).toEqual(['5 min ago', '2½ min', 'now']);
});

it('offers a way back from a zoom, and another window is one, too', async () => {
  const { press } = await renderMinute();
  expect(screen.queryByRole('button', { name: 'Reset zoom' })).toBeNull();
  await act(async () => screen.getByRole('button', { name: 'Zoom in' }).click());
  await act(async () => screen.getByRole('button', { name: 'Reset zoom' }).click());
  expect(screen.queryByRole('button', { name: 'Reset zoom' })).toBeNull();
  await press('+');
  await act(async () => screen.getByRole('radio', { name: 'Last 6 hours' }).click());
  expect(screen.queryByRole('button', { name: 'Reset zoom' })).toBeNull();
});

it('tells the curves as a table to who wants them in figures', async () => {
  await renderMinute();
  await act(async () => screen.getByRole('button', { name: 'Show as a table' }).click());
  const row = within(screen.getByRole('table')).getByRole('row', { name: /^GPU load/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  ).toEqual(['0%', '31%', '59%']);
});
