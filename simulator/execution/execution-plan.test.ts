import { describe, expect, it } from 'vitest';
import { textToImage } from '../workflows.ts';
import { executionPlan } from './execution-plan.ts';

const { graph } = textToImage({ title: 'Plan', prompt: 'a lake', seed: 1, preview: true, upscale: true });
const outputs = ['9', '10'];

describe('the plan of a prompt', () => {
  it('puts every node after what it needs', () => {
    const plan = executionPlan(graph, outputs, () => false);
    expect([...plan].sort()).toEqual(Object.keys(graph).sort());
    for (const [before, after] of [
      ['4', '3'],
      ['6', '3'],
      ['3', '8'],
      ['8', '12:3'],
      ['12:1', '12:3'],
      ['12:3', '9'],
    ] as const) {
      expect(plan.indexOf(before)).toBeLessThan(plan.indexOf(after));
    }
  });

  it('shows a preview as soon as it is ready', () => {
    const plan = executionPlan(graph, outputs, () => false);
    expect(plan[plan.indexOf('8') + 1]).toBe('10');
  });

  it('leaves out what is cached, but keeps cached outputs to announce them', () => {
    const cached = new Set(['3', '4', '5', '6', '7', '8', '10']);
    expect(executionPlan(graph, outputs, (id) => cached.has(id))).toEqual(['10', '12:1', '12:3', '9']);
  });

  it('leaves out nodes no output needs', () => {
    expect(executionPlan(graph, ['10'], () => false)).not.toContain('12:1');
  });
});
