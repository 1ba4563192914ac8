import { expect, it, vi } from 'vitest';
import { findDesktopTransport } from './desktop-transport.ts';

it('uses the bridge that the desktop app offers', async () => {
  const offered = { call: vi.fn(async () => 'reply'), onPush: vi.fn(() => () => {}) };
  const transport = findDesktopTransport({ monitorBridge: offered });
  expect(await transport?.call('stopDemo', undefined)).toBe('reply');
  expect(offered.call).toHaveBeenCalledWith('stopDemo', undefined);
});

it.each([[{}], [{ monitorBridge: null }], [{ monitorBridge: { call: 'not a function' } }]])(
  'finds none in %j',
  (scope) => {
    expect(findDesktopTransport(scope)).toBeNull();
  },
);
