import { safeParse } from '../../domain/text/safe-parse.ts';
import { t } from '../../language/t.ts';
import { BridgeError, type CallReply } from './bridge.ts';
import { type CallName, type CallRequest, type CallResponse, calls, isCall } from './calls.ts';

/** What a host does for each call. A thrown `BridgeError` reaches the user as its message. */
export type CallHandlers = {
  [N in CallName]: (request: CallRequest<N>) => CallResponse<N> | Promise<CallResponse<N>>;
};

/**
 * Answers calls from a page: checks name and request, runs the handler, never throws. `report` hears of
 * failures that were not meant for people.
 */
export function answerCalls(
  handlers: CallHandlers,
  report: (problem: string, cause: unknown) => void,
): (name: unknown, request: unknown) => Promise<CallReply> {
  async function answer<N extends CallName>(name: N, request: unknown): Promise<CallReply> {
    const checked = safeParse(calls[name].request, request);
    if (!checked.success) return { ok: false, message: t('host.bridge.request', { name }) };
    try {
      return { ok: true, value: await handlers[name](checked.data) };
    } catch (cause) {
      if (cause instanceof BridgeError) return { ok: false, message: cause.message };
      report(`call ${name} failed`, cause);
      return { ok: false, message: t('host.bridge.failed') };
    }
  }
  return async (name, request) => {
    return isCall(name) ? answer(name, request) : { ok: false, message: t('host.bridge.unknown') };
  };
}
