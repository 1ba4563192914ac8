import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Frame, HeldFrames, patienceOf } from './held-frames.ts';

const message = (type: string, data: object = {}) => JSON.stringify({ type, data });
/** As Python writes it. */
const spaced = (type: string, data: string) => `{"type": "${type}", "data": ${data}}`;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function holding({ seen = false } = {}) {
  const taken: (readonly Frame[])[] = [];
  const held = new HeldFrames((frames) => taken.push(frames));
  held.setSeen(seen);
  const come = (content: string | Buffer) => held.add({ content, at: Date.now() });
  return { held, taken, come, contents: () => taken.map((frames) => frames.map(({ content }) => content)) };
}

describe('while nobody looks', () => {
  it.each([
    ['a step', message('progress', { value: 1 })],
    ['the state of nodes', spaced('progress_state', '{}')],
    ['a node', spaced('executing', '{"node": "3", "prompt_id": "p"}')],
    ['the machine', message('crystools.monitor')],
    ['a preview', Buffer.from([0, 0, 0, 1])],
  ])('%s may be some seconds late', (_, content) => {
    expect(patienceOf(content)).toBeGreaterThan(0);
    expect(patienceOf(content)).toBeLessThan(5_000);
  });

  it.each([
    ['the length of the queue', message('status')],
    ['the start of a prompt', message('execution_start')],
    ['its end', message('execution_success')],
    ['its end, as older servers tell it', spaced('executing', '{"node": null, "prompt_id": "p"}')],
    ['its failure', message('execution_error')],
    ['an output', message('executed')],
    ['what nobody knows', 'no JSON'],
    ['what only mentions a step', message('execution_error', { type: 'progress' })],
  ])('%s is told at once', (_, content) => {
    expect(patienceOf(content)).toBe(0);
  });

  it('what may wait comes together, in its order and with its own times', () => {
    const { taken, come, contents } = holding();
    const first = Date.now();
    come('{"type":"progress","data":{"value":1}}');
    vi.advanceTimersByTime(600);
    come('{"type":"progress","data":{"value":2}}');
    expect(taken).toEqual([]);
    vi.advanceTimersByTime(1_400);
    expect(contents()).toEqual([
      ['{"type":"progress","data":{"value":1}}', '{"type":"progress","data":{"value":2}}'],
    ]);
    expect(taken[0]?.map(({ at }) => at - first)).toEqual([0, 600]);
  });

  it('what may not wait takes along what came before it', () => {
    const { come, contents } = holding();
    come(message('progress', { value: 20 }));
    come(message('execution_success'));
    expect(contents()).toEqual([[message('progress', { value: 20 }), message('execution_success')]]);
    vi.advanceTimersByTime(60_000);
    expect(contents()).toHaveLength(1);
  });

  it('a step does not wait as long as the figures of the machine before it', () => {
    const { come, contents } = holding();
    come(message('crystools.monitor'));
    come(message('progress'));
    vi.advanceTimersByTime(2_000);
    expect(contents()).toHaveLength(1);
  });

  it('keeps no more than it can bear', () => {
    const { taken, come } = holding();
    for (let n = 0; n < 499; n += 1) come(message('progress'));
    expect(taken).toHaveLength(0);
    come(message('progress'));
    expect(taken[0]).toHaveLength(500);
    come(Buffer.alloc(2_000_000));
    expect(taken).toHaveLength(2);
  });

  it('forgets what nobody wants to know any more', () => {
    const { held, taken, come } = holding();
    come(message('progress'));
    held.clear();
    vi.advanceTimersByTime(60_000);
    expect(taken).toEqual([]);
  });
});

describe('while somebody looks', () => {
  it('the messages and the picture of a step come together, and soon', () => {
    const { come, contents } = holding({ seen: true });
    come(message('progress', { value: 1 }));
    vi.advanceTimersByTime(5);
    come(Buffer.from([0, 0, 0, 1]));
    vi.advanceTimersByTime(50);
    expect(contents()).toEqual([[message('progress', { value: 1 }), Buffer.from([0, 0, 0, 1])]]);
  });

  it('fast steps are shown a few times a second, the last of them as well', () => {
    const { taken, come } = holding({ seen: true });
    for (let n = 0; n < 100; n += 1) {
      come(message('progress', { value: n }));
      vi.advanceTimersByTime(20);
    }
    expect(taken.length).toBeGreaterThan(3);
    expect(taken.length).toBeLessThan(7);
    vi.advanceTimersByTime(400);
    expect(taken.flat()).toHaveLength(100);
  });

  it('what changes the queue or ends a prompt is told at once', () => {
    const { come, contents } = holding({ seen: true });
    come(message('progress', { value: 20 }));
    come(message('execution_success'));
    expect(contents()).toEqual([[message('progress', { value: 20 }), message('execution_success')]]);
  });

  it('what waited for nobody is there when somebody looks', () => {
    const { held, taken, come } = holding();
    come(message('progress'));
    expect(taken).toEqual([]);
    held.setSeen(true);
    expect(taken).toHaveLength(1);
  });
});
