import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FiguresSoFar } from '../jobs/job.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import { monitorStateSchema } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import { ended, event, machineWith, sample, serverAfter, stateAfter } from '../testing/builders.ts';
import { type GpuState, unknownMachine } from './machine-state.ts';
import { runFigures } from './run-figures.ts';
import { appendSample, emptySeries, type TelemetrySample, type TelemetrySeries } from './telemetry.ts';

const second = 1_000;
const minute = 60 * second;
const GiB = 1024 ** 3;

/** A sample of GPUs with 24 GiB, of which so much (GiB) is used. */
function vram(at: number, ...used: (number | null)[]): TelemetrySample {
  const gpus = used.map((amount) => ({
    loadPercent: null,
    temperatureC: null,
    vramUsed: amount === null ? null : amount * GiB,
    vramTotal: 24 * GiB,
    powerWatts: null,
  }));
  return { ...sample(at), gpus };
}

function measured(...samples: TelemetrySample[]): TelemetrySeries {
  return samples.reduce((series, one) => appendSample(series, one, unknownMachine), emptySeries);
}

/** Of what was used, second by second (GiB), from second 0 on. */
function everySecond(...used: (number | null)[]): TelemetrySeries {
  return measured(...used.map((amount, index) => vram(index * second, amount)));
}

/** The peak in GiB of a run between two moments, s. */
function peak(series: TelemetrySeries, from: number, until: number, soFar: FiguresSoFar | null = null) {
  const run = { startedAt: from * second, finishedAt: until * second, figuresSoFar: soFar };
  const use = runFigures(series, run).peakVram;
  return use && use.used / GiB;
}

describe('the peak of VRAM', () => {
  it('is the highest use between start and end', () => {
    const series = everySecond(23, 5, 6, 19.7, 8, 7, 22);
    expect(peak(series, 0.5, 5.5)).toBe(19.7);
    expect(peak(series, 0, 6)).toBe(23);
  });

  it('is that of the fullest GPU', () => {
    const small = {
      loadPercent: null,
      temperatureC: null,
      vramUsed: 7 * GiB,
      vramTotal: 8 * GiB,
      powerWatts: null,
    };
    const gpus = [...vram(0, 20).gpus, small];
    const series = measured(...[0, 1, 2, 3, 4].map((n) => ({ ...sample(n * second), gpus })));
    const run = { startedAt: 0, finishedAt: 4 * second, figuresSoFar: null };
    expect(runFigures(series, run).peakVram).toEqual({ used: 7 * GiB, total: 8 * GiB });
  });

  it('is not told of a time that was not measured throughout', () => {
    const steady = (from: number, until: number) =>
      Array.from({ length: until - from + 1 }, (_, n) => vram((from + n) * second, 9));
    expect(peak(measured(...steady(0, 60)), 0, 60)).toBe(9);
    expect(peak(measured(...steady(0, 60)), -6, 60), 'came later').toBeNull();
    expect(peak(measured(...steady(0, 60)), 0, 66), 'ended early').toBeNull();
    expect(peak(measured(...steady(0, 20), ...steady(26, 60)), 0, 60), 'was interrupted').toBeNull();
    expect(peak(measured(...steady(0, 20), ...steady(25, 60)), 0, 60), 'was late once').toBe(9);
    const blind = steady(21, 30).map((one) => vram(one.at, null));
    expect(peak(measured(...steady(0, 20), ...blind, ...steady(31, 60)), 0, 60), 'was blind').toBeNull();
  });

  it('is not told of runs that ended before enough was measured', () => {
    const series = everySecond(9, 9, 9, 9, 9, 9);
    expect(peak(series, 1.1, 1.9)).toBeNull();
    expect(peak(series, 1.5, 3.5)).toBeNull();
    expect(peak(series, 0.5, 5)).toBe(9);
    expect(peak(series, 2, 2)).toBeNull();
    expect(peak(emptySeries, 0, 60)).toBeNull();
  });

  it('is always one of the measured values, and none of them was higher', () => {
    const steps = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 6_000 }), used: fc.integer({ min: 0, max: 24 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.nat(60), fc.nat(200), (list, from, length) => {
        let at = 0;
        const samples = list.map(({ after, used }) => {
          at += after;
          return vram(at, used);
        });
        const found = peak(measured(...samples), from, from + length);
        const within = samples
          .filter((one) => one.at >= from * second && one.at <= (from + length) * second)
          .map((one) => (one.gpus[0]?.vramUsed ?? 0) / GiB);
        if (found !== null) expect(found).toBe(Math.max(...within));
        if (within.length < 3) expect(found).toBeNull();
      }),
    );
  });
});

