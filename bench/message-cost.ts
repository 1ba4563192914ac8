import { decodeMessage } from '../src/comfy/decode-message.ts';
import type { MonitorEvent } from '../src/shared/monitor-event.ts';
import { emptyState, type MonitorState } from '../src/shared/monitor-state.ts';
import { reduce } from '../src/shared/reduce.ts';
import { benchServer } from './bench-server.ts';
import { runMessages } from './traffic.ts';

const runs = 200;
const rounds = 7;

export interface MessageCost {
  messages: number;
  /** Microseconds per message, best of several rounds. */
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
  const parse = best(() => {
    for (const text of texts) JSON.parse(text);
  });
  const decode = best(() => {
    for (const [n, text] of texts.entries()) decodeMessage(text, sourceAt(n));
  });
  const all = best(() => {
    let state = watchedState();
    for (const [n, text] of texts.entries()) {
      const { event } = decodeMessage(text, sourceAt(n));
      if (event) state = reduce(state, event);
    }
    if (state.servers[0]?.finished.length !== runs) throw new Error('the runs did not arrive in the state');
  });
  const per = (ms: number) => round((ms * 1000) / texts.length);
  return {
    messages: texts.length,
    parseUs: per(parse),
    decodeUs: per(decode),
    decodeAndReduceUs: per(all),
    ratio: round(all / parse),
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

function best(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  return Math.min(...times);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
