import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PacedRead, type PacedReadOptions } from './paced-read.ts';

const minGap = 1_000;

/** Reads that take as long as they are told; `open` are those under way. */
function reads(options: Partial<PacedReadOptions> = {}) {
  const open: { finish: () => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const failures: unknown[] = [];
  let started = 0;
  const reader = new PacedRead({
    read: (signal) => {
      started += 1;
      return new Promise<void>((finish, fail) => open.push({ finish, fail, signal }));
    },
    minGap: () => minGap,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { open, failures, reader, started: () => started };
}

describe('reading when asked to', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('reads once for many requests, and again for those that came while it read', async () => {
    const { reader, open, started } = reads();
    for (let n = 0; n < 50; n += 1) reader.request();
    await pass(0);
    expect(started()).toBe(1);
    for (let n = 0; n < 50; n += 1) reader.request();
    await pass(5_000);
    expect(started()).toBe(1);
    open[0]?.finish();
    await pass(0);
    expect(started()).toBe(2);
  });

  it('keeps its pace', async () => {
    const { reader, open, started } = reads();
    reader.request();
    await pass(0);
    open[0]?.finish();
    await pass(0);
    reader.request();
    await pass(minGap - 1);
    expect(started()).toBe(1);
    await pass(1);
    expect(started()).toBe(2);
  });

  it('reads again unasked where that was agreed, and sooner when asked', async () => {
    const { reader, open, started } = reads({ again: () => 5_000 });
    reader.request();
    await pass(0);
    open[0]?.finish();
    await pass(4_999);
    expect(started()).toBe(1);
    await pass(1);
    expect(started()).toBe(2);
    open[1]?.finish();
    await pass(0);
    reader.request();
    await pass(minGap);
    expect(started()).toBe(3);
    open[2]?.finish();
    await pass(4_999);
    expect(started()).toBe(3);
  });

  it('tries again after a failure, later and later, but at least once a minute', async () => {
    const { reader, open, failures, started } = reads();
    reader.request();
    for (let n = 0; n < 10; n += 1) {
      await pass(60_000);
      expect(started()).toBe(n + 1);
      open[n]?.fail(new Error(`failure ${n}`));
      await pass(900);
      expect(started()).toBe(n + 1);
    }
    expect(failures).toHaveLength(10);
  });

  it('reads at once when it is started again, whatever failed before', async () => {
    const { reader, open, started } = reads();
    reader.request();
    await pass(0);
    open[0]?.fail(new Error('gone'));
    await pass(0);
    reader.start();
    await pass(0);
    expect(started()).toBe(2);
  });

  it('abandons what is under way when it is stopped, and says nothing of it', async () => {
    const { reader, open, failures, started } = reads();
    reader.request();
    await pass(0);
    reader.request();
    reader.stop();
    expect(open[0]?.signal.aborted).toBe(true);
    open[0]?.fail(new Error('aborted'));
    await pass(120_000);
    expect(failures).toEqual([]);
    expect(started()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never reads twice at a time, even if it was stopped and started while it read', async () => {
    const { reader, open, started } = reads();
    reader.start();
    await pass(0);
    reader.start();
    await pass(0);
    reader.request();
    open[0]?.finish();
    await pass(minGap);
    expect(started()).toBe(2);
    expect(open[1]?.signal.aborted).toBe(false);
  });
});
