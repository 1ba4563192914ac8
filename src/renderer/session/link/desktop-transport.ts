import type { BridgeTransport } from '../../../contract/bridge/bridge-client.ts';
import type { LinkTransport } from './link-transport.ts';

/** The transport that the preload script offers in the desktop app, or null elsewhere. */
export function findDesktopTransport(scope: object): LinkTransport | null {
  const offered: unknown = Reflect.get(scope, 'monitorBridge');
  if (!isTransport(offered)) return null;
  return {
    call: (name, request) => offered.call(name, request),
    onPush: (listener) => offered.onPush(listener),
    // The page lives inside its host: as long as there is a page, there is a way.
    onLink: () => () => {},
  };
}

function isTransport(value: unknown): value is BridgeTransport {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'call') === 'function' &&
    typeof Reflect.get(value, 'onPush') === 'function'
  );
}
