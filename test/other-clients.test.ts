import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { countingPrompt, failingPrompt } from '../simulator/testing/prompts.ts';
import { TestClient } from '../simulator/testing/test-client.ts';
import { measure } from './measure.ts';
import { type Stage, useStage } from './stage.ts';
import { startTap, type Tap } from './tap.ts';

/** The submitter: the page of ComfyUI in a browser, or a script. */
const submitterId = '5f0c4a1e8f1b4f5c9a77c0ffee000001';

interface Scene {
  simulator: Simulator;
  tap: Tap;
  submitter: TestClient;
  page: Page;
  running: Locator;
  outputs: Locator;
  /** The item of a prompt among the finished ones. */
  finished(title: string): Locator;
}

async function openScene(stage: Stage, companion: boolean): Promise<Scene> {
  const simulator = await stage.simulator({ companion });
  const tap = await startTap(simulator.port);
  stage.onEnd(() => tap.close());
  const submitter = await TestClient.connect(simulator.url, `clientId=${submitterId}`);
  stage.onEnd(() => submitter.close());
  const page = await stage.page(await stage.monitor(['--server', tap.url]));
  await page.getByText('Nothing is running').waitFor();
  const region = (name: string) => page.getByRole('region', { name });
  return {
    simulator,
    tap,
    submitter,
    page,
    running: region('Running'),
    outputs: region('Outputs'),
    finished: (title) => region('Finished').getByRole('listitem').filter({ hasText: title }),
  };
}

async function expectLoaded(picture: Locator): Promise<void> {
  await expect
    .poll(() =>
      picture.evaluateAll((images) =>
        images.some((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      ),
    )
    .toBe(true);
}

/** The monitor may not take the id of the submitter, to whom ComfyUI would then send nothing any more. */
function expectOwnIds({ tap, submitter }: Scene): void {
  expect(tap.clientIds.length).toBeGreaterThan(0);
  expect(new Set(tap.clientIds).size).toBe(tap.clientIds.length);
  for (const id of tap.clientIds) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).not.toBe(submitterId);
  }
  expect(submitter.types()).toContain('execution_success');
}

describe('prompts of another client, on a ComfyUI as it comes', () => {
  const stage = useStage();
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(stage, false);
  });

  it('appear on the page shortly after they were queued', async () => {
    const { simulator, page, running } = scene;
    const prompt = countingPrompt({ title: 'Harbour at night', seed: 1, steps: 40, secondsPerStep: 0.1 });
    const took = await measure("another client's prompt, from queued to visible", async () => {
      const id = simulator.submit(prompt, { clientId: submitterId });
      await page.locator(`#job-${id}`).waitFor();
    });
    expect(took).toBeLessThan(5_000);
    await running.getByRole('article', { name: 'Harbour at night' }).waitFor();
  });

  it('are shown without progress that was not reported, and with the reason', async () => {
    const { running } = scene;
    await running.getByText('only to the page that queued it').waitFor();
    const whole = running.getByRole('progressbar', { name: 'Whole prompt' });
    expect(await whole.getAttribute('aria-valuenow')).toBeNull();
  });

  it('end with their image', async () => {
    const { finished, outputs } = scene;
    await finished('Harbour at night').getByText('Done').waitFor();
    const thumbnail = outputs.getByRole('button', { name: /^Harbour-at-night_\d+_\.png$/ });
    await expectLoaded(thumbnail.locator('img'));
  });

  it('say why they failed: message, node and traceback', async () => {
    const { simulator, finished } = scene;
    simulator.submit(failingPrompt('Too strong'), { clientId: submitterId });
    const item = finished('Too strong');
    await item.getByText('Failed').waitFor();
    await item.getByText('Why').click();
    await item.getByText('ValueError: strength must be between 0.0 and 1.0, got 1.75').first().waitFor();
    // A prompt that fails at once is over before the monitor reads what its nodes are called.
    await item.getByText(/In the node “Apply style” \(id 2, SimulatorFailure\)/).waitFor();
    const traceback = item.getByRole('region', { name: 'Traceback' });
    expect(await traceback.innerText()).toContain('raise ValueError');
  });

  it('keep their client id to themselves', () => expectOwnIds(scene));
});

describe('prompts of another client, with the companion node', () => {
  const stage = useStage();
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(stage, true);
    await scene.page.getByText('Server details').click();
    await scene.page.getByText(/Installed, version/).waitFor();
    const prompt = countingPrompt({ title: 'Lantern festival', seed: 2, steps: 60, secondsPerStep: 0.1 });
    scene.simulator.submit(prompt, { clientId: submitterId });
  });

  it('show the node that runs, and its steps', async () => {
    const job = scene.running.getByRole('article', { name: 'Lantern festival' });
    await job.getByText('Pretend sampler', { exact: true }).first().waitFor();
    const bar = job.getByRole('progressbar', { name: 'Steps of Pretend sampler' });
    const seen = new Set<string | null>();
    await expect.poll(async () => seen.add(await bar.getAttribute('aria-valuenow')).size).toBeGreaterThan(2);
    expect(await bar.getAttribute('aria-valuemax')).toBe('60');
    await job
      .getByText(/^\d+ of 60$/)
      .first()
      .waitFor();
  });

  it('show their preview', async () => {
    await expectLoaded(scene.running.getByRole('img', { name: 'Newest preview' }));
  });

  it('end with their image', async () => {
    await scene.finished('Lantern festival').getByText('Done').waitFor();
    await expectLoaded(scene.outputs.getByRole('button', { name: /^Lantern-festival/ }).locator('img'));
  });

  it('keep their client id to themselves, across a broken connection too', async () => {
    const before = scene.tap.clientIds.length;
    scene.simulator.dropConnections();
    await expect.poll(() => scene.tap.clientIds.length).toBeGreaterThan(before);
    expectOwnIds(scene);
  });
});
