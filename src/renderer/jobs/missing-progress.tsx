import { type CompanionStanding, leastComfyVersion } from '../../domain/companion.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';
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
      <p className="running-blind">{t(whatHelps[companion], { version: leastComfyVersion })}</p>
      {onInstall && (companion === 'absent' || companion === 'outdated') && (
        <button type="button" className="button small" onClick={onInstall}>
          <Icon name="plus" />
          {t(companion === 'absent' ? 'jobs.install_companion' : 'jobs.update_companion')}
        </button>
      )}
    </div>
  );
}

const whatHelps: Record<ProgressRelay, TextKey> = {
  unheard: 'jobs.progress.unheard',
  unable: 'jobs.progress.unable',
  unknown: 'jobs.progress.unknown',
  absent: 'jobs.progress.absent',
  outdated: 'jobs.progress.outdated',
  installed: 'jobs.progress.installed',
};
