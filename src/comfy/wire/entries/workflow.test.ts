import { describe, expect, it } from 'vitest';
import { readWorkflow, workflowOfEntry } from './workflow.ts';

/** What ComfyUI's page does with a pasted text: null where it takes it for something else. */
function pasted(text: string | null): unknown {
  const found = text === null ? null : JSON.parse(text);
  return found?.version && found.nodes && found.extra ? found : null;
}
const workflow = {
  id: 'w',
  version: 0.4,
  nodes: [{ id: 1, type: 'KSampler' }],
  links: [],
  extra: { ds: {} },
};
const entryOf = (extraData: unknown) => ({ prompt: [1, 'p', { '1': {} }, extraData, []], outputs: {} });

describe('the workflow of a prompt', () => {
  it('is found in the history as the editor sent it', () => {
    const text = workflowOfEntry(entryOf({ extra_pnginfo: { workflow } }));
    expect(pasted(text)).toEqual(workflow);
  });

  it('is completed by what ComfyUI wants to see before it loads a pasted text', () => {
    const { id, nodes } = workflow;
    const text = workflowOfEntry(entryOf({ extra_pnginfo: { workflow: { id, nodes } } }));
    expect(pasted(text)).toEqual({ id, nodes, version: 0.4, extra: {} });
  });

  it.each([
    ['the prompt came from a script', entryOf({})],
    ['nothing is in the place of it', entryOf({ extra_pnginfo: null })],
    ['it has no nodes', entryOf({ extra_pnginfo: { workflow: { ...workflow, nodes: [] } } })],
    ['the entry is damaged', { prompt: 'no list' }],
    ['there is no entry', undefined],
  ])('is none where %s', (_, entry) => {
    expect(workflowOfEntry(entry)).toBeNull();
  });

  it('is none where it is too large to be pasted', () => {
    const huge = { ...workflow, nodes: [{ text: 'x'.repeat(9 * 2 ** 20) }] };
    expect(workflowOfEntry(entryOf({ extra_pnginfo: { workflow: huge } }))).toBeNull();
  });

  it('is read from a text that was embedded, also as Python writes it', () => {
    expect(pasted(readWorkflow('{"nodes": [{"value": NaN}], "version": 1}'))).toEqual({
      nodes: [{ value: null }],
      version: 1,
      extra: {},
    });
    expect(readWorkflow('{"nodes"')).toBeNull();
    expect(readWorkflow('[1]')).toBeNull();
  });
});
