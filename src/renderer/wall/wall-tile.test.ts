import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import {
  ended,
  event,
  image,
  machineWith,
  queued,
  sample,
  serverAfter,
} from '../../domain/testing/builders.ts';
import { wallTile } from './wall-tile.ts';

/** Half past two in the afternoon, where the test runs. */
const now = new Date(2026, 10, 27, 14, 30).getTime();
const second = 1_000;
const at = (...events: MonitorEvent[]) => wallTile(serverAfter(...events), { now, wall: now }, 'linux');
const kind = { title: 'Portrait', nodeTotal: 4 };
const history = (...entries: ReturnType<typeof ended>[]) => event(now, 'history_read', { entries });
const failedAt = (time: number) => ended('bad', { title: 'Broken', outcome: 'error', finishedAt: time });

describe('a server on the wall', () => {
  it('says in large letters when its job is done, as far as earlier runs tell', () => {
    const nodeNames = { 3: { title: 'Sampler', classType: 'KSampler' } };
    const begun = (promptId: string, time: number) => [
      event(time, 'prompt_started', { promptId, startedAt: time }),
      event(time, 'prompt_described', { promptId, title: 'Portrait', nodeTotal: 1, nodeNames }),
      event(time, 'nodes_cached', { promptId, nodeIds: [] }),
      event(time, 'node_started', { promptId, nodeId: '3', displayNodeId: '3' }),
    ];
    const run = (promptId: string, time: number) => {
      const finishedAt = time + 200 * second;
      return [
        ...begun(promptId, time),
        event(finishedAt, 'prompt_finished', { promptId, outcome: 'success', finishedAt, error: null }),
      ];
    };
    const tile = at(
      ...run('a', now - 900 * second),
      ...run('b', now - 600 * second),
      ...begun('p', now - 80 * second),
    );
    expect(tile).toMatchObject({
      headline: 'done about 14:32',
      title: 'Portrait',
      tone: 'busy',
      isRunning: true,
    });
    expect(tile.ended).toBe('2 done today');
  });

  it('says of an idle one what came last', () => {
    const tile = at(
      event(now, 'queue_length_changed', { length: 0 }),
      history(ended('a', { title: 'Boat', finishedAt: now - 9 * second, outputs: [image('boat.png')] })),
    );
    expect(tile).toMatchObject({ headline: 'Idle', title: 'Boat', tone: 'idle', failure: null });
    expect(tile.picture?.output.file?.filename).toBe('boat.png');
  });

  it('makes a failure unmistakable until a good one came after it, and for some minutes at least', () => {
    const good = (time: number) => ended('good', { title: 'Fine', finishedAt: time });
    const minute = 60 * second;
    expect(at(history(failedAt(now - 90 * minute))).failure).toBe('Failed at 13:00: Broken');
    expect(at(history(failedAt(now - 5 * minute), good(now - minute))).failure).toBe(
      'Failed at 14:25: Broken',
    );
    const over = at(history(failedAt(now - 90 * minute), good(now - minute)));
    expect(over).toMatchObject({ failure: null, failedToday: '1 failed today' });
    expect(at(history(failedAt(now - 24 * 60 * minute))).failedToday).toBeNull();
  });

  it('shows each GPU by itself and tells the worst of them', () => {
    const gpu = { loadPercent: 97, temperatureC: 81, vramUsed: 6, vramTotal: 8, powerWatts: null };
    const idle = { ...gpu, loadPercent: 0, temperatureC: 35 };
    const tile = at(
      event(now, 'telemetry_sampled', {
        machine: machineWith({}, {}),
        sample: { ...sample(now), gpus: [idle, gpu] },
      }),
    );
    expect(tile.gpus).toMatchObject([
      { title: 'GPU 0', text: '0% · 35 °C', isWorst: false },
      { title: 'GPU 1', text: '97% · 81 °C', load: 97, vram: 75, isWorst: true },
    ]);
  });

  it('names what is wrong with a connection, and claims nothing of what ran', () => {
    const tile = at(
      event(now, 'queue_read', { running: [queued('p', kind)], pending: [] }),
      event(now, 'connection_changed', {
        connection: {
          phase: 'waiting',
          attempt: 1,
          since: now,
          retryAt: now,
          problem: { kind: 'refused', detail: '', status: null },
        },
      }),
    );
    expect(tile).toMatchObject({
      tone: 'bad',
      headline: 'Not connected',
      isRunning: false,
      live: null,
      gpus: [],
    });
    expect(tile.title).toMatch(/\w/);
  });
});
