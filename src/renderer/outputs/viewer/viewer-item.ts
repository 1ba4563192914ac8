import { nodeTitle } from '../../../domain/jobs/job-titles.ts';
import type { ServerState } from '../../../domain/monitor-state.ts';
import { type ExecutedOutput, outputKey } from '../../../domain/outputs/executed-output.ts';
import type { OutputGroup } from '../output-groups.ts';

/** An output as the viewer shows it, with the job it belongs to. */
export interface ViewerItem {
  promptId: string;
  /** What the job is called. */
  title: string;
  output: ExecutedOutput;
}

/** All outputs in the order of the gallery. */
export function viewerItems(groups: readonly OutputGroup[]): ViewerItem[] {
  return groups.flatMap(({ promptId, title, outputs }) =>
    outputs.map((output) => ({ promptId, title, output })),
  );
}

/** The place of an output among the items; -1 if it is not (any more) there. */
export function placeOf(items: readonly ViewerItem[], promptId: string, output: ExecutedOutput): number {
  const key = outputKey(output);
  return items.findIndex((item) => item.promptId === promptId && outputKey(item.output) === key);
}

/** What the node of an output is called in its job; null if the job does not say. */
export function nodeNameOf(server: ServerState, { promptId, output }: ViewerItem): string | null {
  const jobs = [...server.running, ...server.finished].filter((job) => job.promptId === promptId);
  const job = jobs.find(({ nodeNames }) => Object.hasOwn(nodeNames, output.nodeId));
  return job ? nodeTitle(job, output.nodeId) : null;
}
