import { expect, it } from 'vitest';
import { z } from 'zod';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { createBridgeClient } from '../../contract/bridge/bridge-client.ts';
import { readSettings } from '../../contract/settings.ts';
import { safeParse } from './safe-parse.ts';

/** Sound JSON, that has no length which could be compared. */
const hostile: unknown = JSON.parse('{"length":{"toString":1},"toString":1}');

it('refuses what cannot even be compared', () => {
  const text = z.object({ name: z.string().min(1).max(80) });
  expect(safeParse(text, { name: hostile }).success).toBe(false);
  expect(safeParse(text, { name: 'x' })).toEqual({ success: true, data: { name: 'x' } });
});

it('lets settings and answers of a host be refused in words', async () => {
  expect(readSettings({ version: 2, servers: [{ id: hostile }], preferences: {} })).toMatchObject({
    ok: true,
    settings: { servers: [] },
    leftOut: [expect.stringContaining('cannot be read')],
  });
  const value = { sequence: 1, state: { servers: [{ server: { id: hostile } }] } };
  const bridge = createBridgeClient(
    { call: async () => ({ ok: true, value }), onPush: () => () => {} },
    () => {},
  );
  await expect(bridge.call('getSnapshot', undefined)).rejects.toThrow(BridgeError);
});
