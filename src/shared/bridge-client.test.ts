import { expect, it } from 'vitest';
import { BridgeError } from './bridge.ts';
import { createBridgeClient } from './bridge-client.ts';
import { answerCalls, type CallHandlers } from './bridge-host.ts';

const unused = () => {
  throw new Error('not part of this test');
};
const handlers: CallHandlers = {
  getSnapshot: unused,
  setVisible: unused,
  retryConnection: unused,
  addServer: () => ({ serverId: 'new' }),
  changeServer: unused,
  moveServer: unused,
  testServer: unused,
  findServers: unused,
  removeServer: () => {
    throw new BridgeError('It is not watched any more.');
  },
  startDemo: unused,
  stopDemo: unused,
  openOutput: unused,
  interruptJob: unused,
  cancelJobs: unused,
  clearQueue: () => undefined,
  freeMemory: unused,
  findCompanionPlace: unused,
  installCompanion: unused,
};

/** A bridge over JSON, as the browser has it. */
function jsonBridge() {
  const answer = answerCalls(handlers, () => {});
  return createBridgeClient(
    {
      async call(name, request) {
        const frame: unknown = JSON.parse(JSON.stringify({ name, request }));
        const sent =
          typeof frame === 'object' && frame !== null && 'request' in frame ? frame.request : undefined;
        const reply: unknown = JSON.parse(JSON.stringify(await answer(name, sent)));
        return reply;
      },
      onPush: () => () => {},
    },
    () => {},
  );
}

it('takes an answer without a value for done', async () => {
  await expect(jsonBridge().call('clearQueue', { serverId: 's' })).resolves.toBeUndefined();
});

it('gives the value of an answer', async () => {
  const added = jsonBridge().call('addServer', { url: 'studio', name: null });
  await expect(added).resolves.toEqual({ serverId: 'new' });
});

it('gives a refusal in the words of the host', async () => {
  const removed = jsonBridge().call('removeServer', { serverId: 's' });
  await expect(removed).rejects.toThrow(new BridgeError('It is not watched any more.'));
});
