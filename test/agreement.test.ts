import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { Simulator, SimulatorOptions } from '../simulator/simulator.ts';
import { countingPrompt, failingPrompt, otherClient, sleepingPrompt } from '../simulator/testing/prompts.ts';
import { expectAgreement } from './agreement.ts';
import { measure } from './measure.ts';
import { useStage } from './stage.ts';

const quick = (title: string, seed: number) =>
  countingPrompt({ title, seed, steps: 2, secondsPerStep: 0.02 });

/** One prompt that runs for minutes, and others that wait behind it. */
function fillQueue(simulator: Simulator, waiting: number): { running: string; pending: string[] } {
  const running = simulator.submit(sleepingPrompt('Long nap', 600), otherClient);
  const pending = Array.from({ length: waiting }, (_, index) =>
    simulator.submit(quick(`Waiting ${index + 1}`, index + 1), otherClient),
  );
  return { running, pending };
}

describe('page and server agree on every prompt', () => {
  const stage = useStage('each');

  async function openScene(options?: SimulatorOptions): Promise<{ simulator: Simulator; page: Page }> {
    const simulator = await stage.simulator(options);
    const page = await stage.page(await stage.monitor(['--server', simulator.url]));
    await page.getByText('Nothing is running').waitFor();
    return { simulator, page };
  }

  it('with 30 waiting, some of them put in front or cancelled', async () => {
    const { simulator, page } = await openScene();
    const { pending } = fillQueue(simulator, 29);
    await expectAgreement(page, simulator);

    simulator.submit(quick('In a hurry', 99), { ...otherClient, front: true });
    await expectAgreement(page, simulator);

    const cancelled = pending.filter((_, index) => index % 4 === 1);
    const [one = '', ...more] = cancelled;
    await post(simulator, `/api/jobs/${one}/cancel`);
    await post(simulator, '/queue', { delete: more });
    await expectAgreement(page, simulator, new Map(cancelled.map((id) => [id, 'Cancelled'])));
  });

  it('after the running one was interrupted and the others ran to their ends', async () => {
    const { simulator, page } = await openScene();
    fillQueue(simulator, 12);
    simulator.submit(failingPrompt('Fails'), otherClient);
    await expectAgreement(page, simulator);

    await post(simulator, '/interrupt');
    await expect.poll(() => page.getByText('Nothing is waiting').count()).toBe(1);
    await expectAgreement(page, simulator);
    await page.getByRole('region', { name: 'Finished' }).getByText('Interrupted').waitFor();
  });

  it('after the server restarted: what was running or waiting is lost', async () => {
    const { simulator, page } = await openScene();
    const done = simulator.submit(quick('Done before', 1), otherClient);
    await page.getByRole('region', { name: 'Finished' }).getByText('Done', { exact: true }).waitFor();
    const { running, pending } = fillQueue(simulator, 5);
    await expectAgreement(page, simulator);

    await simulator.restart();
    const before = new Map([running, ...pending].map((id) => [id, 'Lost'] as const));
    await expectAgreement(page, simulator, new Map([...before, [done, 'Done']]));

    simulator.submit(quick('Done afterwards', 2), otherClient);
    await page.getByRole('region', { name: 'Finished' }).getByText('Done afterwards').waitFor();
    await expectAgreement(page, simulator, new Map([...before, [done, 'Done']]));
  });

  it('after the connection was cut for a moment', async () => {
    const { simulator, page } = await openScene();
    fillQueue(simulator, 4);
    await expectAgreement(page, simulator);

    simulator.dropConnections();
    simulator.submit(quick('Meanwhile', 50), otherClient);
    await expectAgreement(page, simulator);
    await page.getByRole('status').getByText('Connected').waitFor();
  });

  it('after prompts finished while the server was out of reach: each is shown once', async () => {
    const outputDirectory = await mkdtemp(join(tmpdir(), 'outputs-'));
    stage.onEnd(() => rm(outputDirectory, { recursive: true, force: true }));
    const { simulator, page } = await openScene({ outputDirectory });
    const seen = simulator.submit(quick('Seen', 1), otherClient);
    await expectAgreement(page, simulator);
    await page.locator(`#job-${seen}`).getByText('Done').waitFor();

    await simulator.setReachable(false);
    await page.getByRole('region', { name: 'Connection problem' }).waitFor();
    for (const seed of [2, 3, 4]) simulator.submit(quick(`Unseen ${seed}`, seed), otherClient);
    await vi.waitFor(async () => expect(await readdir(outputDirectory)).toHaveLength(4), 20_000);

    await simulator.setReachable(true);
    await expectAgreement(page, simulator);
    for (const seed of [2, 3, 4]) {
      const thumbnails = page.getByRole('button', { name: new RegExp(`^Unseen-${seed}_.*\\.png$`) });
      await expect.poll(() => thumbnails.count()).toBe(1);
    }
  });
});

describe('two servers at once', () => {
  const stage = useStage();

  it('do not delay each other: one falls silent, noticed within 10 s, the other is as fast as ever', async () => {
    const [broken, healthy] = [await stage.simulator(), await stage.simulator({ seed: 2 })];
    const page = await stage.page(await stage.monitor(['--server', broken.url, '--server', healthy.url]));
    const row = (server: Simulator) =>
      page.getByRole('navigation', { name: 'Servers' }).getByRole('button', { name: String(server.port) });
    await row(broken).getByText('Idle').waitFor();
    await row(broken).click();
    fillQueue(broken, 2);
    await expectAgreement(page, broken);
    await row(healthy).click();
    await expectAgreement(page, healthy);

    broken.goSilent();
    const noticed = measure('a silent server, from its last word to the page saying so', () =>
      row(broken)
        .getByText(/Not connected|Reconnecting/)
        .waitFor(),
    );
    for (let round = 1; round <= 3; round += 1) {
      const took = await measure('a prompt beside a silent server, from queued to visible', async () => {
        const prompt = countingPrompt({ title: `Round ${round}`, seed: round, secondsPerStep: 0.2 });
        const id = healthy.submit(prompt, otherClient);
        await page.locator(`#job-${id}`).waitFor();
      });
      expect(took).toBeLessThan(5_000);
    }
    expect(await noticed).toBeLessThan(12_000);
    await expectAgreement(page, healthy);

    await row(broken).click();
    const problem = page.getByRole('region', { name: 'Connection problem' });
    await problem.getByText('stopped answering').waitFor();
    broken.submit(quick('Unheard', 70), otherClient);
    broken.speakAgain();
    await page.getByRole('status').getByText('Connected').waitFor();
    await expectAgreement(page, broken);
  });
});

async function post(simulator: Simulator, path: string, body: unknown = {}): Promise<void> {
  const response = await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}
