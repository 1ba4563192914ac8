import { describe, expect, it } from 'vitest';
import { decodeJobError } from './decode-job-error.ts';

describe('what went wrong', () => {
  it('is said even if the server gives no message', () => {
    expect(decodeJobError({ exception_type: 'KeyError', exception_message: ' \n' }).message).toBe('KeyError');
    expect(decodeJobError({}).message).toBe('The server did not say what went wrong.');
  });

  it('may come with fields of the wrong type', () => {
    expect(
      decodeJobError({ node_id: {}, node_type: 5, exception_message: null, traceback: 7 }),
    ).toMatchObject({ nodeId: null, nodeType: null, traceback: [] });
  });

  it('may come with a traceback that is one text', () => {
    expect(decodeJobError({ traceback: 'first\nsecond  \n' }).traceback).toEqual(['first', 'second', '']);
  });

  it('keeps the end of a long traceback, where the cause is', () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n}`);
    const kept = decodeJobError({ traceback: lines }).traceback;
    expect(kept).toHaveLength(100);
    expect(kept.at(-1)).toBe('line 4999');
    expect(decodeJobError({ traceback: lines.join('\n') }).traceback.at(-1)).toBe('line 4999');
  });

  it('is bounded, however many tensors were printed into it', () => {
    const error = decodeJobError({
      exception_message: 'm'.repeat(1_000_000),
      exception_type: 't'.repeat(1_000_000),
      traceback: Array(1_000).fill('l'.repeat(100_000)),
    });
    expect(JSON.stringify(error).length).toBeLessThan(110_000);
  });
});
