import { describe, expect, it } from 'vitest';
import { nodeNamesOf, readPromptGraph } from './prompt-graph.ts';

/** A node; `from` are the nodes it takes inputs of. */
function node(classType: string, from: (string | number)[] = [], title?: string) {
  return {
    class_type: classType,
    inputs: Object.fromEntries(from.map((id, n) => [`in${n}`, [id, 0]])),
    ...(title === undefined ? {} : { _meta: { title } }),
  };
}

const portrait = {
  '1': node('CheckpointLoaderSimple', [], 'My model'),
  '2': node('CLIPTextEncode', ['1'], 'CLIP Text Encode (Prompt)'),
  '3': node('KSampler', ['1', '2'], 'KSampler'),
  '9': node('SaveImage', ['3'], 'Save Image'),
  '20': node('PreviewImage', [], 'Unused'),
};
const workflow = (named: object) => ({ extra_pnginfo: { workflow: named } });

describe('what a prompt is called', () => {
  it.each([
    [{ name: 'Portraits' }],
    [{ title: 'Portraits' }],
    [{ extra: { name: ' Portraits ' } }],
    [{ name: '', extra: { title: 'Portraits' } }],
  ])('is the name of its workflow, wherever an editor saved it: %j', (named) => {
    expect(readPromptGraph(portrait, workflow(named), ['9']).title).toBe('Portraits');
    expect(readPromptGraph(null, workflow(named), ['9']).title).toBe('Portraits');
  });

  it('is else a title that a person gave to an output, then to a node it depends on', () => {
    const named = { ...portrait, '3': node('KSampler', ['1', '2'], 'Second pass') };
    expect(readPromptGraph(named, {}, ['9']).title).toBe('Second pass');
    const output = { ...named, '9': node('SaveImage', ['3'], 'Final portrait') };
    expect(readPromptGraph(output, {}, ['9']).title).toBe('Final portrait');
  });

  it('is else the title of the subgraph in which it runs, as a person named that', () => {
    const inner = { '12:3': node('KSampler', []), '12:9': node('SaveImage', ['12:3'], 'Save Image') };
    const saved = (title: string | null, name: string) =>
      workflow({
        nodes: [
          { id: 5, type: 'Note' },
          { id: 12, type: 'uuid', ...(title !== null && { title }) },
        ],
        definitions: { subgraphs: [{ id: 'uuid', name }] },
      });
    const titleOf = (extra: object) => readPromptGraph(inner, extra, ['12:9']).title;
    expect(titleOf(saved('Poster maker', 'New Subgraph'))).toBe('Poster maker');
    expect(titleOf(saved(null, 'Upscale twice'))).toBe('Upscale twice');
    expect(titleOf(saved('New Subgraph', 'New Subgraph'))).toBe('Save Image');
    expect(readPromptGraph(portrait, saved('Elsewhere', 'x'), ['9']).title).toBe('Save Image');
  });

  it('is else what its first output is called by default; never the title of a loader', () => {
    expect(readPromptGraph(portrait, {}, ['9']).title).toBe('Save Image');
    expect(readPromptGraph({ '9': node('SaveImage') }, {}, ['9']).title).toBe('SaveImage');
  });

  it('is unknown without a graph and without outputs', () => {
    expect(readPromptGraph(null, null, null)).toEqual({ title: null, nodeTotal: null });
    expect(readPromptGraph({}, {}, [])).toEqual({ title: null, nodeTotal: 0 });
  });

  it('is bounded', () => {
    expect(readPromptGraph({}, workflow({ name: 'x'.repeat(10_000) }), []).title).toHaveLength(120);
  });
});

describe('how many nodes a prompt has', () => {
  it('counts those that its outputs depend on, each once', () => {
    expect(readPromptGraph(portrait, {}, ['9']).nodeTotal).toBe(4);
  });

  it('counts all when nobody says which are its outputs', () => {
    expect(readPromptGraph(portrait, {}, undefined).nodeTotal).toBe(5);
    expect(readPromptGraph(portrait, {}, ['77']).nodeTotal).toBe(5);
  });

  it('survives circles, numbers for ids, lists that are no links, and links to nowhere', () => {
    const odd = {
      '1': node('A', [2]),
      '2': node('B', ['1', 'gone', 'toString']),
      '3': { class_type: 'C', inputs: { size: [512, 768, 3], pair: ['1', '2'], link: ['1', 0], text: 'x' } },
      '4': 'no node',
    };
    expect(readPromptGraph(odd, {}, [3]).nodeTotal).toBe(3);
  });
});

describe('the names of nodes', () => {
  it('are title and class, in subgraphs too', () => {
    expect(nodeNamesOf({ '12:3': node('KSampler', [], ' Second pass '), '4': {}, '5': null })).toEqual({
      '12:3': { title: 'Second pass', classType: 'KSampler' },
      '4': { title: null, classType: 'unknown class' },
      '5': { title: null, classType: 'unknown class' },
    });
  });

  it('do not reach Object.prototype', () => {
    const names = nodeNamesOf(JSON.parse('{"__proto__": {"class_type": "Evil"}, "constructor": {}}'));
    expect(Object.keys(names)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(names)).toBe(Object.prototype);
    expect('class_type' in {}).toBe(false);
  });
});
