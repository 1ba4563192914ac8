import { expect, it } from 'vitest';
import { unmeasuredGpu } from '../../domain/telemetry/machine-reading.ts';
import { firstThatMeasures } from './first-source.ts';

/** A source of one GPU, which tells whether it runs. */
function sourceOf(name: string) {
  const source = {
    isRunning: false,
    start: () => {
      source.isRunning = true;
    },
    stop: () => {
      source.isRunning = false;
    },
    read: async () => [{ ...unmeasuredGpu(), name }],
  };
  return source;
}

it('measures by the second source only while the first has nothing to measure', async () => {
  const [one, other] = [sourceOf('one'), sourceOf('other')];
  let isThere = true;
  const both = firstThatMeasures(Object.assign(one, { isThere: () => isThere }), other);
  const measured = async () => [(await both.read())[0]?.name, other.isRunning];
  both.start(1_000);
  expect(await measured()).toEqual(['one', false]);
  isThere = false;
  both.start(1_000);
  expect(await measured()).toEqual(['other', true]);
  isThere = true;
  both.start(1_000);
  expect(await measured()).toEqual(['one', false]);
  both.stop();
  expect([one.isRunning, other.isRunning]).toEqual([false, false]);
});
