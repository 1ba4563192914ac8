import { z } from 'zod';
import type { MonitorState } from '../monitor-state.ts';

const maxTold = 500;
const maxLive = 5_000;
const promptId = z.string().min(1).max(200);

/**
 * What has to outlive the app so that every prompt is announced once: which were announced (`told`, as stored files
 * call it), and which were still live, so that an end that was not seen is news at the next start. Prompt ids, newest
 * last.
 */
export const promptLedgerSchema = z.object({
  told: z.array(promptId).max(maxTold),
  live: z.array(promptId).max(maxLive),
});
export type PromptLedger = z.infer<typeof promptLedgerSchema>;

export const emptyLedger: PromptLedger = { told: [], live: [] };

/** Ids with more of them at the end, each once; the oldest make room. */
export function withIds(ids: readonly string[], more: readonly string[], max = maxTold): string[] {
  if (more.length === 0 && ids.length <= max) return [...ids];
  return [...new Set([...ids.filter((id) => !more.includes(id)), ...more])].slice(-max);
}

/** The ledger to keep: what is live now joins `open`, the prompts whose end is still to be announced. */
export function ledgerOf(
  state: MonitorState,
  told: readonly string[],
  open: readonly string[],
): PromptLedger {
  // The demo's prompts have the same ids at every start, and no user waits for them.
  const live = state.servers
    .filter(({ server }) => !server.demo)
    .flatMap(({ running, pending }) => [...running, ...pending].map((job) => job.promptId));
  return { told: [...told], live: withIds(open, live, maxLive) };
}
