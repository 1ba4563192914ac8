import { outputKey } from '../../../domain/outputs/executed-output.ts';
import type { OutputGroup, Selection } from '../output-groups.ts';

/**
 * What a gallery shows as long as nothing in it may move: what it showed, each job as it is known now, but without what
 * is new and still with what is gone. Older ones may follow at the end. It is `shown` itself where nothing changed.
 */
export function heldGroups(shown: OutputGroup[], now: readonly OutputGroup[]): OutputGroup[] {
  const current = new Map(now.map((group) => [group.promptId, group]));
  const held = shown.map((group) => {
    const latest = current.get(group.promptId);
    return latest === undefined || latest === group ? group : withOutputsOf(latest, group);
  });
  const older = olderThan(shown, now);
  if (older.length > 0) return [...held, ...older];
  return held.every((group, index) => group === shown[index]) ? shown : held;
}

/** What comes behind all that is shown, where it moves nothing. */
function olderThan(shown: readonly OutputGroup[], now: readonly OutputGroup[]): readonly OutputGroup[] {
  const ids = new Set(shown.map(({ promptId }) => promptId));
  const last = now.findLastIndex(({ promptId }) => ids.has(promptId));
  return last === -1 ? [] : now.slice(last + 1);
}

/** A job as it is known now, with the outputs that it showed. */
function withOutputsOf(latest: OutputGroup, shown: OutputGroup): OutputGroup {
  const { outputs } = shown;
  const same =
    latest.title === shown.title &&
    latest.state === shown.state &&
    latest.startedAt === shown.startedAt &&
    latest.finishedAt === shown.finishedAt &&
    latest.omitted === shown.omitted &&
    latest.overwritten === shown.overwritten;
  return same ? shown : { ...latest, outputs };
}

/** The outputs that are known and not shown, newest first. */
export function waitingOutputs(shown: readonly OutputGroup[], now: readonly OutputGroup[]): Selection[] {
  const seen = new Map(shown.map((group) => [group.promptId, group]));
  return now.flatMap((group) => {
    const before = seen.get(group.promptId);
    if (before?.outputs === group.outputs) return [];
    const known = new Set(before?.outputs.map(outputKey));
    return group.outputs
      .filter((output) => !known.has(outputKey(output)))
      .map((output) => ({ promptId: group.promptId, output }));
  });
}
