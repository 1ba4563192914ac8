import type { Page } from 'playwright-core';

/** What moved on a page by itself. */
export interface LayoutShifts {
  /** Sum of all scores of layout shifts, and that of the worst five seconds, as Web Vitals count. */
  sum: number;
  cumulative: number;
  /** What moved most, by class, with the scores of the shifts that it had part in. */
  moved: Record<string, number>;
}

/** Watches a page for so long, ms. */
export function layoutShifts(page: Page, time: number): Promise<LayoutShifts> {
  return page.evaluate(async (duration) => {
    const shifts: { at: number; score: number }[] = [];
    const moved = new Map<string, number>();
    // By names alone: benchmarks, which use it as well, know no types of browsers.
    const nameOf = (node: unknown): string => {
      for (let at = node; at instanceof Object; at = Reflect.get(at, 'parentElement')) {
        const name = Reflect.get(at, 'className');
        if (typeof name === 'string' && name !== '') return `.${name.replaceAll(' ', '.')}`;
      }
      return 'gone';
    };
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const score = Reflect.get(entry, 'value');
        const sources = Reflect.get(entry, 'sources');
        if (typeof score !== 'number' || Reflect.get(entry, 'hadRecentInput') === true) continue;
        shifts.push({ at: entry.startTime, score });
        const names: string[] = Array.isArray(sources)
          ? sources.map((source: object) => nameOf(Reflect.get(source, 'node')))
          : [];
        for (const name of new Set(names)) moved.set(name, (moved.get(name) ?? 0) + score);
      }
    });
    Reflect.apply(observer.observe, observer, [{ entryTypes: ['layout-shift'] }]);
    await new Promise((done) => setTimeout(done, duration));
    observer.disconnect();
    // Sessions as Web Vitals have them: less than a second between shifts, five at most.
    let cumulative = 0;
    let session = { from: 0, last: 0, sum: 0 };
    for (const { at, score } of shifts) {
      const goes = at - session.last < 1_000 && at - session.from < 5_000;
      session = goes
        ? { ...session, last: at, sum: session.sum + score }
        : { from: at, last: at, sum: score };
      cumulative = Math.max(cumulative, session.sum);
    }
    const round = (value: number) => Math.round(value * 10_000) / 10_000;
    const most = [...moved].sort((a, b) => b[1] - a[1]).slice(0, 12);
    return {
      sum: round(shifts.reduce((total, { score }) => total + score, 0)),
      cumulative: round(cumulative),
      moved: Object.fromEntries(most.map(([name, score]) => [name, round(score)])),
    };
  }, time);
}
