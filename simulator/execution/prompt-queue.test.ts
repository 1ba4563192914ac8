import { describe, expect, it } from 'vitest';
import { PromptQueue, type QueueItem } from './prompt-queue.ts';

function item(number: number, id = `prompt ${number}`): QueueItem {
  return [number, id, {}, {}, []];
}

function finished(id: string) {
  return {
    prompt: item(0, id),
    outputs: {},
    status: { status_str: 'success', completed: true, messages: [] },
    meta: {},
  } as const;
}

describe('the queue', () => {
  it('hands out the smallest number first, whatever order they came in', () => {
    const queue = new PromptQueue(10);
    for (const number of [5, -1, 3, 2.5, 0]) queue.put(item(number));
    const taken = Array.from({ length: 5 }, () => queue.take()?.[0]);
    expect(taken).toEqual([-1, 0, 2.5, 3, 5]);
  });

  it('tells about every change, and twice when its last prompt is deleted, as ComfyUI does', () => {
    const queue = new PromptQueue(10);
    const lengths: number[] = [];
    queue.onChange = () => lengths.push(queue.remaining);
    queue.put(item(1));
    queue.put(item(2));
    queue.delete('prompt 1');
    queue.delete('prompt 2');
    expect(queue.delete('prompt 3')).toBe(false);
    expect(lengths).toEqual([1, 2, 1, 0, 0]);
  });

  it('keeps its order after a deletion in the middle', () => {
    const queue = new PromptQueue(10);
    for (let number = 0; number < 20; number += 1) queue.put(item((number * 7) % 20));
    for (const number of [3, 11, 19]) queue.delete(`prompt ${number}`);
    const taken: number[] = [];
    for (let next = queue.take(); next; next = queue.take()) taken.push(next[0]);
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
    expect(taken).toHaveLength(17);
  });
});

describe('the history', () => {
  const queue = new PromptQueue(4);
  for (const id of ['a', 'b', 'c', 'd', 'e']) queue.finish(finished(id));

  it('forgets the oldest beyond its limit', () => {
    expect([...queue.history.keys()]).toEqual(['b', 'c', 'd', 'e']);
  });

  it.each([
    [undefined, undefined, ['b', 'c', 'd', 'e']],
    [2, undefined, ['d', 'e']],
    [100, undefined, ['b', 'c', 'd', 'e']],
    [0, undefined, []],
    [2, 0, ['b', 'c']],
    [undefined, 3, ['e']],
  ])('with max_items=%s and offset=%s gives %j', (maxItems, offset, ids) => {
    expect(Object.keys(queue.historyPage(maxItems, offset))).toEqual(ids);
  });
});
