import { safeParse } from '../../domain/text/safe-parse.ts';
import { t } from '../../language/t.ts';
import { type Bridge, BridgeError, callReplySchema } from './bridge.ts';
import { type CallName, calls } from './calls.ts';
import { isPush, type PushName, pushes } from './pushes.ts';

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
  /** By the name of the push; each checks what it gets. */
  const listeners = new Map<PushName, Set<(payload: unknown) => void>>();

  transport.onPush((name, payload) => {
    if (!isPush(name)) report(`unknown push ${name}`.slice(0, maxProblem));
    else for (const hear of listeners.get(name) ?? []) hear(payload);
  });

  return {
    async call(name, request) {
      const reply = safeParse(callReplySchema, await transport.call(name, request));
      if (!reply.success) throw new BridgeError(t('host.bridge.answer'));
      if (!reply.data.ok) throw new BridgeError(reply.data.message);
      const value = safeParse(calls[name].response, reply.data.value);
      if (!value.success) throw new BridgeError(t('host.bridge.answer_of', { name }));
      return value.data;
    },
    on(name, listener) {
      const hear = (payload: unknown): void => {
        const checked = safeParse(pushes[name], payload);
        if (checked.success) {
          listener(checked.data);
          return;
        }
        const [issue] = checked.error.issues;
        report(`push ${name}: ${issue?.path.join('.')}: ${issue?.message}`.slice(0, maxProblem));
      };
      const others = listeners.get(name);
      if (others) others.add(hear);
      else listeners.set(name, new Set([hear]));
      return () => {
        listeners.get(name)?.delete(hear);
      };
    },
  };
}