describe('a finished job', () => {
  const start = event(0, 'prompt_started', { promptId: 'p', startedAt: 0 });

  function finish(at: number, outcome: 'success' | 'error' | 'interrupted' = 'success'): MonitorEvent {
    return event(at, 'prompt_finished', { promptId: 'p', outcome, finishedAt: at, error: null });
  }

  /** Telemetry second by second, up to and with `until` (s). */
  function watched(from: number, until: number, use: (at: number) => number): MonitorEvent[] {
    return Array.from({ length: until - from + 1 }, (_, n) => {
      const at = (from + n) * second;
      return event(at, 'telemetry_sampled', { machine: unknownMachine, sample: vram(at, use(from + n)) });
    });
  }

  function peakAfter(...events: MonitorEvent[]): number | null | undefined {
    const use = serverAfter(...events).finished[0]?.peakVram;
    return use && use.used / GiB;
  }

  it('has the peak of its run, however it ended', () => {
    const watching = watched(0, 9, (at) => (at === 6 ? 23.5 : 8));
    expect(peakAfter(start, ...watching, finish(9 * second))).toBe(23.5);
    expect(peakAfter(start, ...watching, finish(9 * second, 'error'))).toBe(23.5);
    expect(peakAfter(start, ...watching, finish(9 * second, 'interrupted'))).toBe(23.5);
  });

  it('keeps it when the history is read later', () => {
    const history = event(20 * minute, 'history_read', {
      entries: [ended('p', { startedAt: 0, finishedAt: 9 * second })],
    });
    const later = watched(10, 20 * 60, () => 9);
    const events = [start, ...watched(0, 9, () => 12), finish(9 * second), ...later, history];
    expect(peakAfter(...events)).toBe(12);
  });

  it('has it when only the history tells of the end, of what lies within its times', () => {
    const history = event(15 * second, 'history_read', {
      entries: [ended('p', { startedAt: 2 * second, finishedAt: 11 * second })],
    });
    expect(peakAfter(...watched(0, 15, (at) => at + 1), history)).toBe(12);
  });

  it('has none if it ended before we watched, was lost or never ran', () => {
    const entries = [ended('old', { startedAt: -60_000, finishedAt: -1_000 })];
    const history = event(20 * second, 'history_read', { entries });
    expect(peakAfter(...watched(0, 20, () => 9), history)).toBeNull();
    const lost = event(9 * second, 'prompt_vanished', { promptId: 'p', fate: 'lost' });
    expect(peakAfter(start, ...watched(0, 9, () => 9), lost)).toBeNull();
    const queue = event(0, 'queue_read', { running: [], pending: [] });
    const cancelled = ended('p', { outcome: 'cancelled', finishedAt: 9 * second });
    const read = event(9 * second, 'history_read', { entries: [cancelled] });
    expect(peakAfter(queue, ...watched(0, 9, () => 9), read)).toBeNull();
  });

  it('has it after hours, of which not all samples are kept', () => {
    const twoHours = 2 * 60 * 60;
    const early = watched(0, twoHours, (at) => (at === 70 ? 21 : 9));
    expect(peakAfter(start, ...early, finish(twoHours * second))).toBe(21);
    const late = watched(0, twoHours, (at) => (at === twoHours - 1 ? 22 : 9));
    expect(peakAfter(start, ...late, finish(twoHours * second))).toBe(22);
    const broken = early.filter(({ at }) => at < 70 * second || at > 80 * second);
    expect(peakAfter(start, ...broken, finish(twoHours * second))).toBeNull();
    expect(serverAfter(start, ...early, finish(twoHours * second)).finished[0]?.figuresSoFar).toBeNull();
  });

  it('has the same in a page that joined in the middle', () => {
    const hour = 60 * 60;
    const events = [start, ...watched(0, hour, (at) => (at === 70 ? 21 : 9)), finish(hour * second)];
    const middle = 2_000;
    const snapshot: unknown = JSON.parse(JSON.stringify(stateAfter(...events.slice(0, middle))));
    const page = events.slice(middle).reduce(reduce, monitorStateSchema.parse(snapshot));
    expect(page).toEqual(stateAfter(...events));
    expect(page.servers[0]?.finished[0]?.peakVram).toEqual({ used: 21 * GiB, total: 24 * GiB });
  });

  it('does not take the peak of what ran before for its own', () => {
    const started = event(100 * second, 'prompt_started', { promptId: 'p', startedAt: 100 * second });
    const events = watched(0, 3_000, (at) => (at < 100 ? 23 : 9));
    const [before, after] = [events.slice(0, 101), events.slice(101)];
    expect(peakAfter(...before, started, ...after, finish(3_000 * second))).toBe(9);
  });
});

