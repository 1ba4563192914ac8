import { useHost } from '../session/use-host.ts';

/** Gives the function that starts the built-in demo; `onStarted` gets the id of its server. */
export function useStartDemo(onStarted?: (serverId: string) => void): () => void {
  const { ask } = useHost();
  return () =>
    void ask('startDemo', undefined).then((reply) => {
      if (reply.ok) onStarted?.(reply.value.serverId);
    });
}
