import type { MonitorEvent } from '../domain/monitor-event.ts';
import type { Redaction } from './rest/redaction.ts';

export interface EventOutletOptions {
  redaction: Redaction;
  /** Takes events in their order; several at once where several frames were read at once. */
  emit: (...events: MonitorEvent[]) => void;
  /** Hands over what came before, and is still held back. */
  flush: () => void;
}

/** Where all events of a server leave: free of secrets, in their order, and none after the end. */
export class EventOutlet {
  readonly #options: EventOutletOptions;
  /** Events of the frames that are being read; null between them. */
  #gathered: MonitorEvent[] | null = null;
  #stopped = false;

  constructor(options: EventOutletOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  emit(raw: MonitorEvent): void {
    if (this.#stopped) return;
    const event = this.#options.redaction.event(raw);
    if (this.#gathered) {
      this.#gathered.push(event);
      return;
    }
    // What came before leaves before.
    this.#options.flush();
    this.#options.emit(event);
  }

  /** Passes on together what is emitted while `action` runs, so that pages need not look at each event. */
  gather(action: () => void): void {
    const gathered: MonitorEvent[] = [];
    this.#gathered = gathered;
    try {
      action();
    } finally {
      this.#gathered = null;
    }
    if (this.#stopped) return;
    // A peak between two samples is worth an alert: each of them is looked at.
    for (const sample of gathered.filter(({ type }) => type === 'telemetry_sampled'))
      this.#options.emit(sample);
    const others = gathered.filter(({ type }) => type !== 'telemetry_sampled');
    if (others.length > 0) this.#options.emit(...others);
  }
}
