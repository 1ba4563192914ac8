/** For tests of decoders: messages as a server writes them, and what they are understood as. */
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { TelemetryMixer } from '../machine/telemetry-mixer.ts';
import { type Decoded, decodeMessage } from '../wire/decode-message.ts';
import type { MessageSource, WireEvent } from '../wire/message-source.ts';

/** When every message of these tests comes in, ms. */
export const receivedAt = 1_800_000_000_000;

/** A server whose clock is an hour behind ours, so that no time passes uncorrected by accident. */
export const source: MessageSource = {
  serverId: 's',
  at: receivedAt,
  hostTime: (serverTime) => serverTime + 3_600_000,
};

/** Decodes `{type, data}`. */
export function decoded(type: string, data: unknown): Decoded {
  return decodeMessage(JSON.stringify({ type, data }), source);
}

/** The event of a message that must be understood completely; null if it does not concern us. */
export function eventOf(type: string, data: unknown): WireEvent | null {
  const { event, misunderstood } = decoded(type, data);
  if (misunderstood) throw new Error(`not understood (${misunderstood.kind}): ${misunderstood.sample}`);
  return event;
}

/** Makes events of the state out of what messages say, as a monitor of server `s` does that hears of nothing else. */
export function eventsBy(mixer = new TelemetryMixer()): (event: WireEvent | null) => MonitorEvent | null {
  return (event) => {
    if (event?.type !== 'machine_measured') return event;
    const mixed = mixer.take(event.source, event.reading);
    return mixed && { type: 'telemetry_sampled', serverId: source.serverId, at: mixed.sample.at, ...mixed };
  };
}
