import { expect, it } from 'vitest';
import { isForeign } from './origin-rule.ts';

const host = '127.0.0.1:8188';

// As a ComfyUI 0.27 was seen to decide.
it.each([
  ['no Origin', { host }, false],
  ['the same Origin', { host, origin: 'http://127.0.0.1:8188' }, false],
  ['another site', { host, origin: 'http://example.com' }, true],
  ['localhost for 127.0.0.1', { host, origin: 'http://localhost:8188' }, true],
  ['another port', { host, origin: 'http://127.0.0.1:9999' }, true],
  ['an opaque Origin', { host, origin: 'null' }, false],
  ['a cross-site fetch', { host, 'sec-fetch-site': 'cross-site' }, true],
  ['a same-site fetch', { host, 'sec-fetch-site': 'same-site' }, false],
  ['a public host', { host: 'comfy.example.com', origin: 'http://other.example.com' }, false],
])('judges %s', (_, headers, foreign) => {
  expect(isForeign(headers)).toBe(foreign);
});
