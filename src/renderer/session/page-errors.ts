import type { Bridge } from '../../contract/bridge/bridge.ts';
import type { CallRequest } from '../../contract/bridge/calls.ts';
import { causeText } from '../../domain/text/cause-text.ts';

/** A page that fails in ever new ways is reported only so often. */
const maxReports = 50;

/** What was thrown, whatever it is, within the bounds of the bridge. */
export function pageErrorOf(cause: unknown): CallRequest<'reportPageError'> {
  const stack: unknown = cause instanceof Error ? cause.stack : null;
  return {
    message: causeText(cause).slice(0, 500),
    stack: typeof stack === 'string' ? stack.slice(0, 4_000) : null,
  };
}

/** Gives the function that reports failures to the host, each only once. */
export function createErrorReports(bridge: Bridge): (cause: unknown) => void {
  const reported = new Set<string>();
  return (cause) => {
    const error = pageErrorOf(cause);
    const key = `${error.message}\n${error.stack}`;
    if (reported.has(key) || reported.size >= maxReports) return;
    reported.add(key);
    // If the host cannot be reached, it cannot be reported.
    bridge.call('reportPageError', error).catch(() => {});
  };
}

/** Reports what was not caught: errors of listeners and timers, and promises that were rejected. */
export function watchPageErrors(page: EventTarget, report: (cause: unknown) => void): void {
  page.addEventListener('error', (event) => {
    // Not a failure: browsers say so when something is laid out again in the same frame.
    if (!(event instanceof ErrorEvent) || event.message.startsWith('ResizeObserver loop')) return;
    report(event.error ?? event.message);
  });
  page.addEventListener('unhandledrejection', (event) => {
    if ('reason' in event) report(event.reason);
  });
}
