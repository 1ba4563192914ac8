import { expect, it, vi } from 'vitest';
import { createFakeHost } from '../testing/fake-host.ts';
import { pageErrorOf, watchPageErrors } from './page-errors.ts';
import { startPageSession } from './page-session.ts';

it('tells the host of every failure once', () => {
  const host = createFakeHost();
  const session = startPageSession(host.transport, () => {});
  const failure = new Error('no such part');
  for (const cause of [failure, failure, 'a word', new TypeError('x'.repeat(9_000))])
    session.reportError(cause);
  expect(host.asked).toEqual([
    { name: 'reportPageError', request: { message: 'Error: no such part', stack: failure.stack } },
    { name: 'reportPageError', request: { message: 'a word', stack: null } },
    { name: 'reportPageError', request: { message: expect.any(String), stack: expect.any(String) } },
  ]);
});

it.each<[string, unknown]>([
  ['is no text', { toString: 1 }],
  ['has no prototype', Object.create(null)],
  [
    'has a message and a stack that are none',
    Object.assign(new Error(), { message: { toString: 1 }, stack: 1 }),
  ],
])('tells of what was thrown although it %s', (_name, cause) => {
  const host = createFakeHost();
  startPageSession(host.transport, () => {}).reportError(cause);
  expect(host.asked).toMatchObject([{ name: 'reportPageError', request: { message: expect.any(String) } }]);
});

it('tells of so many at most', () => {
  const host = createFakeHost();
  const session = startPageSession(host.transport, () => {});
  for (let i = 0; i < 200; i += 1) session.reportError(`failure ${i}`);
  expect(host.asked).toHaveLength(50);
});

it('hears of what nobody caught', () => {
  const report = vi.fn();
  const page = new EventTarget();
  watchPageErrors(page, report);
  const failure = new Error('late');
  page.dispatchEvent(new ErrorEvent('error', { error: failure, message: 'late' }));
  page.dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
  page.dispatchEvent(
    new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }),
  );
  page.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'rejected' }));
  expect(report.mock.calls).toEqual([[failure], ['Script error.'], ['rejected']]);
});

it('describes what is no error, too', () => {
  expect(pageErrorOf(undefined)).toEqual({ message: 'undefined', stack: null });
});
