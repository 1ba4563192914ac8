import { safeParse } from '../domain/text/safe-parse.ts';
import {
  type Bridge,
  BridgeError,
  callReplySchema,
  callSchemas,
  type PushPayload,
  pushSchemas,
} from './bridge.ts';
import { type CallName, type PushName, pushNames } from './bridge-names.ts';

/** What carries calls and pushes: Electron's IPC or a WebSocket. Nothing it delivers is trusted. */
export interface BridgeTransport {
  /** Delivers one call and gives its reply, or rejects if the host cannot be reached. */
  call(name: CallName, request: unknown): Promise<unknown>;
  /** Tells of every push, until the returned function is called. */
  onPush(listener: (name: string, payload: unknown) => void): () => void;
}

/** Characters of what is reported: a push can be wrong in as many places as it has. */
const maxProblem = 500;

/** Makes a typed, validating `Bridge` of a bare transport; `report` hears of pushes that do not conform. */
export function createBridgeClient(transport: BridgeTransport, report: (problem: string) => void): Bridge {
  const listeners: { [N in PushName]: Set<(payload: PushPayload<N>) => void> } = {
    events: new Set(),
    host: new Set(),
    notices: new Set(),
    preferences: new Set(),
    notificationsPaused: new Set(),
    showJob: new Set(),
    showSettings: new Set(),
    downloads: new Set(),
  };

  function deliver<N extends PushName>(name: N, payload: unknown): void {
    const checked = safeParse(pushSchemas[name], payload);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      report(`push ${name}: ${issue?.path.join('.')}: ${issue?.message}`.slice(0, maxProblem));
      return;
    }
    for (const listener of listeners[name]) listener(checked.data);
  }

  transport.onPush((name, payload) => {
    const known = pushNames.find((candidate) => candidate === name);
    if (known) deliver(known, payload);
    else report(`unknown push ${name}`.slice(0, maxProblem));
  });

  return {
    async call(name, request) {
      const reply = safeParse(callReplySchema, await transport.call(name, request));
      if (!reply.success) throw new BridgeError('The monitor gave an answer that cannot be understood.');
      if (!reply.data.ok) throw new BridgeError(reply.data.message);
      const value = safeParse(callSchemas[name].response, reply.data.value);
      if (!value.success) throw new BridgeError(`The monitor's answer to ${name} is not as agreed.`);
      return value.data;
    },
    on(name, listener) {
      listeners[name].add(listener);
      return () => {
        listeners[name].delete(listener);
      };
    },
  };
}
