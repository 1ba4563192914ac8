import {
  bundledCompanionVersion,
  type CompanionStanding,
  leastComfyVersion,
} from '../../domain/companion.ts';

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
      if (!canRun) return `Not installed: it needs ComfyUI ${leastComfyVersion} or newer, with custom nodes.`;
      return 'Not installed: no live progress of prompts that others queue.';
    case 'outdated':
      return `Version ${version ?? '?'} is older than this monitor’s ${bundledCompanionVersion}: update it.`;
    case 'installed':
      return version === null ? 'Installed' : `Installed, version ${version}`;
  }
}
