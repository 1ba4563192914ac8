import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeMessage, causeText } from './cause-text.ts';

const refuse = () => {
  throw new Error('no');
};

describe('the text of what was thrown', () => {
  it('names the class of an error in a log, and not in a sentence', () => {
    const cause = new TypeError('not a number');
    expect([causeText(cause), causeMessage(cause)]).toEqual(['TypeError: not a number', 'not a number']);
  });

  it.each<[string, unknown]>([
    ['an object whose text is none', { toString: 1, valueOf: 1 }],
    ['an object without a prototype', Object.create(null)],
    ['an object that refuses', { toString: refuse }],
    ['an error whose message refuses', Object.defineProperty(new Error(), 'message', { get: refuse })],
    ['an error whose message is none', Object.assign(new Error(), { message: Object.create(null) })],
    ['a proxy that refuses', new Proxy({}, { get: refuse, getPrototypeOf: refuse })],
    ['a symbol', Symbol('s')],
    ['nothing', undefined],
  ])('is there for %s', (_name, cause) => {
    expect(typeof causeText(cause)).toBe('string');
    expect(typeof causeMessage(cause)).toBe('string');
  });

  it('is there for anything', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (cause) => {
        expect(typeof causeText(cause)).toBe('string');
        expect(typeof causeMessage(cause)).toBe('string');
      }),
    );
  });
});
