import { expect, it } from 'vitest';
import type { RunningNode } from '../../../domain/jobs/job.ts';
import { activityText } from './activity-text.ts';

const node: RunningNode = {
  nodeId: '3',
  displayNodeId: '3',
  startedAt: 0,
  step: 4,
  max: 20,
  marks: [
    { step: 2, at: 4_000 },
    { step: 4, at: 8_000 },
  ],
  begun: { step: 1, max: 20, at: 2_000 },
  earlierSteps: 0,
  text: null,
  activity: null,
};

it.each([
  ['loading', 'loading a model'],
  ['computing', 'computing'],
  ['saving', 'saving'],
  ['waiting', null],
] as const)('says of a node that is %s what it does', (kind, text) => {
  expect(activityText({ kind, nodeId: '3', since: 0 }, node, 9_000)).toBe(text);
});

it('says of a node that is stuck since when, and how often it usually makes a step', () => {
  const stuck = { kind: 'stuck', nodeId: '3', since: 8_000 } as const;
  expect(activityText(stuck, node, 188_000)).toBe('no step for 3 min 00 s, usually every 2 s');
  const silent = { ...node, step: null, max: null, marks: [] };
  expect(activityText(stuck, silent, 188_000)).toBe('nothing heard for 3 min 00 s');
});
