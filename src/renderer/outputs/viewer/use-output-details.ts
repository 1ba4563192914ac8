import { useEffect, useState } from 'react';
import type { OutputDetails } from '../../../contract/output-details.ts';
import { useHost } from '../../session/use-host.ts';
import type { ViewerItem } from './viewer-item.ts';

export type DetailsState =
  | { phase: 'reading' }
  | { phase: 'known'; details: OutputDetails }
  | { phase: 'failed'; message: string };

const reading: DetailsState = { phase: 'reading' };
const nothing: DetailsState = {
  phase: 'known',
  details: { bytes: null, text: null, parameters: null, untold: null },
};
/** A user who pages through quickly does not read details, ms. */
const patience = 120;

/** What the file of an output says about itself; nothing is asked for null. */
export function useOutputDetails(serverId: string, item: ViewerItem | null): DetailsState {
  const promptId = item?.promptId ?? '';
  const output = item?.output ?? null;
  const { ask } = useHost('inline');
  const [found, setFound] = useState<{ output: object; state: DetailsState } | null>(null);
  useEffect(() => {
    if (!output?.file) return;
    const { file, nodeId } = output;
    let wanted = true;
    const timer = setTimeout(async () => {
      const reply = await ask('outputDetails', { serverId, promptId, file, nodeId });
      if (!wanted) return;
      const state: DetailsState = reply.ok
        ? { phase: 'known', details: reply.value }
        : { phase: 'failed', message: reply.failure };
      setFound({ output, state });
    }, patience);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [ask, serverId, promptId, output]);
  if (!output?.file) return nothing;
  return found?.output === output ? found.state : reading;
}
