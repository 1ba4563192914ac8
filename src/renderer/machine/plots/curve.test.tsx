import { act, fireEvent, render } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { CrosshairContext, createCrosshair } from './crosshair.ts';
import { Curve } from './curve.tsx';
import type { PlotPoint } from './plot-points.ts';

const range = { since: 1_000, until: 1_100 };

/** A curve of the second of two lines, from 0 to 100 ms. */
function renderCurve(values: readonly (readonly [at: number, value: number | null, high?: number])[]) {
  const points = values.map(([at, value, high = value]): PlotPoint => {
    return { at: 1_000 + at, values: [1, value], lows: [1, value], highs: [1, high ?? null] };
  });
  const actions = { zoom: vi.fn(), reset: vi.fn() };
  const crosshair = createCrosshair(actions);
  const { container } = render(
    <CrosshairContext value={crosshair}>
      <Curve metric="load" points={points} line={1} range={range} />
    </CrosshairContext>,
  );
  const path = (name: string) => container.querySelector(`.curve-${name}`)?.getAttribute('d');
  const curve = container.querySelector('.curve') ?? container;
  vi.spyOn(curve, 'getBoundingClientRect').mockReturnValue(new DOMRect(10, 0, 200, 20));
  return { curve, path, crosshair, ...actions, cursor: () => container.querySelector('.curve-cursor') };
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
  expect(path('band')).toBe('');
});

it('draws one value alone as a dot, so that it is not lost between gaps', () => {
  const { path } = renderCurve([
    [0, null],
    [20, 60],
    [40, null],
  ]);
  expect(path('line')).toBe('M20.0 40.0h0');
});

it('shows how low and how high a line was where a point stands for more than one value', () => {
  const { path } = renderCurve([
    [0, 50, 50],
    [50, 60, 90],
    [60, null],
    [100, 10, 10],
  ]);
  expect(path('band')).toBe('M0.0 50.0L50.0 10.0L50.0 40.0L0.0 50.0Z');
});

it('draws nothing of a line that was never measured', () => {
  const { path } = renderCurve([
    [0, null],
    [50, null],
  ]);
  expect([path('line'), path('fill'), path('band')]).toEqual(['', '', '']);
});

it('has the crosshair of all curves at the pointer until that is gone', () => {
  const { curve, crosshair, cursor } = renderCurve([[0, 50]]);
  fireEvent.pointerMove(curve, { clientX: 60 });
  expect(crosshair.getState().at).toBe(1_025);
  expect(cursor()?.getAttribute('style')).toBe('left: 25%;');
  act(() => crosshair.setState({ at: 1_050 }));
  expect(cursor()?.getAttribute('style')).toBe('left: 50%;');
  fireEvent.pointerLeave(curve);
  expect(cursor()).toBeNull();
});

it('zooms into what is dragged over, in either direction, and back by a double click', () => {
  const { curve, zoom, reset } = renderCurve([[0, 50]]);
  fireEvent.pointerDown(curve, { clientX: 160, button: 0 });
  fireEvent.pointerMove(curve, { clientX: 60 });
  fireEvent.pointerUp(curve, { clientX: 60 });
  expect(zoom.mock.calls).toEqual([[{ since: 1_025, until: 1_075 }]]);
  fireEvent.doubleClick(curve);
  expect(reset).toHaveBeenCalledOnce();
});

it('does not take a click for a drag, and leaves fingers to scroll the page', () => {
  const { curve, zoom } = renderCurve([[0, 50]]);
  fireEvent.pointerDown(curve, { clientX: 60, button: 0 });
  fireEvent.pointerUp(curve, { clientX: 62 });
  fireEvent.pointerDown(curve, { clientX: 60, button: 0, pointerType: 'touch' });
  fireEvent.pointerUp(curve, { clientX: 160, pointerType: 'touch' });
  expect(zoom).not.toHaveBeenCalled();
});