describe('the energy of a job', () => {
  const start = event(0, 'prompt_started', { promptId: 'p', startedAt: 0 });
  const finish = (at: number) =>
    event(at * second, 'prompt_finished', {
      promptId: 'p',
      outcome: 'success',
      finishedAt: at * second,
      error: null,
    });

  /** Telemetry each second of GPUs with such power (W). */
  function powered(
    from: number,
    until: number,
    watts: (at: number) => (number | null)[],
    gpus: Partial<GpuState>[] = [{}],
  ): MonitorEvent[] {
    return Array.from({ length: until - from + 1 }, (_, n) => {
      const at = (from + n) * second;
      const measured = watts(from + n).map((powerWatts) => ({
        ...{ loadPercent: null, temperatureC: null, vramUsed: null, vramTotal: null },
        powerWatts,
      }));
      return event(at, 'telemetry_sampled', {
        sample: { ...sample(at), gpus: measured },
        machine: machineWith(...gpus),
      });
    });
  }

  const energyAfter = (...events: MonitorEvent[]) => serverAfter(...events).finished[0]?.energyJoules;

  it('is the power over its time, whatever came before and after', () => {
    const watts = (at: number) => [at < 10 ? 100 : 300];
    expect(energyAfter(start, ...powered(0, 20, watts), finish(20))).toBeCloseTo(1_000 + 3_000, -3);
    const late = event(10_000, 'prompt_started', { promptId: 'p', startedAt: 10_000 });
    expect(energyAfter(...powered(0, 9, watts), late, ...powered(10, 20, watts), finish(20))).toBe(3_000);
  });

  it('is that of the GPUs that ComfyUI computes on', () => {
    const gpus = [{ isUsed: true }, { isUsed: false }, { isIntegrated: true }, { isUsed: true }];
    expect(energyAfter(start, ...powered(0, 10, () => [200, 50, 9, 100], gpus), finish(10))).toBe(3_000);
  });

  it('is that of the GPUs that are left where one was lost before, but not where one is lost meanwhile', () => {
    const gone = (goneSince: number) => [{ isUsed: true }, { isUsed: true, goneSince }];
    const watts = () => [200, null];
    expect(energyAfter(start, ...powered(0, 10, watts, gone(-60_000)), finish(10))).toBe(2_000);
    expect(energyAfter(start, ...powered(0, 10, watts, gone(3_000)), finish(10))).toBeNull();
  });

  it('is not told where it was not measured throughout, or of one GPU only', () => {
    const gap = (at: number) => (at > 3 && at < 10 ? [null] : [200]);
    expect(energyAfter(start, ...powered(0, 20, gap), finish(20))).toBeNull();
    expect(energyAfter(start, ...powered(0, 10, () => [200, null], [{}, {}]), finish(10))).toBeNull();
    expect(energyAfter(start, ...powered(0, 10, () => []), finish(10))).toBeNull();
    expect(energyAfter(start, ...powered(6, 20, () => [200]), finish(20)), 'came later').toBeNull();
  });

  it('has all of a run of hours, of which not all samples are kept, also where VRAM is not known', () => {
    const hours = 2 * 3_600;
    const energy = energyAfter(start, ...powered(0, hours, () => [250]), finish(hours));
    expect(energy).toBeCloseTo(250 * hours, 0);
  });
});
