import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { otherClient } from '../simulator/testing/prompts.ts';
import { textToImage } from '../simulator/workflows.ts';
import { type FakeDesktop, startFakeDesktop } from './fake-desktop.ts';

/** What the bundler made of the main process; only Electron itself is a stand-in. */
describe('the built main process', () => {
  it('loads and says its version', async () => {
    const app = startFakeDesktop(['--version']);
    onTestFinished(() => app.kill());
    expect(await app.ended).toBe(0);
    expect(app.output()).toBe('1.2.3\n');
  });

  describe('through a working day', () => {
    let folder: string;
    let simulator: Simulator;
    let app: FakeDesktop;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'built-main-'));
      simulator = await startSimulator({ scenario: 'idle', speed: 20, companion: true });
      app = startFakeDesktop(['--user-data-dir', folder, '--server', simulator.url]);
    });
    afterAll(async () => {
      await app?.kill();
      await simulator?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const toolTip = async () => (await app.look()).toolTip;
    const told = async () => (await app.look()).notifications;
    const submit = (title: string, changes: { failure?: string; steps?: number } = {}) => {
      const { graph, workflow } = textToImage({ title, prompt: 'a lighthouse', seed: 1, ...changes });
      return simulator.submit(graph, { ...otherClient, workflow });
    };

    it('shows a window, and in the tray what runs', async () => {
      await expect.poll(toolTip).toContain('Idle');
      expect((await app.look()).visibleWindows).toBe(1);
      submit('Lighthouse at dusk', { steps: 120 });
      await expect.poll(toolTip).toMatch(/Lighthouse at dusk · (\d+%|step \d+ of 120)/);
    });

    it('tells what finished and what failed', async () => {
      await expect.poll(told).toContainEqual({
        title: 'Finished: Lighthouse at dusk',
        body: expect.stringMatching(/\d s · 1 image/),
      });
      submit('Broken bridge', { failure: 'out of memory' });
      await expect.poll(told).toContainEqual({
        title: 'Out of VRAM: Broken bridge',
        body: expect.stringContaining('would exceed allowed memory'),
      });
    });

    it('says when its server is gone, and tells each result once after it is back', async () => {
      await simulator.setReachable(false);
      simulator.dropConnections();
      await expect.poll(toolTip).toContain('not connected');
      await simulator.setReachable(true);
      await expect.poll(toolTip).toContain('Idle');
      const titles = async () => (await told()).map(({ title }) => title);
      submit('Harbour at dawn', { steps: 60 });
      await expect.poll(titles).toContain('Finished: Harbour at dawn');
      // After three announcements all that is held back is told together with the next failure, within ten
      // seconds. What would be told twice would be named in it.
      submit('Last of all', { failure: 'out of memory', steps: 7 });
      await expect.poll(async () => (await titles()).length).toBe(4);
      expect(await titles()).toEqual([
        'Finished: Lighthouse at dusk',
        'Out of VRAM: Broken bridge',
        'Finished: Harbour at dawn',
        'Out of VRAM: Last of all',
      ]);
    });

    it('ends when the tray is asked to quit', async () => {
      app.press('Quit');
      expect(await app.ended).toBe(0);
    });
  });
});
