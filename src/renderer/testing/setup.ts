/** What every test of the page needs. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import { hearHostTime } from '../ui/clock.ts';

learnAllLanguages();

// How long conditions are waited for says only how slow a machine may be.
configure({ asyncUtilTimeout: 10_000 });

// Nothing is laid out here; charts draw only into a place of some size.
HTMLElement.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 320, 100);

// So all of it counts as in view.
globalThis.IntersectionObserver = class extends IntersectionObserver {
  readonly #hear: IntersectionObserverCallback;
  constructor(hear: IntersectionObserverCallback) {
    super(hear);
    this.#hear = hear;
  }
  override observe(target: Element): void {
    const box = target.getBoundingClientRect();
    const whole = { boundingClientRect: box, intersectionRect: box, rootBounds: null };
    this.#hear([{ ...whole, target, isIntersecting: true, intersectionRatio: 1, time: 0 }], this);
  }
};

afterEach(() => {
  cleanup();
  setLanguage('en');
  // What a page chose is in its address.
  history.replaceState(null, '', '/');
  vi.useRealTimers();
  // Modules are shared by all test files: the next page would go by a clock of this one.
  hearHostTime(Date.now(), true);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
