/** Of the strip in the browser: as wide as in the desktop app. */
const size = { width: 360, height: 112 };

/** As much as we use of Chromium's `documentPictureInPicture`, which TypeScript does not know yet. */
interface PictureInPicture {
  requestWindow(size: { width: number; height: number }): Promise<unknown>;
}

/** The browser's window that stays above all others, if it has one. */
export function findPictureInPicture(scope: object): PictureInPicture | null {
  const offered: unknown = Reflect.get(scope, 'documentPictureInPicture');
  return isPictureInPicture(offered) ? offered : null;
}

function isPictureInPicture(value: unknown): value is PictureInPicture {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'requestWindow') === 'function'
  );
}

/** Opens that window, empty and with the styles of this page. Only in answer to a click or a key. */
export async function openTopWindow(pictureInPicture: PictureInPicture): Promise<Window> {
  const opened: unknown = await pictureInPicture.requestWindow(size);
  if (!isWindow(opened)) throw new Error('the browser gave no window');
  const { document: inner } = opened;
  inner.title = document.title;
  for (const style of document.querySelectorAll('style')) inner.head.append(inner.importNode(style, true));
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    const copy = inner.createElement('link');
    copy.rel = 'stylesheet';
    copy.href = link.href;
    inner.head.append(copy);
  }
  return opened;
}

/** Keeps a window as light or dark and as dense as this page, until the returned function is called. */
export function followLook({ document: inner }: Window): () => void {
  const from = document.documentElement;
  const to = inner.documentElement;
  const copy = (): void => {
    for (const name of to.getAttributeNames()) if (!from.hasAttribute(name)) to.removeAttribute(name);
    for (const { name, value } of from.attributes) to.setAttribute(name, value);
  };
  copy();
  const changes = new MutationObserver(copy);
  changes.observe(from, { attributes: true });
  return () => changes.disconnect();
}

/** A window of another document is no instance of this document's `Window`. */
function isWindow(value: unknown): value is Window {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'window') === value;
}

/** Opens this page's mini mode in a small window of its own; false if the browser did not. */
export function openPopUp(): boolean {
  const { width, height } = size;
  return window.open('#mini', 'comfy-monitor-mini', `popup,width=${width},height=${height}`) !== null;
}
