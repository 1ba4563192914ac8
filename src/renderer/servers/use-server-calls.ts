import { useMemo } from 'react';
import type { CallName, CallRequest, CallResponse } from '../../contract/calls.ts';
import { useBridge } from '../session/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { useSay } from '../ui/messages.tsx';

/** What the user can ask for about servers. Failures are shown as messages, so nobody has to wait. */
export interface ServerCalls {
  retry(serverId: string): void;
  remove(serverId: string): void;
  /** Watches the same server at another address. */
  moveTo(serverId: string, url: string): void;
  /** Watches a paused server again. */
  resume(serverId: string): void;
  startDemo(onStarted: (serverId: string) => void): void;
  stopDemo(): void;
}

export function useServerCalls(): ServerCalls {
  const bridge = useBridge();
  const say = useSay();
  return useMemo(() => {
    function request<N extends CallName>(
      name: N,
      body: CallRequest<N>,
      then: (response: CallResponse<N>) => void = () => {},
    ): void {
      bridge.call(name, body).then(then, (cause: unknown) => say(failureText(cause)));
    }
    return {
      retry: (serverId) => request('retryConnection', { serverId }),
      remove: (serverId) => request('removeServer', { serverId }),
      moveTo: (serverId, url) => request('changeServer', { serverId, url }),
      resume: (serverId) => request('changeServer', { serverId, enabled: true }),
      startDemo: (onStarted) => request('startDemo', undefined, ({ serverId }) => onStarted(serverId)),
      stopDemo: () => request('stopDemo', undefined),
    };
  }, [bridge, say]);
}
