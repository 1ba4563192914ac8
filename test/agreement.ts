import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Simulator } from '../simulator/simulator.ts';

/** Prompt ids by what they do, in order: the running ones, the waiting ones, and how the others ended. */
export interface JobLists {
  running: string[];
  pending: string[];
  /** Newest first, each with the word for how it ended. */
  finished: string[];
  /** Running and waiting ones together, as it stands beside the server's name. */
  queue: string;
}

const queueItem = z.tuple([z.number(), z.string()]).rest(z.unknown());
const queueSchema = z.object({ queue_running: z.array(queueItem), queue_pending: z.array(queueItem) });
const historySchema = z.record(
  z.string(),
  z.object({
    status: z.object({ status_str: z.string(), messages: z.array(z.tuple([z.string(), z.unknown()])) }),
  }),
);

/**
 * Waits until the page shows exactly what the server's `/queue` and `/history` say: every prompt once,
 * in the same order, in the same state. `others` are prompts that the server does not know any more and
 * the words that they must be shown with: cancelled ones, and those from before a restart.
 */
export async function expectAgreement(
  page: Page,
  simulator: Simulator,
  others: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const expectedOthers = [...others].map(([id, word]) => `${id} ${word}`).sort();
  const look = async () => {
    // The server is asked before and after: a page cannot agree with one that is changing.
    const before = await told(simulator);
    const lists = await shown(page);
    const isOther = (job: string) => others.has(job.split(' ')[0] ?? '');
    expect({ ...lists, finished: lists.finished.filter((job) => !isOther(job)) }).toEqual(before);
    expect(lists.finished.filter(isOther).sort()).toEqual(expectedOthers);
    expect(await told(simulator)).toEqual(before);
  };
  await vi.waitFor(look, { timeout: 30_000, interval: 200 });
}

/** What the server says. */
async function told(simulator: Simulator): Promise<JobLists> {
  const queue = queueSchema.parse(await readJson(`${simulator.url}/queue`));
  const history = historySchema.parse(await readJson(`${simulator.url}/history`));
  const running = queue.queue_running.map(([, id]) => id);
  const pending = queue.queue_pending.toSorted(([a], [b]) => a - b).map(([, id]) => id);
  const finished = Object.entries(history).map(([id, { status }]) => {
    const interrupted = status.messages.some(([type]) => type === 'execution_interrupted');
    return `${id} ${interrupted ? 'Interrupted' : status.status_str === 'success' ? 'Done' : 'Failed'}`;
  });
  return { running, pending, finished: finished.reverse(), queue: String(running.length + pending.length) };
}

/** What the page shows, all of it: lists are unfolded first. */
async function shown(page: Page): Promise<JobLists> {
  const region = (name: string) => page.getByRole('region', { name });
  for (const name of ['Up next', 'Finished']) {
    const unfold = region(name).getByRole('button', { name: /^Show all/ });
    if (await unfold.isVisible()) await unfold.click({ timeout: 2_000 });
  }
  const idsOf = (items: ReturnType<Page['locator']>) =>
    items.evaluateAll((elements) => elements.map((element) => element.id.replace(/^job-/, '')));
  const words = /^(Done|Failed|Interrupted|Cancelled|Lost)\b/m;
  const finished = region('Finished').getByRole('listitem');
  const [running, pending, ids, texts, queue] = await Promise.all([
    // While nothing runs, the last result stands in its place.
    idsOf(region('Running').locator('article[id^="job-"]')),
    idsOf(region('Up next').getByRole('listitem')),
    idsOf(finished),
    finished.evaluateAll((items) => items.map((item) => (item instanceof HTMLElement ? item.innerText : ''))),
    page
      .getByText(/^Queue (\d+|–)$/)
      .first()
      .innerText({ timeout: 2_000 }),
  ]);
  return {
    running,
    pending,
    finished: ids.map((id, index) => `${id} ${words.exec(texts[index] ?? '')?.[1]}`),
    queue: queue.replace(/Queue\s+/, ''),
  };
}

async function readJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
