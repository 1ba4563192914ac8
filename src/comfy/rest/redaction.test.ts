import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event } from '../../domain/testing/builders.ts';
import { redactionOf } from './redaction.ts';

const pair = Buffer.from('me:Pä55 "word"').toString('base64');
const redaction = redactionOf({ authorization: `Basic ${pair}`, Cookie: 'a=1; session=c00kie-Jar' });

describe('what a server echoes of our login', () => {
  it.each([
    [`you sent "Basic ${pair}"`, 'you sent "(secret)"'],
    [pair, '(secret)'],
    ['user me, password Pä55 "word"!', 'user me, password (secret)!'],
    ['http://me:P%C3%A455%20%22word%22@host/', 'http://me:(secret)@host/'],
    [JSON.stringify({ p: 'Pä55 "word"' }), '{"p":"(secret)"}'],
    ['{"p": "P\\u00e455 \\"word\\""}', '{"p": "(secret)"}'],
    ['session=c00kie-Jar', 'session=(secret)'],
    ['it was cut: c00kie-J', 'it was cut: (secret)'],
    ['kie-Jar is what is left', '(secret) is what is left'],
    ['nothing of it', 'nothing of it'],
  ])('%s becomes %s', (said, shown) => {
    expect(redaction.text(said)).toBe(shown);
  });

  it('is left out of everything that is told, but names stay what they are', () => {
    const told = event(1, 'notification_received', { text: 'c00kie-Jar' });
    expect(redaction.event(told)).toMatchObject({ text: '(secret)' });
    const read = event(1, 'queue_length_changed', { length: 3 });
    expect(redaction.event(read)).toBe(read);
    const log = event(1, 'log_lines_received', { lines: ['a', `got ${pair}`] });
    expect(redaction.event(log)).toMatchObject({ lines: ['a', 'got (secret)'] });
    const named = event(1, 'prompt_started', { promptId: 'c00kie-Jar', startedAt: 1 });
    expect(redaction.event(named)).toBe(named);
  });

  it('is nowhere whole, whatever is around it', () => {
    const word = fc.string({ minLength: 4, maxLength: 30 }).map((text) => text.replace(/[\s;=]/g, 'x'));
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (secret, before, after) => {
        const text = redactionOf({ 'x-key': secret }).text(before + secret + after);
        if (!'(secret)'.includes(secret) && !`${before}(secret)${after}`.includes(secret))
          expect(text).not.toContain(secret);
      }),
    );
  });

  it('costs nothing where there is no login', () => {
    const told = event(1, 'notification_received', { text: 'hello' });
    expect(redactionOf({}).event(told)).toBe(told);
  });
});
