import { expect, it } from 'vitest';
import { unknownMachine } from '../../../domain/telemetry/machine-state.ts';
import { sample } from '../../../domain/testing/builders.ts';
import { windowOf } from '../../session/chart-window.ts';
import { fitted, moved, windowRange, zoomed } from './chart-view.ts';

const minute = 60_000;
const bounds = { since: 0, until: 60 * minute };

it('zooms around a moment, which stays where it is', () => {
  const range = { since: 10 * minute, until: 20 * minute };
  expect(zoomed(range, 0.5, 12 * minute, bounds)).toEqual({ since: 11 * minute, until: 16 * minute });
});

it('shows no time that is still to come or was never kept', () => {
  expect(zoomed({ since: 50 * minute, until: 60 * minute }, 2, 55 * minute, bounds)).toEqual({
    since: 40 * minute,
    until: 60 * minute,
  });
  expect(moved({ since: 5 * minute, until: 10 * minute }, -20 * minute, bounds)).toEqual({
    since: 0,
    until: 5 * minute,
  });
  expect(fitted({ since: -minute, until: 90 * minute }, bounds)).toEqual(bounds);
});

it('does not zoom into less than there are samples for', () => {
  const { since, until } = fitted({ since: 30 * minute, until: 30 * minute + 5 }, bounds);
  expect(until - since).toBe(10_000);
});

it('shows everything that is kept, however much that is', () => {
  const series = { machine: unknownMachine, older: [], recent: [sample(10 * minute)] };
  expect(windowRange(windowOf('all'), series, 50 * minute)).toEqual({
    since: 10 * minute,
    until: 50 * minute,
  });
  expect(windowRange(windowOf('6h'), series, 0)).toEqual({ since: -360 * minute, until: 0 });
});
