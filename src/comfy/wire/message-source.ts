import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { MachineReading } from '../../domain/telemetry/machine-reading.ts';

/** Where and when a message came in; what decoders need besides the message. */
export interface MessageSource {
  serverId: string;
  /** ms since the epoch, host clock. */
  at: number;
  /** Turns a time of the server's clock (ms) into one of ours. */
  hostTime: (serverTime: number) => number;
  /** Whether the server says that its text frames can carry a prompt id (`ServerFeatures`). */
  textsNamePrompts?: boolean;
}

/** What one source on the server measured of its machine; other sources may know better. */
export interface MachineMeasured {
  type: 'machine_measured';
  source: 'companion' | 'crystools';
  reading: MachineReading;
}

/** What a message says. */
export type WireEvent = MonitorEvent | MachineMeasured;

/**
 * What a decoder made of a message: an event; an event that lacks the parts that could not be
 * understood; nothing, because the message does not concern us; or that it could not be understood.
 */
export type Reading = WireEvent | { partly: WireEvent } | 'nothing' | 'misunderstood';
