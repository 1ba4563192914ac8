/** Pauses before the next try, ms: a second in all. */
const pauses = [10, 20, 40, 80, 100, 150, 200, 200, 200];

/** What Windows says of a file that a virus scanner or an indexer has open, as they do after every write. */
const busyOnWindows = ['EBUSY', 'EPERM', 'EACCES'];
/** Elsewhere a file can be replaced while another process reads it: what is refused stays refused. */
const busyElsewhere = ['EBUSY'];

/** Does something to a file, again and again for a second while another process has the file open. */
export async function retryWhileBusy<T>(action: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await action();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return action();
}

/** The same where nothing asynchronous is waited for any more, as at the end of the app. */
export function retryWhileBusyNow<T>(action: () => T): T {
  for (const pause of pauses) {
    try {
      return action();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
  return action();
}

function isBusy(cause: unknown): boolean {
  return (process.platform === 'win32' ? busyOnWindows : busyElsewhere).includes(codeOf(cause));
}

/** The system's name for what went wrong with a file, such as `EACCES`. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
