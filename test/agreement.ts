import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { serverLists } from './server-lists.ts';

/** Prompt ids by what they do, in order: the running ones, the waiting ones, and how the others ended. */
interface JobLists {
  running: string[];
  pending: string[];
  /** Newest first, each with the word for how it ended. */
  finished: string[];
  /** Running and waiting ones together, as it stands beside the server's name. */
  queue: string;
}

/** The words of the page for how a prompt ended. */
const words = { success: 'Done', interrupted: 'Interrupted', error: 'Failed' };

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
    const before = await wordedLists(simulator);
    const lists = await shown(page);
    const isOther = (job: string) => others.has(job.split(' ')[0] ?? '');
    expect({ ...lists, finished: lists.finished.filter((job) => !isOther(job)) }).toEqual(before);
    expect(lists.finished.filter(isOther).sort()).toEqual(expectedOthers);
    expect(await wordedLists(simulator)).toEqual(before);
  };
  await vi.waitFor(look, { timeout: 30_000, interval: 200 });
}

/** What the server says, in the words of the page. */
async function wordedLists({ url }: Simulator): Promise<JobLists> {
  const { running, pending, finished } = await serverLists(url);
  const worded = [...finished].map(([id, outcome]) => `${id} ${words[outcome]}`);
  return { running, pending, finished: worded.reverse(), queue: String(running.length + pending.length) };
}

/** What the page shows, all of it: lists are unfolded first. */
async function shown(page: Page): Promise<JobLists> {
  const region = (name: string) => page.getByRole('region', { name });
  for (const name of ['Up next', 'Finished']) {
    const unfold = region(name).getByRole('button', { name: /^Show all/ });
    if (await unfold.isVisible()) await unfold.click({ timeout: 2_000 });
  }
  // The pointer that unfolded the list may rest in it: then what comes waits to be let in.
  const letIn = region('Finished').getByRole('button', { name: /new: show$/ });
  if (await letIn.isVisible()) await letIn.click({ timeout: 2_000 });
  const idsOf = (items: ReturnType<Page['locator']>) =>
    items.evaluateAll((elements) => elements.map((element) => element.id.replace(/^job-/, '')));
  const ending = /^(Done|Failed|Interrupted|Cancelled|Lost)\b/m;
  const finished = region('Finished').getByRole('listitem');
  const [running, pending, ids, texts, queue] = await Promise.all([
    // While nothing runs, the last result stands in its place.
    idsOf(region('Running').locator('article[id^="job-"]')),
    idsOf(region('Up next').getByRole('listitem')),
    idsOf(finished),
    finished.evaluateAll((items) => items.map((item) => (item instanceof HTMLElement ? item.innerText : ''))),
    region('At a glance').getByRole('list').innerText({ timeout: 2_000 }),
  ]);
  const counted = (word: string) => Number(new RegExp(`(\\d+)\\s+${word}`).exec(queue)?.[1] ?? Number.NaN);
  return {
    running,
    pending,
    finished: ids.map((id, index) => `${id} ${ending.exec(texts[index] ?? '')?.[1]}`),
    queue: String(counted('running') + counted('waiting')),
  };
}
