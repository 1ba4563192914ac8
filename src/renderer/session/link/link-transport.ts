import type { BridgeTransport } from '../../../contract/bridge/bridge-client.ts';

/** How the way to the host stands: being made, usable, or broken (and being made again). */
export type LinkState = 'connecting' | 'open' | 'lost';

/** A transport that says how it stands. */
export interface LinkTransport extends BridgeTransport {
  /** Calls `listener` at every change of the link, until the returned function is called. */
  onLink(listener: (state: LinkState) => void): () => void;
}
