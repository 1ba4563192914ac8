import { fireEvent, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { tooLarge } from '../../domain/monitor-state.ts';
import { unknownFacts } from '../../domain/server.ts';
import { event, stateAfter, testServer } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { ServerDetails } from './server-details.tsx';

function renderDetails(...events: MonitorEvent[]) {
  return renderPart(<ServerDetails serverId="s" />, {
    state: stateAfter(...events),
    answers: { removeServer: () => undefined, stopDemo: () => undefined },
  });
}

const fact = (name: string) => screen.getByText(name).nextElementSibling?.textContent;

it('lists what the server told about itself, and dashes for the rest', async () => {
  const device = { name: 'RTX 4090', type: 'cuda', index: 0, vramTotal: 24 * 1024 ** 3 };
  await renderDetails(
    event(1, 'facts_learnt', {
      facts: {
        ...unknownFacts,
        comfyVersion: '0.27.0',
        crystools: 'absent',
        companion: 'present',
        companionVersion: '1.2',
        devices: [device, { ...device, name: 'RTX 3060', vramTotal: null }],
      },
    }),
  );
  expect(fact('ComfyUI')).toBe('0.27.0');
  expect(fact('Python')).toBe('–');
  expect(fact('Device 0')).toBe('RTX 4090 (24.0 GiB)');
  expect(fact('Device 1')).toBe('RTX 3060');
  expect(fact('Crystools')).toBe('Not found');
  expect(fact('Companion node')).toBe('Installed, version 1.2');
});

it('says what of the server cannot be read, why, and what is done instead', async () => {
  const problem = { kind: 'server-error' as const, detail: '', status: 500 };
  const ended = { source: 'ended_jobs' as const, problem };
  const page = await renderDetails(
    event(1, 'facts_learnt', { facts: { ...unknownFacts, unreadable: [ended] } }),
  );
  screen.getByText(
    'The list of finished prompts (/api/jobs) cannot be read: the server has an error (status 500). The history is read instead.',
  );
  const both = [ended, { source: 'history' as const, problem }];
  await page.after((host) =>
    host.happen(event(2, 'facts_learnt', { facts: { ...unknownFacts, unreadable: both } })),
  );
  expect(screen.queryByText(/history is read instead/)).toBeNull();
});

it('shows the last lines of the log, and which messages were not understood', async () => {
  const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  await renderDetails(
    event(1, 'log_lines_received', { lines }),
    event(2, 'messages_misunderstood', { kind: 'not JSON', count: 3, sample: '{' }),
  );
  expect(screen.getByText(/line 49/).textContent?.split('\n')).toEqual(lines.slice(-40));
  expect(screen.getByText('not JSON').parentElement?.textContent).toBe('not JSON 3 times');
});

it('says what becomes of messages that are too large', async () => {
  await renderDetails(
    event(1, 'messages_misunderstood', { kind: tooLarge, count: 2, sample: '9000000 bytes: {' }),
  );
  expect(screen.getByText('too large').parentElement?.textContent).toBe('too large 2 times');
  screen.getByText(/too large to be read while the server is watched/);
});

it('asks once more before a server is no longer watched', async () => {
  const { user, host } = await renderDetails();
  await user.click(screen.getByRole('button', { name: 'Remove server' }));
  const question = screen.getByRole('alert');
  expect(question.textContent).toContain('Stop watching “Test”?');
  await user.click(within(question).getByRole('button', { name: 'Keep' }));
  expect(host.asked).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Remove server' }));
  await user.click(screen.getByRole('button', { name: 'Remove' }));
  expect(host.asked).toEqual([{ name: 'removeServer', request: { serverId: 's' } }]);
});

it('stops the demo instead of removing it', async () => {
  const { user, host } = await renderDetails(
    event(1, 'server_changed', { server: { ...testServer, demo: true } }),
  );
  await user.click(screen.getByRole('button', { name: 'Stop demo' }));
  expect(host.asked).toEqual([{ name: 'stopDemo', request: undefined }]);
});

it('has the server send its log while the details are open, and no longer', async () => {
  const { host } = await renderDetails();
  const details = screen.getByText('Server details').closest('details');
  if (!details) throw new Error('no details');
  const asked = () => host.asked.filter(({ name }) => name === 'followLog').map(({ request }) => request);
  expect(asked()).toEqual([]);
  details.open = true;
  fireEvent(details, new Event('toggle'));
  expect(asked()).toEqual([{ serverId: 's', on: true }]);
  details.open = false;
  fireEvent(details, new Event('toggle'));
  expect(asked()).toEqual([
    { serverId: 's', on: true },
    { serverId: 's', on: false },
  ]);
});

it('shows the last word of the server', async () => {
  await renderDetails(event(1, 'notification_received', { text: 'KSampler 3: blocked' }));
  screen.getByText(/KSampler 3: blocked/);
});
