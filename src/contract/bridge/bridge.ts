import { z } from 'zod';
import type { CallName, CallRequest, CallResponse } from './calls.ts';
import type { PushName, PushPayload } from './pushes.ts';

/** How every call is answered, so that a refusal arrives as a sentence and not as a stack. */
export const callReplySchema = z.discriminatedUnion('ok', [
  // JSON has no undefined: a reply to a call that gives nothing arrives without it.
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type CallReply = z.infer<typeof callReplySchema>;

/** The page's only way to the outside world. */
export interface Bridge {
  /** Asks the host. Rejects with `BridgeError`, whose message is fit for people. */
  call<N extends CallName>(name: N, request: CallRequest<N>): Promise<CallResponse<N>>;
  /** Listens for a push; returns what ends it. */
  on<N extends PushName>(name: N, listener: (payload: PushPayload<N>) => void): () => void;
}

/** A call that the host refused or could not carry out. */
export class BridgeError extends Error {
  override name = 'BridgeError';
}
