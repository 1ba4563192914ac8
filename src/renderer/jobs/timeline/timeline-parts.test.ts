import { describe, expect, it } from 'vitest';
import type { TimelineNode } from '../../../domain/jobs/outlook/timeline.ts';
import { timelineParts } from './timeline-parts.ts';

function node(nodeId: string, known: Partial<TimelineNode> = {}): TimelineNode {
  return {
    nodeId,
    title: `Node ${nodeId}`,
    classType: null,
    state: 'waiting',
    startedAfterMs: null,
    tookMs: null,
    usualMs: null,
    fraction: 0,
    ...known,
  };
}

const done = (id: string, startedAfterMs: number, tookMs: number, usualMs: number | null = null) =>
  node(id, { state: 'done', startedAfterMs, tookMs, usualMs });
const running = (id: string, startedAfterMs: number, tookMs: number, usualMs: number | null = null) =>
  node(id, { state: 'running', startedAfterMs, tookMs, usualMs });
const waiting = (id: string, usualMs: number | null) => node(id, { usualMs });

describe('the parts of a timeline', () => {
  it('are as wide as nodes took, or usually take if that is longer', () => {
    const parts = timelineParts([
      done('1', 0, 4_000, 2_000),
      running('2', 4_000, 5_000, 20_000),
      waiting('3', 6_000),
    ]);
    expect(parts.map(({ weight }) => weight)).toEqual([4_000, 20_000, 6_000]);
    expect(parts[0]?.lanes[0]).toMatchObject({ spent: 1, usual: 0.5, isSlow: true });
    expect(parts[1]?.lanes[0]).toMatchObject({ spent: 0.25, usual: 1, isSlow: false });
    expect(parts[2]?.lanes[0]).toMatchObject({ spent: 0, usual: 1 });
  });

  it('give no room to cached nodes, and a little to those of which nothing is known', () => {
    const parts = timelineParts([
      node('1', { state: 'cached', fraction: 1 }),
      running('2', 0, 9_000),
      waiting('3', null),
    ]);
    expect(parts.map(({ key }) => key)).toEqual(['2', '3']);
    expect(parts[1]?.weight).toBeGreaterThan(0);
    expect(parts[1]?.weight).toBeLessThan(1_000);
    expect(parts[1]?.lanes[0]?.usual).toBeNull();
  });

  it('leave room for the steps that a running node has left, though it never ran before', () => {
    const [part] = timelineParts([
      node('1', { state: 'running', startedAfterMs: 0, tookMs: 5_000, fraction: 0.25 }),
    ]);
    expect(part?.weight).toBe(20_000);
    expect(part?.lanes[0]).toMatchObject({ spent: 0.25, usual: null });
  });

  it('leave most of the room to what took time, however many others are not known', () => {
    const others = Array.from({ length: 300 }, (_, n) => waiting(`w${n}`, null));
    const parts = timelineParts([running('1', 0, 9_000), ...others]);
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    expect((parts[0]?.weight ?? 0) / total).toBeGreaterThan(0.6);
  });

  it('show nodes that run at the same time side by side', () => {
    const [together, ...others] = timelineParts([running('1', 0, 8_000), running('2', 4_000, 4_000)]);
    expect(others).toEqual([]);
    expect(together?.lanes.map(({ start, spent }) => [start, spent])).toEqual([
      [0, 1],
      [0.5, 0.5],
    ]);
  });

  it('take nodes that are heard a moment late for following each other', () => {
    expect(timelineParts([done('1', 0, 5_000), done('2', 4_900, 5_000)])).toHaveLength(2);
  });

  it('stay few however many nodes there are, and leave none out', () => {
    const nodes = Array.from({ length: 400 }, (_, n) =>
      n % 40 === 0 ? waiting(`${n}`, 20_000) : waiting(`${n}`, 50),
    );
    const parts = timelineParts(nodes);
    expect(parts.length).toBeLessThanOrEqual(60);
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(400);
  });

  it('are none without nodes', () => {
    expect(timelineParts([])).toEqual([]);
  });
});
