import { expect, it, onTestFinished, vi } from 'vitest';
import { event, stateAfter } from '../../domain/testing/builders.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { startPageSession } from './page-session.ts';

const queue = (length: number) => event(length, 'queue_length_changed', { length });

function start(host = createFakeHost({ state: stateAfter() })) {
  const reported: string[] = [];
  const session = startPageSession(host.transport, (problem) => reported.push(problem));
  const link = () => session.page.getState().link;
  const queueLength = () => session.monitor.getState().servers[0]?.queueLength;
  return { host, session, reported, link, queueLength };
}

it('is linked once it has the state, and follows what happens', async () => {
  const { host, link, queueLength } = start();
  expect(link()).toBe('starting');
  await vi.waitFor(() => expect(link()).toBe('linked'));
  host.happen(queue(3));
  expect(queueLength()).toBe(3);
});

it('takes a new snapshot when the link comes back, because events were missed', async () => {
  const { host, link, queueLength } = start();
  await vi.waitFor(() => expect(link()).toBe('linked'));
  host.link('lost');
  expect(link()).toBe('lost');
  host.link('connecting');
  host.link('open');
  await vi.waitFor(() => expect(link()).toBe('linked'));
  host.happen(queue(5));
  expect(queueLength()).toBe(5);
});

it('is lost when not even the first snapshot comes', async () => {
  const host = createFakeHost();
  host.transport.call = () => Promise.reject(new Error('nobody there'));
  const { link, reported } = start(host);
  await vi.waitFor(() => expect(link()).toBe('lost'));
  expect(reported).toEqual([expect.stringContaining('nobody there')]);
});

it('asks again, later and later, when a snapshot fails while the link holds', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { host, link, queueLength, reported } = start();
  await vi.advanceTimersByTimeAsync(0);
  const { call } = host.transport;
  let refused = 0;
  host.transport.call = () => {
    refused += 1;
    return Promise.reject(new Error('out of order'));
  };
  host.link('lost');
  host.link('open');
  await vi.advanceTimersByTimeAsync(0);
  expect(link()).toBe('lost');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(30);
  expect(reported).toHaveLength(refused);
  host.transport.call = call;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(link()).toBe('linked');
  host.happen(queue(4));
  expect(queueLength()).toBe(4);
});

it('tells the host whether anybody looks, each change once', async () => {
  const { host, session, link } = start();
  await vi.waitFor(() => expect(link()).toBe('linked'));
  session.setAttention('focused');
  session.setAttention('hidden');
  session.setAttention('hidden');
  session.setAttention('focused');
  expect(host.asked.map(({ request }) => request)).toEqual([
    { attention: 'hidden' },
    { attention: 'focused' },
  ]);
});

it('tells a host that comes back that nobody looks', async () => {
  const { host, session, link } = start();
  await vi.waitFor(() => expect(link()).toBe('linked'));
  session.setAttention('hidden');
  host.link('lost');
  host.link('open');
  await vi.waitFor(() => expect(host.asked).toHaveLength(2));
  expect(host.asked.at(-1)).toEqual({ name: 'setAttention', request: { attention: 'hidden' } });
});

it('reports what the host says against the agreement, and goes on', async () => {
  const { host, reported, link, queueLength } = start();
  await vi.waitFor(() => expect(link()).toBe('linked'));
  host.push('events', { first: 1 });
  host.happen(queue(2));
  expect(reported).toEqual([expect.stringMatching(/^push events/)]);
  expect(queueLength()).toBe(2);
});
