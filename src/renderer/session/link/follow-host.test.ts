import { describe, expect, it, vi } from 'vitest';
import { createBridgeClient } from '../../../contract/bridge/bridge-client.ts';
import { answerCalls } from '../../../contract/bridge/bridge-host.ts';
import { defaultPreferences } from '../../../contract/preferences.ts';
import type { EventBatch } from '../../../contract/snapshot.ts';
import { handlersThat } from '../../../contract/testing/call-handlers.ts';
import { desktopHostWith } from '../../../contract/testing/hosts.ts';
import { serverStateOf } from '../../../domain/monitor-state.ts';
import { createMonitorStore } from '../../../domain/store.ts';
import { event, stateAfter } from '../../../domain/testing/builders.ts';
import { followHost, type HostView } from './follow-host.ts';

const desktopHost = desktopHostWith({ keepsSecrets: null });

const refuse = () => {
  throw new Error('not in this test');
};

/** A host and a page joined by a transport that can lose batches. */
function joined() {
  const host = createMonitorStore(stateAfter());
  let sequence = 0;
  let snapshots = 0;
  let refusing = false;
  let delay: Promise<void> | null = null;
  let push: (name: string, payload: unknown) => void = () => {};
  const handlers = handlersThat(refuse, {
    getSnapshot: async () => {
      snapshots += 1;
      if (refusing) throw new Error('out of order');
      await delay;
      return {
        sequence,
        now: 5_000,
        state: host.getState(),
        host: desktopHost,
        notices: [],
        preferences: defaultPreferences,
        notificationsPausedUntil: null,
      };
    },
  });
  const answer = answerCalls(handlers, () => {});
  const report = vi.fn();
  const bridge = createBridgeClient(
    {
      call: answer,
      onPush(listener) {
        push = listener;
        return () => {};
      },
    },
    report,
  );
  const page = createMonitorStore();
  const failures: unknown[] = [];
  const views: Partial<HostView>[] = [];
  const following = followHost(
    bridge,
    page,
    (view) => views.push(view),
    (cause) => failures.push(cause),
  );
  return {
    bridge,
    page,
    following,
    report,
    failures,
    views,
    snapshots: () => snapshots,
    refuse: (on: boolean) => {
      refusing = on;
    },
    /** Snapshots wait for the function that this gives. */
    hold: () => {
      let release = () => {};
      delay = new Promise((done) => {
        release = done;
      });
      return () => {
        delay = null;
        release();
      };
    },
    length: () => serverStateOf(page.getState(), 's')?.queueLength,
    /** Something happens in the host; the batch is given back for sending. */
    happen(length: number): EventBatch {
      const happened = event(sequence + 1, 'queue_length_changed', { length });
      host.apply([happened]);
      sequence += 1;
      return { first: sequence, last: sequence, events: [happened] };
    },
    send: (batch: EventBatch) => push('events', structuredClone(batch)),
    sendRaw: (name: string, payload: unknown) => push(name, payload),
  };
}

describe('a page following its host', () => {
  it('starts from a snapshot and goes on with the batches', async () => {
    const { happen, send, length } = joined();
    send(happen(1)); // while the snapshot is still on its way
    await expect.poll(length).toBe(1);
    send(happen(2));
    expect(length()).toBe(2);
  });

  it('asks for a new snapshot when a batch was lost', async () => {
    const { happen, send, length, snapshots } = joined();
    await expect.poll(length).toBe(null);
    happen(1);
    send(happen(2));
    await expect.poll(length).toBe(2);
    expect(snapshots()).toBe(2);
  });

  it('does not apply again what the snapshot already has', async () => {
    const { happen, send, length, snapshots } = joined();
    const early = happen(7);
    send(early);
    await expect.poll(length).toBe(7);
    send(early);
    expect(length()).toBe(7);
    expect(snapshots()).toBe(1);
  });

  it('knows everything after a snapshot that could not be had at first', async () => {
    const { happen, send, length, snapshots, failures, refuse, following } = joined();
    await expect.poll(length).toBe(null);
    refuse(true);
    happen(1);
    send(happen(2));
    await expect.poll(() => failures.length).toBe(1);
    for (let n = 3; n < 2_000; n += 1) send(happen(n));
    expect(snapshots()).toBe(2);
    refuse(false);
    following.refresh();
    await expect.poll(length).toBe(1_999);
    send(happen(7));
    expect(length()).toBe(7);
    expect(snapshots()).toBe(3);
  });

  it('is right after a snapshot that was so slow that not all could be kept for it', async () => {
    const { happen, send, length, hold, snapshots } = joined();
    await expect.poll(length).toBe(null);
    const release = hold();
    happen(1);
    send(happen(2));
    for (let n = 3; n <= 1_000; n += 1) send(happen(n));
    release();
    await expect.poll(length).toBe(1_000);
    expect(snapshots()).toBeLessThanOrEqual(3);
  });

  it('hears when its host can do more than before', async () => {
    const { sendRaw, views } = joined();
    await expect.poll(() => views.length).toBe(1);
    sendRaw('host', desktopHostWith({ keepsSecrets: true }));
    expect(views.map(({ host }) => host?.desktop?.keepsSecrets)).toEqual([null, true]);
  });

  it('reports a push that does not conform and goes on', async () => {
    const { happen, send, sendRaw, length, report } = joined();
    await expect.poll(length).toBe(null);
    sendRaw('events', { first: 'one' });
    sendRaw('surprise', {});
    send(happen(3));
    expect(length()).toBe(3);
    expect(report).toHaveBeenCalledTimes(2);
  });
});

describe('calls', () => {
  it('are refused with a sentence when the request is not as agreed', async () => {
    const answer = answerCalls(handlersThat(refuse, { setAttention: () => undefined }), () => {});
    expect(await answer('setAttention', { attention: 'yes' })).toMatchObject({ ok: false });
    expect(await answer('format_disk', {})).toMatchObject({ ok: false });
    expect(await answer('__proto__', {})).toMatchObject({ ok: false });
    expect(await answer('setAttention', { attention: 'focused' })).toEqual({ ok: true, value: undefined });
  });

  it('never show people an inner failure, but log it', async () => {
    const report = vi.fn();
    const reply = await answerCalls(handlersThat(refuse), report)('stopDemo', undefined);
    expect(reply).toMatchObject({ ok: false, message: expect.stringContaining('went wrong') });
    expect(report).toHaveBeenCalledWith('call stopDemo failed', expect.any(Error));
  });
});
