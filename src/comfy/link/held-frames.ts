/** A frame of the socket, and when it came. */
export interface Frame {
  content: string | Buffer;
  /** ms since the epoch, host clock. */
  at: number;
}

/** Frames of this many bytes together, or so many, are taken at once. */
const maxBytes = 1_048_576;
const maxFrames = 500;

/** How long what is shown in the tray may be late while no page is looked at, ms. */
const progressPatience = 2_000;
/** How long the machine's figures may, of which only an alert makes anything, ms. */
const telemetryPatience = 4_000;
/** No frame waits longer than this, ms. */
export const longestHold = telemetryPatience;

/** While a page is looked at: the messages and the picture of one step come together within so many ms. */
const stepSpan = 40;
/** What moves on is shown so often, every so many ms: each time the page draws it all. */
const seenPace = 500;

/**
 * How long a frame may wait while no page is looked at, ms: those that come again and again may, all others change what
 * is shown and may not. `executing` without a node is the end of a prompt.
 */
export function patienceOf(content: string | Buffer): number {
  if (typeof content !== 'string') return progressPatience;
  const type = /^\{\s*"type"\s*:\s*"([^"]{1,40})"/.exec(content)?.[1];
  switch (type) {
    case 'crystools.monitor':
    case 'comfy_monitor.telemetry':
      return telemetryPatience;
    case 'progress':
    case 'progress_state':
      return progressPatience;
    case 'executing':
      return /"node"\s*:\s*null/.test(content.slice(0, 500)) ? 0 : progressPatience;
    default:
      return 0;
  }
}

/** How long one may wait while a page is looked at, if the last ones were taken `since` ms ago. */
function seenPatienceOf(content: string | Buffer, since: number): number {
  return patienceOf(content) === 0 ? 0 : Math.max(stepSpan, seenPace - since);
}

/**
 * Keeps frames until they are worth waking up for, in their order and with the times at which they came. What a
 * process does costs several times as much when it does a little of it many times a second: the processor has to
 * fetch the same code and data anew each time (measured with Electron 22: 3 ms of work cost 14 ms once a second).
 */
export class HeldFrames {
  readonly #take: (frames: readonly Frame[]) => void;
  #frames: Frame[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #takenAt = Number.NEGATIVE_INFINITY;
  #seen = true;

  constructor(take: (frames: readonly Frame[]) => void) {
    this.#take = take;
  }

  /** Whether a page is looked at; what waits longer than it now may is handed over. */
  setSeen(seen: boolean): void {
    this.#seen = seen;
    if (seen) this.flush();
  }

  add(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.content.length;
    const now = performance.now();
    const patience = this.#seen
      ? seenPatienceOf(frame.content, now - this.#takenAt)
      : patienceOf(frame.content);
    if (patience === 0 || this.#bytes > maxBytes || this.#frames.length >= maxFrames) {
      this.flush();
      return;
    }
    const dueAt = now + patience;
    if (dueAt >= this.#dueAt) return;
    this.#stopTimer();
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.flush(), patience);
  }

  /** Hands over what is kept. */
  flush(): void {
    const frames = this.#frames;
    this.clear();
    if (frames.length === 0) return;
    this.#takenAt = performance.now();
    this.#take(frames);
  }

  /** Forgets what is kept. */
  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#stopTimer();
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
