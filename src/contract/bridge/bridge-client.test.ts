import { expect, it } from 'vitest';
import { BridgeError, type CallReply } from './bridge.ts';
import { createBridgeClient } from './bridge-client.ts';

/** A bridge whose host gives one answer, over JSON as in the browser. */
function bridgeTo(reply: CallReply) {
  const answered: unknown = JSON.parse(JSON.stringify(reply));
  return createBridgeClient({ call: async () => answered, onPush: () => () => {} }, () => {});
}

it('takes an answer without a value for done', async () => {
  const cleared = bridgeTo({ ok: true, value: undefined }).call('clearQueue', { serverId: 's' });
  await expect(cleared).resolves.toBeUndefined();
});

it('gives the value of an answer', async () => {
  const bridge = bridgeTo({ ok: true, value: { serverId: 'new' } });
  await expect(bridge.call('startDemo', undefined)).resolves.toEqual({ serverId: 'new' });
});

it('gives a refusal in the words of the host', async () => {
  const bridge = bridgeTo({ ok: false, message: 'It is not watched any more.' });
  await expect(bridge.call('removeServer', { serverId: 's' })).rejects.toThrow(
    new BridgeError('It is not watched any more.'),
  );
});

it('reports a push that is wrong in many places in few words', () => {
  const problems: string[] = [];
  let push: (name: string, payload: unknown) => void = () => {};
  const onPush = (listener: typeof push) => {
    push = listener;
    return () => {};
  };
  const bridge = createBridgeClient({ call: async () => null, onPush }, (problem) => problems.push(problem));
  bridge.on('notices', () => {});
  push(
    'notices',
    Array.from({ length: 1_000 }, () => ({ id: 5 })),
  );
  push('x'.repeat(10_000), null);
  expect(problems).toEqual([
    expect.stringMatching(/^push notices: 0\.id: /),
    expect.stringMatching(/^unknown push x/),
  ]);
  expect(Math.max(...problems.map(({ length }) => length))).toBeLessThanOrEqual(500);
});
