import { useMemo } from 'react';
import type { CallRequest } from '../../contract/calls.ts';
import { failureText } from '../ui/call-failure.ts';
import { useSay } from '../ui/messages.tsx';
import { useBridge } from './session-context.tsx';

/**
 * What the user can ask a server to do. True when the server took the command, which says nothing about
 * its effect; refusals are shown as messages.
 */
export interface JobCalls {
  interrupt(promptId: string): Promise<boolean>;
  cancel(promptId: string): Promise<boolean>;
  clearQueue(): Promise<boolean>;
  freeMemory(): Promise<boolean>;
}

type Command = 'interruptJob' | 'cancelJobs' | 'clearQueue' | 'freeMemory';

export function useJobCalls(serverId: string): JobCalls {
  const bridge = useBridge();
  const say = useSay();
  return useMemo(() => {
    const command = <N extends Command>(name: N, request: CallRequest<N>): Promise<boolean> =>
      bridge.call(name, request).then(
        () => true,
        (cause: unknown) => {
          say(failureText(cause));
          return false;
        },
      );
    return {
      interrupt: (promptId) => command('interruptJob', { serverId, promptId }),
      cancel: (promptId) => command('cancelJobs', { serverId, promptIds: [promptId] }),
      clearQueue: () => command('clearQueue', { serverId }),
      freeMemory: () => command('freeMemory', { serverId }),
    };
  }, [bridge, say, serverId]);
}
