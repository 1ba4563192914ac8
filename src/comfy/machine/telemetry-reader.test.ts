import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ServerFacts } from '../../domain/server.ts';
import {
  type GpuReading,
  type MachineReading,
  unmeasuredGpu,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { hostNow } from '../host-clock.ts';
import { ComfyRest } from '../rest/comfy-rest.ts';
import type { RestOptions } from '../rest/rest-client.ts';
import { type Answer, startPlainServer } from '../testing/plain-server.ts';
import { LocalReadings } from './local-readings.ts';
import { type MixedTelemetry, TelemetryMixer } from './telemetry-mixer.ts';
import { TelemetryReader } from './telemetry-reader.ts';

const stats = {
  system: { comfyui_version: '0.27.0', os: 'linux', ram_total: 100, ram_free: 60 },
  devices: [{ name: 'RTX', type: 'cuda', index: 0, vram_total: 24, vram_free: 20 }],
};

/** What Crystools says of a GPU; everything but VRAM. */
function spoken(known: Partial<MachineReading> = {}, age = 0): MachineReading {
  return { ...unmeasuredMachine(hostNow() - age), cpuPercent: 9, ramUsed: 50, ramTotal: 100, ...known };
}

const measuredGpu: GpuReading = {
  ...unmeasuredGpu(),
  ...{ loadPercent: 1, temperatureC: 50, vramUsed: 5, vramTotal: 24, vramOwn: 4 },
};

/** This computer, which is that of the server as far as its memory says; how it is measured is up to the test. */
class FakeMachine {
  readonly platform = 'linux';
  free = 60;
  followers = 0;
  gpus: GpuReading[] = [{ ...measuredGpu, name: 'RTX', vramOwn: null }];
  #listener: ((reading: MachineReading) => void) | null = null;
  memory() {
    return { total: 100, free: this.free };
  }
  follow(listener: (reading: MachineReading) => void) {
    this.followers += 1;
    this.#listener = listener;
    return () => {
      this.followers -= 1;
      this.#listener = null;
    };
  }
  isDiskBroken = false;
  async disk() {
    if (this.isDiskBroken) throw new TypeError('statfs is not a function');
    return { used: 3, total: 4, free: 0.5 };
  }
  measure() {
    this.#listener?.({ ...unmeasuredMachine(hostNow()), cpuPercent: 33, gpus: this.gpus });
  }
}

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

interface StartOptions {
  /** Done with the reader before its first answer has come. */
  atOnce?: (speak: (known?: Partial<MachineReading>, age?: number) => void) => void;
  machine?: FakeMachine | null;
}

/** A reader of a server that answers `/system_stats`, started; the clock stands still. */
async function startReader(
  answer: Answer | (() => Answer) = { json: stats },
  { atOnce = () => {}, machine = null }: StartOptions = {},
) {
  const server = await startPlainServer({ routes: { '/system_stats': answer } });
  const samples: TelemetrySample[] = [];
  const told: MixedTelemetry[] = [];
  const facts: Partial<ServerFacts>[] = [];
  const problems: unknown[] = [];
  const rest = new CountedRest({ access: { url: server.url, headers: {}, certificate: null } });
  const reader = new TelemetryReader({
    rest,
    mixer: new TelemetryMixer(),
    local: machine && new LocalReadings({ machine, outputFolder: async () => '/srv/output' }),
    onTelemetry(mixed) {
      samples.push(mixed.sample);
      told.push(mixed);
    },
    onFacts: (learnt) => facts.push(learnt),
    onProblem: (problem) => problems.push(problem),
  });
  onTestFinished(() => reader.stop());
  const speak = (known: Partial<MachineReading> = {}, age = 0) =>
    reader.measured({
      type: 'machine_measured',
      source: 'crystools',
      reading: spoken({ gpus: [measuredGpu], ...known }, age),
    });
  reader.start();
  atOnce(speak);
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
  const companionSpeaks = (gpus = [measuredGpu]) =>
    reader.measured({ type: 'machine_measured', source: 'companion', reading: spoken({ gpus }) });
  return { server, reader, speak, companionSpeaks, samples, told, facts, problems, crystools, pass };
}

describe('telemetry of a server', () => {
  // Once: the clock of the host never goes back, and would stand still.
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it('begins with what the server is, and its memory', async () => {
    const { facts, samples } = await startReader();
    expect(facts).toMatchObject([{ comfyVersion: '0.27.0', devices: [{ name: 'RTX', vramTotal: 24 }] }]);
    expect(samples).toMatchObject([
      { ramUsed: 40, ramTotal: 100, gpus: [{ vramUsed: 4, loadPercent: null }] },
    ]);
  });

  it('is left to Crystools where that measures it all: the server is not asked any more', async () => {
    const { server, speak, samples, crystools, pass } = await startReader();
    await pass(20, () => speak());
    expect(server.asked).toHaveLength(1);
    expect(samples).toHaveLength(21);
    expect(crystools()).toEqual(['present']);
  });

  it('of Crystools is better than an answer that comes after its first word', async () => {
    const { facts, samples } = await startReader({ json: stats }, { atOnce: (speak) => speak() });
    await expect.poll(() => facts.length).toBe(2);
    expect(samples).toMatchObject([{ cpuPercent: 9, gpus: [{ vramUsed: 5 }] }]);
  });

  it('is asked for every two seconds where nobody says anything for three', async () => {
    const { server, samples, crystools, pass } = await startReader();
    await pass(2);
    expect(server.asked).toHaveLength(1);
    await pass(2);
    expect(server.asked).toHaveLength(2);
    expect(crystools()).toEqual([]);
    await pass(16);
    expect(crystools()).toEqual(['absent']);
    expect(server.asked).toHaveLength(10);
    expect(samples).toHaveLength(10);
  });

  it('is asked for when Crystools falls silent, which does not mean that it is gone', async () => {
    const { server, speak, samples, crystools, pass } = await startReader();
    await pass(5, () => speak());
    await pass(10);
    const asked = server.asked.length;
    expect(asked).toBeGreaterThan(2);
    expect(crystools()).toEqual(['present']);
    const gaps = samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at));
    expect(Math.max(...gaps), 'the next source took over').toBeLessThanOrEqual(5_000);
    await pass(3, () => speak());
    const after = server.asked.length;
    await pass(10, () => speak());
    expect(server.asked).toHaveLength(after);
    expect(after - asked).toBeLessThanOrEqual(1);
  });

  it('is not asked for because messages are kept for a while before they are heard', async () => {
    const { server, reader, speak, pass } = await startReader();
    reader.setHold(4_000);
    speak();
    for (let time = 0; time < 6; time += 1) {
      await pass(5);
      // Four that came one after the other, heard at once.
      for (const age of [3_000, 1_500, 0]) speak({}, age);
    }
    expect(server.asked).toHaveLength(1);
  });

  it('has no hole where an answer comes before messages that are kept for a while', async () => {
    const { server, reader, speak, samples, pass } = await startReader();
    reader.setHold(4_000);
    for (let time = 0; time < 12; time += 1) {
      for (const age of [3_000, 2_000, 1_000, 0]) speak({ gpus: [] }, age);
      await pass(4);
    }
    expect(server.asked.length).toBeGreaterThan(3);
    expect(samples.slice(1).filter(({ cpuPercent }) => cpuPercent !== 9)).toEqual([]);
  });

  it('adds what PyTorch holds, now and then and as long as somebody looks', async () => {
    const held = { ...stats, devices: [{ ...stats.devices[0], torch_vram_total: 3, torch_vram_free: 0 }] };
    const { server, reader, speak, told, pass } = await startReader({ json: held });
    const gpus = [{ ...measuredGpu, vramOwn: null }];
    await pass(41, () => speak({ gpus }));
    expect(server.asked.length).toBeGreaterThan(3);
    expect(server.asked.length).toBeLessThanOrEqual(6);
    const ofCrystools = told.slice(1).map(({ machine }) => machine.gpus[0]);
    for (const gpu of ofCrystools)
      expect(gpu).toMatchObject({ vramReserved: 3, sources: { vramUsed: 'crystools' } });
    reader.setHold(4_000);
    await pass(10, () => speak({ gpus }));
    const asked = server.asked.length;
    await pass(60, () => speak({ gpus }));
    expect(server.asked).toHaveLength(asked);
  });

  describe('where Crystools does not measure all that ComfyUI does', () => {
    it('each value is of the source that has it, asked for no more than every two seconds', async () => {
      const { server, speak, samples, pass } = await startReader();
      await pass(20, () => speak({ gpus: [] }));
      for (const sample of samples.slice(1))
        expect(sample).toMatchObject({ cpuPercent: 9, ramUsed: 50, gpus: [{ vramUsed: 4, vramTotal: 24 }] });
      expect(samples.length).toBe(21);
      expect(server.asked.length).toBeGreaterThan(8);
      expect(server.asked.length).toBeLessThanOrEqual(11);
    });

    it('it is asked less often while nobody looks, and not when Crystools has it all again', async () => {
      const { server, reader, speak, pass } = await startReader();
      reader.setHold(4_000);
      await pass(40, () => speak({ gpus: [] }));
      expect(server.asked.length).toBeLessThanOrEqual(6);
      await pass(1, () => speak());
      const asked = server.asked.length;
      await pass(40, () => speak());
      expect(server.asked.length - asked).toBeLessThanOrEqual(1);
    });

    it('what cannot be polled any more is not held for long', async () => {
      let answer: Answer = { json: stats };
      const { speak, samples, pass } = await startReader(() => answer);
      await pass(3, () => speak({ gpus: [] }));
      answer = { status: 500 };
      await pass(15, () => speak({ gpus: [] }));
      expect(samples.at(-1)?.gpus).toMatchObject([{ vramUsed: null }]);
    });
  });

  describe('of a server on this computer', () => {
    it('is measured here from soon after the connection, with the disk of its outputs', async () => {
      const machine = new FakeMachine();
      const { told, pass } = await startReader({ json: stats }, { machine });
      await pass(4, () => machine.measure());
      expect(told.at(-1)?.sample).toMatchObject({ cpuPercent: 33, diskUsed: 3, gpus: [{ loadPercent: 1 }] });
      expect(told.at(-1)?.machine).toMatchObject({
        diskPath: '/srv/output',
        diskHoldsOutputs: true,
        sources: { cpuPercent: 'local', disk: 'local' },
        gpus: [{ isUsed: true, sources: { loadPercent: 'local' } }],
      });
      expect(told.at(-1)?.machine.gpus, 'the same GPU').toHaveLength(1);
    });

    it('is measured but for a disk that cannot be asked', async () => {
      const machine = new FakeMachine();
      machine.isDiskBroken = true;
      const { told, pass } = await startReader({ json: stats }, { machine });
      await pass(14, () => machine.measure());
      expect(told.at(-1)?.sample).toMatchObject({ cpuPercent: 33, diskUsed: null });
    });

    it('is not measured twice: not where the companion does it, but again when that falls silent', async () => {
      const machine = new FakeMachine();
      const { samples, companionSpeaks, pass } = await startReader({ json: stats }, { machine });
      await pass(10, () => {
        companionSpeaks();
        machine.measure();
      });
      expect(machine.followers).toBe(0);
      expect(samples.at(-1)?.cpuPercent).toBe(9);
      await pass(6, () => machine.measure());
      expect(machine.followers).toBe(1);
      expect(samples.at(-1)?.cpuPercent).toBe(33);
      const gaps = samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(5_000);
    });

    it.each([
      ['the load of its GPU', [{ ...measuredGpu, loadPercent: null }]],
      ['any GPU', []],
    ])('is measured beside a companion that cannot tell %s', async (_, gpus) => {
      const machine = new FakeMachine();
      const { told, companionSpeaks, pass } = await startReader({ json: stats }, { machine });
      await pass(10, () => {
        companionSpeaks(gpus);
        machine.measure();
      });
      expect(machine.followers).toBe(1);
      expect(told.at(-1)?.machine).toMatchObject({
        sources: { cpuPercent: 'companion' },
        gpus: [{ sources: { loadPercent: 'local' } }],
      });
    });

    it('is not measured beside a companion where that tells no more of any GPU', async () => {
      const machine = new FakeMachine();
      machine.gpus = [{ ...measuredGpu, loadPercent: null }];
      const { companionSpeaks, pass } = await startReader({ json: stats }, { machine });
      await pass(10, () => {
        companionSpeaks([{ ...measuredGpu, loadPercent: null }]);
        machine.measure();
      });
      expect(machine.followers).toBe(0);
    });

    it('is not measured where it is another one behind a tunnel', async () => {
      const other = { ...stats, system: { ...stats.system, ram_total: 128 * 2 ** 30 } };
      const machine = new FakeMachine();
      const { told, pass } = await startReader({ json: other }, { machine });
      await pass(20, () => machine.measure());
      expect(machine.followers).toBe(0);
      expect(told.every((one) => one.sample.cpuPercent === null)).toBe(true);
    });

    it('nor where it has other GPUs: what was measured by then does not hold', async () => {
      const machine = new FakeMachine();
      machine.gpus = [{ ...measuredGpu, name: 'GTX 1080', uuid: 'GPU-1' }];
      const { told, pass } = await startReader({ json: stats }, { machine });
      await pass(20, () => machine.measure());
      expect(machine.followers).toBe(0);
      expect(told.at(-1)?.machine.gpus).toMatchObject([{ sources: { vramUsed: 'system_stats' } }]);
    });

    it('nor any more where it turns out that it was another one of the same make', async () => {
      const machine = new FakeMachine();
      const { told, pass } = await startReader({ json: stats }, { machine });
      await pass(15, () => machine.measure());
      expect(machine.followers).toBe(1);
      machine.free = 20;
      await pass(50, () => machine.measure());
      expect(machine.followers).toBe(0);
      expect(told.at(-1)?.machine.gpus).toMatchObject([{ sources: { vramUsed: 'system_stats' } }]);
    });

    it('that loses a GPU is still this one', async () => {
      const machine = new FakeMachine();
      const { told, pass } = await startReader({ json: stats }, { machine });
      await pass(4, () => machine.measure());
      machine.gpus = [];
      await pass(4, () => machine.measure());
      expect(machine.followers).toBe(1);
      expect(told.at(-1)?.sample.cpuPercent).toBe(33);
    });

    it('ends with the connection', async () => {
      const machine = new FakeMachine();
      const { reader, pass } = await startReader({ json: stats }, { machine });
      await pass(4);
      expect(machine.followers).toBe(1);
      reader.stop();
      expect(machine.followers).toBe(0);
      await pass(20);
      expect(machine.followers).toBe(0);
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
    const { reader, speak, crystools, pass } = await startReader();
    speak();
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
