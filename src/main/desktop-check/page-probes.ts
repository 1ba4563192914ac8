import type { ProbeName } from './protocol.ts';

/**
 * What is run in the page, by the name of its probe: fixed texts, as the page's types are not known here. Each is
 * the body of an async function.
 */
export const pageProbes: Readonly<Record<ProbeName, string>> = {
  painted: `
    const heading = await until(() => document.querySelector('h1, main'), 'a heading');
    await until(() => document.visibilityState === 'visible', 'the page to be visible');
    // The second frame comes when the first one has been drawn.
    for (let frames = 0; frames < 2; frames += 1) await new Promise((done) => requestAnimationFrame(done));
    return { heading: (heading.textContent ?? '').slice(0, 200) };`,
  thumbnail: `
    const picture = await until(() => {
      const found = document.querySelector('.thumbnail[data-kind="image"] img');
      return found?.complete && found.naturalWidth > 0 ? found : null;
    }, 'the thumbnail of an image');
    return { width: picture.naturalWidth, source: picture.currentSrc };`,
  'view video': `
    const thumbnail = await until(
      () => document.querySelector('.thumbnail[data-kind="video"]'), 'the thumbnail of a video');
    thumbnail.focus();
    thumbnail.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }));
    await until(() => document.querySelector('video.viewer-video'), 'the video in the viewer');
    return { name: thumbnail.getAttribute('aria-label') ?? '' };`,
  seek: `
    const video = document.querySelector('video.viewer-video');
    if (!video) throw new Error('there is no video in the viewer');
    await until(() => video.readyState > 0, 'the length of the video');
    video.pause();
    const from = video.currentTime;
    const startedAt = performance.now();
    const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
    video.currentTime = video.duration * 0.8;
    await Promise.race([sought, wait(12_000)]);
    if (video.seeking) throw new Error('the video did not get there within 12 s');
    return { duration: video.duration, from, to: video.currentTime, ms: performance.now() - startedAt };`,
  'full screen': `
    const video = document.querySelector('video.viewer-video');
    if (!video) throw new Error('there is no video in the viewer');
    let why = 'nothing happened within 3 s';
    await Promise.race([
      video.requestFullscreen().catch((cause) => { why = String(cause); }),
      wait(3_000),
    ]);
    return { full: document.fullscreenElement === video, why };`,
  'leave full screen': `
    if (document.fullscreenElement) await Promise.race([document.exitFullscreen(), wait(3_000)]);
    return { full: document.fullscreenElement !== null };`,
  'leave viewer': `
    const target = document.activeElement ?? document.body;
    target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    await wait(300);
    return { left: document.querySelector('video.viewer-video') === null };`,
};

/** The whole script of a probe. */
export function probeScript(name: ProbeName): string {
  return `(async () => {
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const until = async (find, what) => {
      for (let tries = 0; tries < 1_000; tries += 1) {
        const found = find();
        if (found) return found;
        await wait(10);
      }
      throw new Error('there was nothing of ' + what + ' within 10 s');
    };
    ${pageProbes[name]}
  })()`;
}
