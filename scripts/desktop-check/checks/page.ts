import { setTimeout as delay } from 'node:timers/promises';
import { countingPrompt, otherClient, videoPrompt } from '../../../simulator/testing/prompts.ts';
import type { CheckedApp } from '../checked-app.ts';
import type { Scene } from '../scene.ts';
import { lookUntil } from './start.ts';

/** Pictures and videos in the page, and the video over the whole screen. */
export async function checkPage({ record, simulator, tap }: Scene, app: CheckedApp): Promise<void> {
  record.group('Outputs in the page');
  simulator.submit(countingPrompt({ title: 'A picture', seed: 1 }), otherClient);
  simulator.submit(videoPrompt('A video'), otherClient);
  await record.expect('the thumbnail of an image', async () => {
    const { width, source } = await app.probe('thumbnail');
    return `${width} pixels wide, from ${source.slice(0, 60)} …`;
  });
  await record.expect('a video in the viewer', async () => (await app.probe('view video')).name);
  await record.expect('a place in the video that is sought', async () => {
    const before = tap.ranges.length;
    const { duration, from, to, ms } = await app.probe('seek');
    const parts = tap.ranges.slice(before).filter((range) => !range.startsWith('bytes=0-'));
    const seen = `from ${from.toFixed(1)} s to ${to.toFixed(1)} s of ${duration.toFixed(1)} s, in ${Math.round(ms)} ms`;
    if (Math.abs(to - duration * 0.8) > 0.5) throw new Error(`the video went ${seen}`);
    if (parts.length === 0) throw new Error(`${seen}, but no part of the file was asked for`);
    return `${seen}; asked for ${parts.join(', ')}`;
  });
  await record.expect('the video over the whole screen', async () => {
    const { full, why } = await app.probe('full screen');
    if (!full) throw new Error(`refused: ${why}`);
    const { windows } = await lookUntil(
      app,
      (look) => look.windows.some(({ page, fullScreen }) => page === 'main' && fullScreen),
      'a window over the whole screen',
      3_000,
    );
    // Its look is what the picture shows; the window system takes its time for the change.
    await delay(300);
    record.picture('The video over the whole screen', await capture(app));
    return `the window, too (${windows.length} window)`;
  });
  await app.probe('leave full screen').catch(() => {});
  await record.expect('the way back from the whole screen', async () => {
    await lookUntil(
      app,
      ({ windows }) => windows.every(({ fullScreen }) => !fullScreen),
      'the end of it',
      5_000,
    );
    const { left } = await app.probe('leave viewer');
    if (!left) throw new Error('Escape did not leave the viewer');
    return 'and out of the viewer';
  });
}

/** What a window shows, as a PNG. */
export async function capture(app: CheckedApp, page: 'main' | 'mini' = 'main'): Promise<Buffer> {
  return Buffer.from((await app.order('capture', { page })).png, 'base64');
}
