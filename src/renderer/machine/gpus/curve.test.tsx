import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { PlotPoint } from '../plot-points.ts';
import { Curve } from './curve.tsx';

const span = 100;

/** A curve of the second of two lines, from 0 to 100 ms. */
function renderCurve(values: readonly (readonly [at: number, value: number | null])[]) {
  const points = values.map(([at, value]): PlotPoint => ({ at, values: [1, value] }));
  const { container } = render(
    <Curve metric="load" name="GPU 1 load" points={points} line={1} until={span} span={span} />,
  );
  const path = (name: string) => container.querySelector(`.curve-${name}`)?.getAttribute('d');
  return { curve: container.querySelector('.curve') ?? container, path };
}

it('draws what was measured of its line, and breaks where nothing was', () => {
  const { path } = renderCurve([
    [0, 50],
    [20, 60],
    [40, null],
    [60, 10],
    [100, 0],
  ]);
  expect(path('line')).toBe('M0.0 50.0L20.0 40.0M60.0 90.0L100.0 100.0');
  // Both parts reach down to their own ends.
  expect(path('fill')).toBe(
    'M0.0 50.0L20.0 40.0L20.0 100L0.0 100ZM60.0 90.0L100.0 100.0L100.0 100L60.0 100Z',
  );
});

it('tells the value at the pointer until that is gone', () => {
  const { curve } = renderCurve([
    [0, 50],
    [50, 60],
    [100, 70],
  ]);
  vi.spyOn(curve, 'getBoundingClientRect').mockReturnValue(new DOMRect(10, 0, 200, 20));
  fireEvent.pointerMove(curve, { clientX: 100 });
  screen.getByText('60%');
  fireEvent.pointerMove(curve, { clientX: 205 });
  screen.getByText('70%');
  fireEvent.pointerLeave(curve);
  expect(screen.queryByText(/%/)).toBeNull();
});

it('draws nothing of a line that was never measured', () => {
  const { path } = renderCurve([
    [0, null],
    [50, null],
  ]);
  expect([path('line'), path('fill')]).toEqual(['', '']);
});
