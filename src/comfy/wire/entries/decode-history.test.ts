import { describe, expect, it } from 'vitest';
import { decodeHistory } from './decode-history.ts';

const now = 1_000_000;
const later = (serverTime: number) => serverTime + 1_000;
const graph = { '9': { class_type: 'SaveImage', inputs: {}, _meta: { title: 'Cat poster' } } };

/** A history entry of prompt `p` with only what a test is about. */
function entry({
  messages = [] as unknown,
  status = 'success',
  outputs = {},
  ...rest
}: Record<string, unknown> = {}) {
  return {
    prompt: [4, 'p', graph, { create_time: 1_000 }, ['9']],
    outputs,
    status: { status_str: status, completed: status === 'success', messages },
    meta: {},
    ...rest,
  };
}
const read = (given: unknown) => decodeHistory({ p: given }, now, later)?.[0];

describe('a prompt in the history', () => {
  it('says all that there is to know, in our time', () => {
    const messages = [
      ['execution_start', { prompt_id: 'p', timestamp: 2_000 }],
      ['execution_cached', { nodes: ['1', 2], prompt_id: 'p', timestamp: 2_001 }],
      ['execution_success', { prompt_id: 'p', timestamp: 9_000 }],
    ];
    const outputs = { '9': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } };
    expect(read(entry({ messages, outputs }))).toEqual({
      promptId: 'p',
      runKey: '4 1000',
      outcome: 'success',
      title: 'Cat poster',
      titles: { given: [{ title: 'Cat poster', classType: 'SaveImage' }], otherwise: 'Cat poster' },
      queueNumber: 4,
      queuedAt: 2_000,
      startedAt: 3_000,
      finishedAt: 10_000,
      nodeTotal: 1,
      cachedNodeIds: ['1', '2'],
      nodeNames: { '9': { title: 'Cat poster', classType: 'SaveImage' } },
      outputs: [
        {
          nodeId: '9',
          kind: 'image',
          file: { filename: 'a.png', subfolder: '', type: 'output' },
          text: null,
          at: 10_000,
        },
      ],
      error: null,
      parameters: null,
    });
  });

  it('that failed says why', () => {
    const failure = {
      node_id: 3,
      node_type: 'KSampler',
      exception_message: 'out of memory',
      timestamp: 5_000,
    };
    const messages = [['execution_error', failure]];
    expect(read(entry({ status: 'error', messages }))).toMatchObject({
      outcome: 'error',
      finishedAt: 6_000,
      error: { nodeId: '3', nodeType: 'KSampler', message: 'out of memory' },
    });
    expect(read(entry({ status: 'error' }))?.error?.message).toMatch(/did not say/);
  });

  it('that was interrupted is no failure, although the server calls it an error', () => {
    const messages = [['execution_interrupted', { node_id: '3', timestamp: 5_000 }]];
    expect(read(entry({ status: 'error', messages }))).toMatchObject({
      outcome: 'interrupted',
      finishedAt: 6_000,
      error: null,
    });
  });

  it('that succeeded although a branch was blocked is a success', () => {
    const messages = [
      ['execution_error', { exception_type: 'ExecutionBlocked', timestamp: 4_000 }],
      ['execution_success', { timestamp: 5_000 }],
    ];
    expect(read(entry({ messages }))).toMatchObject({ outcome: 'success', finishedAt: 6_000, error: null });
  });

  it('of a server without status is over, and nothing is made up about it', () => {
    expect(read(entry({ status: undefined, prompt: [4, 'p', graph] }))).toMatchObject({
      outcome: 'success',
      startedAt: null,
      finishedAt: null,
      queuedAt: null,
      cachedNodeIds: null,
    });
    expect(read({})).toMatchObject({ promptId: 'p', outcome: 'success', title: null, outputs: [] });
    expect(read({ ...entry(), status: null })).toMatchObject({ outcome: 'success' });
  });

  it('that does not say when it finished has outputs of now', () => {
    expect(read(entry({ outputs: { '9': { text: ['a'] } } }))?.outputs).toMatchObject([
      { text: 'a', at: now },
    ]);
  });

  it('keeps the good outputs when others cannot be understood', () => {
    const outputs = { '7': 'broken', '8': null, '9': { images: [{ filename: 5 }, { filename: 'a.png' }] } };
    expect(read(entry({ outputs }))?.outputs.map((output) => output.file?.filename)).toEqual(['a.png']);
  });

  it('may come with messages that are none', () => {
    for (const messages of [null, 'x', [null, [], ['execution_start'], [5, {}], ['execution_start', 7]]])
      expect(read(entry({ messages }))).toMatchObject({ outcome: 'success', startedAt: null });
  });
});

describe('the history of a server', () => {
  it('comes in the order in which prompts finished, without what is no entry', () => {
    const entries = decodeHistory({ b: entry(), a: entry(), '': entry(), c: 'x', d: null }, now, later);
    expect(entries?.map(({ promptId }) => promptId)).toEqual(['b', 'a']);
  });

  it('is none where something else was answered, which is no empty history', () => {
    for (const other of [{ jobs: 1 }, { detail: 'busy', code: 5 }])
      expect(decodeHistory(other, now, later)).toBeNull();
    expect(decodeHistory({}, now, later)).toEqual([]);
  });

  it('keeps the newest of very many', () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [`p${n}`, {}]));
    const entries = decodeHistory(many, now, later);
    expect(entries).toHaveLength(1_000);
    expect(entries?.at(-1)?.promptId).toBe('p1499');
  });

  it('is bounded in outputs', () => {
    const images = Array(900).fill({ filename: 'a.png' });
    expect(read(entry({ outputs: { '8': { images }, '9': { images } } }))?.outputs).toHaveLength(1_000);
  });

  it('may name a prompt __proto__', () => {
    const entries = decodeHistory(JSON.parse('{"__proto__": {"outputs": {"__proto__": null}}}'), now, later);
    expect(entries).toMatchObject([{ promptId: '__proto__', outputs: [] }]);
  });

  it('is an object; anything else is none', () => {
    for (const answer of [null, [], 'x', 5]) expect(decodeHistory(answer, now, later)).toBeNull();
    expect(decodeHistory({}, now, later)).toEqual([]);
  });
});
