import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ServerFacts } from '../domain/server.ts';
import type { TelemetrySample } from '../domain/telemetry/telemetry.ts';
import { ComfyRest } from './rest/comfy-rest.ts';
import type { RestOptions } from './rest/rest-client.ts';
import { TelemetryReader } from './telemetry-reader.ts';
import { type Answer, startPlainServer } from './testing/plain-server.ts';

const stats = {
  system: { comfyui_version: '0.27.0', ram_total: 100, ram_free: 60 },
  devices: [{ name: 'RTX', type: 'cuda', index: 0, vram_total: 24, vram_free: 20 }],
};

/** Counts the reads that are under way. */
class CountedRest extends ComfyRest {
  open = 0;
  override async systemStats(options?: RestOptions) {
    this.open += 1;
    return super.systemStats(options).finally(() => {
      this.open -= 1;
    });
  }
}

/** A reader of a server that answers `/system_stats`, started; the clock stands still. */
async function startReader(
  answer: Answer | (() => Answer) = { json: stats },
  atOnce: (reader: TelemetryReader) => void = () => {},
) {
  const server = await startPlainServer({ routes: { '/system_stats': answer } });
  const samples: TelemetrySample[] = [];
  const facts: Partial<ServerFacts>[] = [];
  const problems: unknown[] = [];
  const rest = new CountedRest({ access: { url: server.url, headers: {}, certificate: null } });
  const reader = new TelemetryReader({
    rest,
    onSample: (sample) => samples.push(sample),
    onFacts: (learnt) => facts.push(learnt),
    onProblem: (problem) => problems.push(problem),
  });
  onTestFinished(() => reader.stop());
  reader.start();
  atOnce(reader);
  await vi.advanceTimersByTimeAsync(0);
  await expect.poll(() => facts.length + problems.length).toBeGreaterThan(0);
  const crystools = () => facts.flatMap((learnt) => learnt.crystools ?? []);
  /** Lets time pass in small steps; answers take none of it. */
  async function pass(seconds: number, everySecond = () => {}): Promise<void> {
    for (let n = 0; n < seconds; n += 1) {
      everySecond();
      await vi.advanceTimersByTimeAsync(1_000);
      do await new Promise((done) => setImmediate(done));
      while (rest.open > 0);
    }
  }
  return { server, reader, samples, facts, problems, crystools, pass };
}

