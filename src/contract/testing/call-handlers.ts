import type { CallHandlers } from '../bridge/bridge-host.ts';

/** Handlers of every call, whichever there are, that all do the same; but for those that are given. */
export function handlersThat(
  answer: (request: unknown) => never,
  given: Partial<CallHandlers> = {},
): CallHandlers {
  return new Proxy(Object.create(null), {
    get: (_target, name) => (Object.hasOwn(given, name) ? Reflect.get(given, name) : answer),
  });
}
