import {
  bundledCompanionVersion,
  type CompanionStanding,
  leastComfyVersion,
} from '../../domain/companion.ts';
import { t } from '../../language/t.ts';

/** How a server stands to the companion node, and what that means for what is shown. */
export function companionWords(
  standing: CompanionStanding,
  version: string | null,
  canRun = true,
): string | null {
  switch (standing) {
    case 'unknown':
      return null;
    case 'absent':
      if (!canRun) return t('servers.companion.too_old', { least: leastComfyVersion });
      return t('servers.companion.absent');
    case 'outdated':
      return t('servers.companion.outdated', { version: version ?? '?', ours: bundledCompanionVersion });
    case 'installed':
      return version === null
        ? t('servers.companion.installed')
        : t('servers.companion.installed.version', { version });
  }
}
