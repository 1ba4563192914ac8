/** Pauses before the next try, ms: a second in all. */
const pauses = [10, 20, 40, 80, 100, 150, 200, 200, 200];

/** What Windows says of a file that a virus scanner or an indexer has open, as they do after every write. */
const heldOnWindows = ['EBUSY', 'EPERM', 'EACCES'];
/** Elsewhere, nobody keeps others from a file by reading it: what is refused stays refused. */
const held = ['EBUSY'];

/** Does something to a file, again and again for a second while somebody else holds the file. */
export async function outwait<T>(action: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await action();
    } catch (cause) {
      if (!isHeld(cause)) throw cause;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return action();
}

/** The same where nothing asynchronous is waited for any more, as at the end of the app. */
export function outwaitNow<T>(action: () => T): T {
  for (const pause of pauses) {
    try {
      return action();
    } catch (cause) {
      if (!isHeld(cause)) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
  return action();
}

function isHeld(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return (process.platform === 'win32' ? heldOnWindows : held).includes(code);
}
