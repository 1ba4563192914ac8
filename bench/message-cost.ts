import { eventsBy } from '../src/comfy/testing/decoding.ts';
import { decodeMessage } from '../src/comfy/wire/decode-message.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../src/domain/monitor-state.ts';
import { reduce } from '../src/domain/reduce.ts';
import { benchServer } from './bench-server.ts';
import { runMessages } from './traffic.ts';

const runs = 200;
const rounds = 25;

export interface MessageCost {
  messages: number;
  /** Microseconds per message; as all of it, the median of several rounds. */
  parseUs: number;
  decodeUs: number;
  decodeAndReduceUs: number;
  /** Decode, validate and reduce, as a multiple of bare `JSON.parse`. */
  ratio: number;
}

/** What a message costs from text to new state, against bare `JSON.parse` of the same messages. */
export function measureMessageCost(): MessageCost {
  const texts = Array.from({ length: runs }, (_, n) =>
    runMessages(`00000000-0000-4000-8000-${n}`, 30, 20),
  ).flat();
  const parse = timed(() => {
    for (const text of texts) JSON.parse(text);
  });
  const decode = timed(() => {
    for (const [n, text] of texts.entries()) decodeMessage(text, sourceAt(n));
  });
  const all = timed(() => {
    let state = watchedState();
    const told = eventsBy();
    for (const [n, text] of texts.entries()) {
      const event = told(decodeMessage(text, sourceAt(n)).event);
      if (event) state = reduce(state, event);
    }
    if (state.servers[0]?.finished.length !== runs) throw new Error('the runs did not arrive in the state');
  });
  // In turn, so that whatever else the machine does meanwhile hits all alike.
  const measured = Array.from({ length: rounds }, () => ({ parse: parse(), decode: decode(), all: all() }));
  const per = (of: 'parse' | 'decode' | 'all') =>
    round((median(measured.map((one) => one[of])) * 1000) / texts.length);
  return {
    messages: texts.length,
    parseUs: per('parse'),
    decodeUs: per('decode'),
    decodeAndReduceUs: per('all'),
    ratio: round(median(measured.map((one) => one.all / one.parse))),
  };
}

const start = 1_790_000_000_000;

function sourceAt(n: number) {
  return { serverId: 'bench', at: start + n * 10, hostTime: (time: number) => time };
}

function watchedState(): MonitorState {
  const added: MonitorEvent = {
    type: 'server_added',
    serverId: benchServer.id,
    at: start,
    server: benchServer,
  };
  return reduce(emptyState, added);
}

/** Runs something and gives how long that took, ms. */
function timed(run: () => void): () => number {
  return () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
