import { useMemo, useState } from 'react';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallName, CallRequest, CallResponse } from '../../contract/bridge/calls.ts';
import { t } from '../../language/t.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { useBridge } from './session-context.tsx';

/** What became of something that was asked for: its value, or one sentence for people that says why not. */
export type Reply<T> = { ok: true; value: T } | { ok: false; failure: string };

/**
 * Where the page says that something failed: in a `message` at its bottom, `inline` beside what was asked for (by
 * `failure`, or by the reply), or nowhere, because it shows elsewhere or is of no consequence.
 */
type Failures = 'message' | 'inline' | 'ignored';

/** The page's way to ask its host for something, and to say that it failed. Its functions stay the same. */
export interface Host {
  /** Makes a call; never rejects. */
  ask<N extends CallName>(name: N, request: CallRequest<N>): Promise<Reply<CallResponse<N>>>;
  /** The same for anything else that can fail; never rejects. */
  attempt<T>(work: Promise<T>): Promise<Reply<T>>;
  /** Something is under way. Stays false where failures are ignored: the user does not wait there. */
  busy: boolean;
  /** What failed last, if failures are said inline; the next attempt takes it back. */
  failure: string | null;
  forgetFailure(): void;
}

export function useHost(failures: Failures = 'message'): Host {
  const bridge = useBridge();
  const say = useSay();
  const [underWay, setUnderWay] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const { ask, attempt, forgetFailure } = useMemo(() => {
    async function follow<T>(work: Promise<T>): Promise<Reply<T>> {
      try {
        return { ok: true, value: await work };
      } catch (cause) {
        const sentence = failureSentence(cause, failures !== 'ignored');
        if (failures === 'message') say(sentence);
        else if (failures === 'inline') setFailure(sentence);
        return { ok: false, failure: sentence };
      }
    }
    async function attempt<T>(work: Promise<T>): Promise<Reply<T>> {
      if (failures === 'ignored') return follow(work);
      setFailure(null);
      setUnderWay((count) => count + 1);
      const reply = await follow(work);
      setUnderWay((count) => count - 1);
      return reply;
    }
    const ask: Host['ask'] = (name, request) => attempt(bridge.call(name, request));
    return { ask, attempt, forgetFailure: () => setFailure(null) };
  }, [bridge, say, failures]);
  return { ask, attempt, busy: underWay > 0, failure, forgetFailure };
}

/** Details of what is unexpected belong in the console. */
function failureSentence(cause: unknown, isLogged: boolean): string {
  if (cause instanceof BridgeError) return cause.message;
  if (isLogged) console.error(cause);
  return t('frame.unknown_failure');
}
