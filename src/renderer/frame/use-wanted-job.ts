import { useEffect } from 'react';
import { usePage } from '../session/session-context.tsx';

/** Shows the job that the host asks for, for example because its notification was clicked. */
export function useWantedJob(show: (serverId: string) => void): void {
  const wanted = usePage((page) => page.wantedJob);
  useEffect(() => {
    if (!wanted) return;
    show(wanted.serverId);
    // The server's view may only now be rendered.
    const frame = requestAnimationFrame(() => {
      const job = document.getElementById(`job-${wanted.promptId}`);
      job?.scrollIntoView({ block: 'center' });
      job?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, show]);
}
