import type { ServerFacts } from '../../domain/server.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import { PacedRead } from '../rest/paced-read.ts';

export interface CompanionLinkOptions {
  rest: Pick<ComfyRest, 'companionVersion' | 'relayTo'>;
  onFacts: (facts: Pick<ServerFacts, 'companion' | 'companionVersion'>) => void;
  onProblem: (error: unknown) => void;
}

/**
 * Finds out at every connection whether the server has our companion node, and asks it to pass on what
 * concerns other clients' prompts. It does so for as long as the socket of that client id is open.
 */
export class CompanionLink {
  readonly #reads: PacedRead;
  /** Empty without a connection. */
  #clientId = '';
  #previews = true;

  constructor({ rest, onFacts, onProblem }: CompanionLinkOptions) {
    this.#reads = new PacedRead({
      read: async (signal) => {
        const version = await rest.companionVersion({ signal });
        signal.throwIfAborted();
        onFacts({ companion: version === null ? 'absent' : 'present', companionVersion: version });
        if (version !== null) await rest.relayTo(this.#clientId, this.#previews, { signal });
      },
      minGap: () => 1_000,
      onFailure: onProblem,
    });
  }

  start(clientId: string): void {
    this.#clientId = clientId;
    this.#reads.start();
  }

  stop(): void {
    this.#clientId = '';
    this.#reads.stop();
  }

  /** Whether previews are to be passed on. */
  setPreviews(wanted: boolean): void {
    if (wanted === this.#previews) return;
    this.#previews = wanted;
    if (this.#clientId !== '') this.#reads.request();
  }
}
