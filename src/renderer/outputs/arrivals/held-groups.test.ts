import { expect, it } from 'vitest';
import { image } from '../../../domain/testing/builders.ts';
import type { OutputGroup } from '../output-groups.ts';
import { heldGroups, waitingOutputs } from './held-groups.ts';

function group(promptId: string, ...files: string[]): OutputGroup {
  return {
    promptId,
    title: promptId,
    state: 'running',
    startedAt: null,
    finishedAt: null,
    newestAt: 1,
    outputs: files.map((name) => image(name)),
    ratio: null,
    overwritten: new Set(),
    omitted: 0,
  };
}

const a = group('a', 'a1.png');
const b = group('b', 'b1.png');
const names = (groups: readonly OutputGroup[]) =>
  groups.flatMap(({ outputs }) => outputs.map(({ file }) => file?.filename));

it('neither new jobs nor new outputs of old ones come in', () => {
  const now = [group('c', 'c1.png'), group('b', 'b2.png', 'b1.png'), a];
  expect(names(heldGroups([b, a], now))).toEqual(['b1.png', 'a1.png']);
  expect(waitingOutputs([b, a], now).map(({ output }) => output.file?.filename)).toEqual([
    'c1.png',
    'b2.png',
  ]);
});

it('what is gone stays in its place, as does what moved', () => {
  expect(names(heldGroups([b, a], [a]))).toEqual(['b1.png', 'a1.png']);
  expect(names(heldGroups([b, a], [a, b]))).toEqual(['b1.png', 'a1.png']);
  // Not even when all of it is gone and others are there.
  expect(names(heldGroups([b, a], [group('c', 'c1.png')]))).toEqual(['b1.png', 'a1.png']);
});

it('what is told of a job is up to date', () => {
  const finished: OutputGroup = { ...b, state: 'success', overwritten: new Set(['output//b1.png']) };
  expect(heldGroups([b, a], [finished, a])[0]).toEqual(finished);
  const shown = [b, a];
  expect(heldGroups(shown, [b, a])).toBe(shown);
});

it('older ones, which move nothing, follow at the end', () => {
  expect(names(heldGroups([b], [group('c', 'c1.png'), b, a]))).toEqual(['b1.png', 'a1.png']);
});