describe('telemetry of a server', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('begins with what the server is, and its memory', async () => {
    const { facts, samples } = await startReader();
    expect(facts).toMatchObject([{ comfyVersion: '0.27.0', devices: [{ name: 'RTX', vramTotal: 24 }] }]);
    expect(samples).toMatchObject([
      { ramUsed: 40, ramTotal: 100, gpus: [{ vramUsed: 4, loadPercent: null }] },
    ]);
  });

  it('is left to Crystools where that speaks: the server is not asked any more', async () => {
    const { server, reader, samples, crystools, pass } = await startReader();
    await pass(20, () => reader.crystoolsSpoke(Date.now()));
    expect(server.asked).toHaveLength(1);
    expect(samples).toHaveLength(1);
    expect(crystools()).toEqual(['present']);
  });

  it('of Crystools is better than an answer that comes after its first word', async () => {
    const { facts, samples } = await startReader({ json: stats }, (reader) =>
      reader.crystoolsSpoke(Date.now()),
    );
    await expect.poll(() => facts.length).toBe(2);
    expect(samples).toEqual([]);
  });

  it('is asked for every two seconds where Crystools says nothing for five', async () => {
    const { server, samples, crystools, pass } = await startReader();
    await pass(4);
    expect(server.asked).toHaveLength(1);
    expect(crystools()).toEqual([]);
    await pass(16);
    expect(crystools()).toEqual(['absent']);
    expect(server.asked).toHaveLength(9);
    expect(samples).toHaveLength(9);
  });

  it('is asked for when Crystools falls silent, which does not mean that it is gone', async () => {
    const { server, reader, crystools, pass } = await startReader();
    await pass(5, () => reader.crystoolsSpoke(Date.now()));
    await pass(10);
    const asked = server.asked.length;
    expect(asked).toBeGreaterThan(2);
    expect(crystools()).toEqual(['present']);
    await pass(3, () => reader.crystoolsSpoke(Date.now()));
    const after = server.asked.length;
    await pass(10, () => reader.crystoolsSpoke(Date.now()));
    expect(server.asked).toHaveLength(after);
    expect(after - asked).toBeLessThanOrEqual(1);
  });

  it('is not asked for because messages are kept for a while before they are heard', async () => {
    const { server, reader, pass } = await startReader();
    reader.setHold(4_000);
    reader.crystoolsSpoke(Date.now());
    for (let time = 0; time < 6; time += 1) {
      await pass(6);
      // Four that came one after the other, heard at once.
      for (const age of [3_000, 1_500, 0]) reader.crystoolsSpoke(Date.now() - age);
    }
    expect(server.asked).toHaveLength(1);
  });

  describe('where Crystools does not measure all that ComfyUI does', () => {
    const spoken = (): TelemetrySample => ({
      at: Date.now(),
      cpuPercent: 9,
      ramUsed: 50,
      ramTotal: 100,
      diskUsed: null,
      diskTotal: null,
      gpus: [],
    });

    it('each value is of the source that has it, asked for no more than every two seconds', async () => {
      const { server, reader, pass } = await startReader();
      const told: TelemetrySample[] = [];
      await pass(20, () => {
        told.push(reader.completed(spoken()));
        reader.crystoolsSpoke(Date.now());
      });
      for (const sample of told)
        expect(sample).toMatchObject({ cpuPercent: 9, ramUsed: 50, gpus: [{ vramUsed: 4, vramTotal: 24 }] });
      expect(server.asked.length).toBeGreaterThan(8);
      expect(server.asked.length).toBeLessThanOrEqual(11);
    });

    it('it is asked less often while nobody looks, and not when Crystools has it all again', async () => {
      const { server, reader, pass } = await startReader();
      reader.setHold(4_000);
      const speak = (sample: TelemetrySample) => {
        reader.completed(sample);
        reader.crystoolsSpoke(Date.now());
      };
      await pass(40, () => speak(spoken()));
      expect(server.asked.length).toBeLessThanOrEqual(6);
      const gpus = [{ loadPercent: 1, temperatureC: 50, vramUsed: 5, vramTotal: 24 }];
      await pass(1, () => speak({ ...spoken(), gpus }));
      const asked = server.asked.length;
      await pass(40, () => speak({ ...spoken(), gpus }));
      expect(server.asked.length - asked).toBeLessThanOrEqual(1);
    });

    it('what cannot be polled any more is not held for long', async () => {
      let answer: Answer = { json: stats };
      const { reader, pass } = await startReader(() => answer);
      await pass(3, () => {
        reader.completed(spoken());
        reader.crystoolsSpoke(Date.now());
      });
      answer = { status: 500 };
      await pass(15, () => reader.crystoolsSpoke(Date.now()));
      expect(reader.completed(spoken()).gpus).toEqual([]);
    });
  });

  it('that cannot be had is said to be a problem, and asked for again', async () => {
    const { server, problems, samples, pass } = await startReader({ status: 500 });
    expect(problems).toHaveLength(1);
    await pass(10);
    expect(server.asked.length).toBeGreaterThan(1);
    expect(samples).toEqual([]);
  });

  it('starts over with every connection: the extension may have been removed', async () => {
    const { reader, crystools, pass } = await startReader();
    reader.crystoolsSpoke(Date.now());
    reader.start();
    await pass(6);
    expect(crystools()).toEqual(['present', 'absent']);
  });

  it('ends when it is told to', async () => {
    const { reader, server, facts, pass } = await startReader();
    reader.stop();
    await pass(10);
    expect(server.asked).toHaveLength(1);
    expect(facts).toHaveLength(1);
  });
});
