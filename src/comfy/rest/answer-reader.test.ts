import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.ts';
import { readBody } from './rest-answers.ts';

const clock = [{ offset: 1_000, since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];
const context = { at: 5_000, clock, promptId: 'p1999' };

/** A history of so many entries, each of about a kilobyte. */
function history(entries: number): string {
  const graph = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [
      String(n),
      { class_type: 'KSampler', inputs: { seed: n, text: 'x'.repeat(40) } },
    ]),
  );
  const entry = (n: number) =>
    `"p${n}": ${JSON.stringify({
      prompt: [n, `p${n}`, graph, {}, ['1']],
      outputs: { '1': { images: [{ filename: `${n}.png`, subfolder: '', type: 'output' }] } },
      status: {
        status_str: 'success',
        completed: true,
        messages: [['execution_start', { timestamp: 3_000 }]],
      },
    })}`;
  return `{${Array.from({ length: entries }, (_, n) => entry(n)).join(', ')}, "odd": NaN}`;
}

/** In a buffer that can be given away. */
function body(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

describe('a large answer', () => {
  it('is read as a small one is, while the process goes on with other things', async () => {
    const reader = new AnswerReader();
    const text = history(16_000);
    expect(text.length).toBeGreaterThan(12 * 2 ** 20);
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const before = performance.now();
    const reading = await reader.read({ name: 'history', context, body: body(text) });
    const took = performance.now() - before;
    clearInterval(ticks);
    expect(reading).toEqual(readBody('history', context, body(text)));
    expect(reading).toMatchObject({ ok: true });
    expect(longest).toBeLessThan(took / 2);
  });

  it('is told from what is no JSON by how it begins', async () => {
    const page = `<html><title>Log in</title>${' '.repeat(2 * 2 ** 20)}`;
    const reading = await new AnswerReader().read({ name: 'queue', context, body: body(page) });
    expect(reading).toMatchObject({
      ok: false,
      why: 'not-json',
      start: expect.stringMatching(/^<html><title>Log in/),
    });
  });

  it('is not read if it would take too much memory, but the next one is', async () => {
    const reader = new AnswerReader();
    const nested = '['.repeat(5_000_000) + ']'.repeat(5_000_000);
    const tooMuch = reader.read({ name: 'history', context, body: body(nested) });
    const next = reader.read({ name: 'entry', context, body: body(history(2_000)) });
    expect(await tooMuch).toEqual({ ok: false, why: 'too-many-parts' });
    expect(await next).toMatchObject({
      ok: true,
      answer: { entry: { promptId: 'p1999', startedAt: 2_000 } },
    });
  });

  it.each([
    ['there is no file for a thread', null],
    ['its file is damaged', pathToFileURL('/nowhere/answer-thread.js')],
  ])('is read in place where %s', async (_what, file) => {
    const reading = await new AnswerReader(file).read({
      name: 'entry',
      context,
      body: body(history(2_000)),
    });
    expect(reading).toMatchObject({ ok: true, answer: { entry: { promptId: 'p1999' } } });
  });
});
