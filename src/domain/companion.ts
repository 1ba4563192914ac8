import type { ServerFacts } from './server.ts';

/** The first ComfyUI that can run the companion node (companion/…/pyproject.toml). */
export const leastComfyVersion = '0.3.40';

/** Version of the companion node that is shipped with the app (companion/…/pyproject.toml). */
export const bundledCompanionVersion = '0.2.0';

/** How a server stands to our companion node, as far as it has said. */
export type CompanionStanding = 'unknown' | 'absent' | 'outdated' | 'installed';

/** Compares what a server has with what is shipped; a newer one, or an unreadable version, is no problem. */
export function companionStanding(
  facts: Pick<ServerFacts, 'companion' | 'companionVersion'>,
): CompanionStanding {
  if (facts.companion !== 'present') return facts.companion;
  return facts.companionVersion !== null && isOlder(facts.companionVersion, bundledCompanionVersion)
    ? 'outdated'
    : 'installed';
}

/**
 * Whether a server can run the companion node, as far as it has said: a ComfyUI that is new enough and loads custom
 * nodes. Forks and gateways give no version, or one of their own.
 */
export function canRunCompanion({
  comfyVersion,
  customNodesOff = false,
  companion,
}: Pick<ServerFacts, 'comfyVersion' | 'customNodesOff'> & Partial<Pick<ServerFacts, 'companion'>>): boolean {
  // What runs there can be run there.
  if (companion === 'present') return true;
  if (customNodesOff || comfyVersion === null) return false;
  return (
    /^v?\d+(\.\d+){1,3}$/.test(comfyVersion) && !isOlder(comfyVersion.replace('v', ''), leastComfyVersion)
  );
}

/** Compares the numbers of two versions: `0.9.1` is older than `0.10`. */
function isOlder(version: string, than: string): boolean {
  const ours = numbersOf(version);
  if (ours.length === 0) return false;
  for (const [place, theirs] of numbersOf(than).entries()) {
    const difference = (ours[place] ?? 0) - theirs;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  return (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}
