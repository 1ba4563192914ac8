import { describe, expect, it } from 'vitest';
import { countingPrompt } from '../testing/prompts.ts';
import type { JsonObject } from './json.ts';
import { validatePrompt } from './validate-prompt.ts';

/** The counting graph with one node's inputs changed; undefined removes an input. */
function changed(id: string, inputs: JsonObject): JsonObject {
  const graph = countingPrompt();
  const node = graph[id];
  const merged = Object.entries({ ...node?.inputs, ...inputs }).filter(([, value]) => value !== undefined);
  return { ...graph, [id]: { ...node, inputs: Object.fromEntries(merged) } };
}

function refusal(prompt: JsonObject) {
  const verdict = validatePrompt(prompt);
  if (verdict.valid) throw new Error('the prompt was accepted');
  return verdict;
}

describe('a posted prompt', () => {
  it('that is sound names the outputs to run', () => {
    expect(validatePrompt(countingPrompt())).toMatchObject({ valid: true, outputs: ['3'], nodeErrors: {} });
  });

  it('with an unknown class is refused with its title', () => {
    const graph = {
      ...countingPrompt(),
      '2': { class_type: 'NodeNobodyInstalled', inputs: {}, _meta: { title: 'Magic' } },
    };
    expect(refusal(graph)).toEqual({
      valid: false,
      error: {
        type: 'missing_node_type',
        message: "Node 'Magic' not found. The custom node may not be installed.",
        details: "Node ID '#2'",
        extra_info: { node_id: '2', class_type: 'NodeNobodyInstalled', node_title: 'Magic' },
      },
      nodeErrors: {},
    });
  });

  it('without an output is refused', () => {
    expect(refusal({}).error).toMatchObject({ type: 'prompt_no_outputs' });
  });

  it('that lacks a required input names it, as ComfyUI 0.27 was seen to answer', () => {
    expect(refusal(changed('3', { images: undefined }))).toEqual({
      valid: false,
      error: {
        type: 'prompt_outputs_failed_validation',
        message: 'Prompt outputs failed validation',
        details: 'Required input is missing: images',
        extra_info: {},
      },
      nodeErrors: {
        '3': {
          errors: [
            {
              type: 'required_input_missing',
              message: 'Required input is missing',
              details: 'images',
              extra_info: { input_name: 'images' },
            },
          ],
          dependent_outputs: ['3'],
          class_type: 'SaveImage',
        },
      },
    });
  });

  it.each([
    ['1', { width: 0 }, 'value_smaller_than_min'],
    ['1', { color: 99_999_999 }, 'value_bigger_than_max'],
    ['1', { width: 'wide' }, 'invalid_input_type'],
    ['3', { images: ['1'] }, 'bad_linked_input'],
    ['3', { images: ['77', 0] }, 'exception_during_inner_validation'],
    ['2', { image: ['3', 0] }, 'dependency_cycle'],
  ])('with node %s given %j is refused for %s', (id, inputs, type) => {
    expect(JSON.stringify(refusal(changed(id, inputs)).nodeErrors)).toContain(`"type":"${type}"`);
  });

  it('runs the outputs that are sound and reports the others', () => {
    const graph = { ...countingPrompt(), '4': { class_type: 'PreviewImage', inputs: {}, _meta: {} } };
    const verdict = validatePrompt(graph);
    expect(verdict).toMatchObject({ valid: true, outputs: ['3'] });
    expect(Object.keys(verdict.nodeErrors)).toEqual(['4']);
  });
});
