import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitBounds, type Rectangle } from './window-bounds.ts';

const main: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const left: Rectangle = { x: -1920, y: 0, width: 1920, height: 1040 };
const window: Rectangle = { x: 100, y: 100, width: 1100, height: 780 };

describe('a window that comes back', () => {
  it('stays where it was, on whichever display', () => {
    expect(fitBounds(window, [main])).toEqual(window);
    const onLeft = { ...window, x: -1500 };
    expect(fitBounds(onLeft, [main, left])).toEqual(onLeft);
  });

  it('may lie on two displays or hang over an edge', () => {
    const across = { ...window, x: -400 };
    expect(fitBounds(across, [main, left])).toEqual(across);
    const over = { ...window, x: 1200 };
    expect(fitBounds(over, [main])).toEqual(over);
  });

  it('is in the middle of the main display when its own is gone', () => {
    expect(fitBounds({ ...window, x: -1500 }, [main])).toEqual({ ...window, x: 170, y: 73 });
    expect(fitBounds({ ...window, x: 9_000, y: 9_000 }, [main, left])).toEqual({ ...window, x: 170, y: 73 });
  });

  it('shrinks with a smaller display', () => {
    const small = { x: 0, y: 0, width: 1024, height: 600 };
    expect(fitBounds(window, [small])).toEqual({ x: 100, y: 100, width: 1024, height: 600 });
    expect(fitBounds({ ...window, x: 1000 }, [small])).toEqual(small);
  });

  it('is pulled back when its upper edge cannot be reached', () => {
    expect(fitBounds({ ...window, y: -300 }, [main])).toEqual({ ...window, y: 25 });
    expect(fitBounds({ ...window, x: 1430 }, [main])).toEqual({ ...window, x: 340 });
    expect(fitBounds({ ...window, x: -1090 }, [main])).toEqual({ ...window, x: 0 });
  });

  it('stays where it was when nothing is known of displays', () => {
    expect(fitBounds(window, [])).toEqual(window);
  });

  it('can always be taken hold of', () => {
    const place = fc.integer({ min: -5_000, max: 5_000 });
    const length = fc.integer({ min: 300, max: 4_000 });
    const rectangle = fc.record({ x: place, y: place, width: length, height: length });
    fc.assert(
      fc.property(rectangle, fc.array(rectangle, { minLength: 1, maxLength: 4 }), (wanted, displays) => {
        const { x, y, width } = fitBounds(wanted, displays);
        return displays.some(
          (display) =>
            y >= display.y &&
            y < display.y + display.height &&
            Math.min(x + width, display.x + display.width) - Math.max(x, display.x) >= 100,
        );
      }),
    );
  });
});
