import { type CompanionStanding, leastComfyVersion } from '../../domain/companion.ts';
import { Icon } from '../ui/controls/icon.tsx';

/** What could pass on the progress: the companion node, which the server may be unable to run, over a socket. */
export type ProgressRelay = CompanionStanding | 'unable' | 'unheard';

interface MissingProgressProps {
  companion: ProgressRelay;
  onInstall: (() => void) | undefined;
}

/** Why no progress of a running prompt is shown, and what would change that. */
export function MissingProgress({ companion, onInstall }: MissingProgressProps) {
  return (
    <div className="missing-progress">
      <p className="running-blind">
        {companion === 'unheard'
          ? 'Progress comes over a WebSocket, and that does not get through.'
          : 'ComfyUI tells the progress of a prompt only to the page that queued it.'}{' '}
        {whatHelps[companion]}
      </p>
      {onInstall && (companion === 'absent' || companion === 'outdated') && (
        <button type="button" className="button small" onClick={onInstall}>
          <Icon name="plus" />
          {companion === 'absent' ? 'Install the companion node' : 'Update the companion node'}
        </button>
      )}
    </div>
  );
}

const whatHelps: Record<ProgressRelay, string> = {
  unheard: 'Its images appear here when it is done.',
  unable: `Its images appear here when it is done. From ComfyUI ${leastComfyVersion} on, with custom nodes, our companion node passes the progress on.`,
  unknown: 'Its images appear here when it is done.',
  absent: 'Its images appear here when it is done; our companion node in ComfyUI passes the progress on.',
  outdated: 'The companion node there is older than this monitor; the newer one passes the progress on.',
  installed: 'The companion node passes it on from the next step; its images appear when it is done.',
};
