import { expect, it } from 'vitest';
import { liveText } from '../src/domain/glance/glance-words.ts';
import { serverGlance } from '../src/domain/glance/server-glance.ts';
import { event, queued, stateAfter } from '../src/domain/testing/builders.ts';
import { trayModel } from '../src/main/tray/tray-model.ts';
import { miniModel } from '../src/renderer/mini/mini-model.ts';

const live = { running: [queued('p')], pending: [queued('q'), queued('r')] };

it.each([
  ['idle', [event(0, 'queue_read', { running: [], pending: [] })], 'Idle', 0],
  ['busy', [event(0, 'queue_read', live)], '1 running, 2 waiting', 3],
] as const)('page, mini mode and tray count the same of a server that is %s', (_, events, words, badge) => {
  const state = stateAfter(...events);
  const [server] = state.servers;
  if (!server) throw new Error('no server');
  const page = serverGlance(server, { now: 1_000, today: 0 });
  const mini = miniModel(state, 1_000, (at) => at);
  const tray = trayModel(state, { appName: 'Comfy Monitor', now: 1_000, lookedAt: 0 });
  expect(liveText(page.counts)).toBe(words);
  expect(mini && liveText(mini.counts)).toBe(words);
  expect(tray.tooltip).toContain(`Test: ${words}`);
  expect(tray.icon.badge).toBe(badge);
});
