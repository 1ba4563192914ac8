import { describe, expect, it } from 'vitest';
import { decoded, eventOf, receivedAt } from '../testing/decoding.ts';

describe('ids', () => {
  it('are texts, also where custom clients send numbers', () => {
    expect(eventOf('executing', { node: 10, display_node: 10, prompt_id: 7 })).toMatchObject({
      nodeId: '10',
      displayNodeId: '10',
      promptId: '7',
    });
    expect(eventOf('progress', { value: 1, max: 2, node: 13, prompt_id: 'p' })).toMatchObject({
      nodeId: '13',
    });
    expect(eventOf('execution_cached', { nodes: [1, '2', 3], prompt_id: 'p' })).toMatchObject({
      nodeIds: ['1', '2', '3'],
    });
  });

  it('of nodes in subgraphs and of generated nodes are kept as they are', () => {
    expect(eventOf('executing', { node: '12:3', display_node: '12:3', prompt_id: 'p' })).toMatchObject({
      nodeId: '12:3',
    });
    expect(eventOf('executing', { node: '4.0.0.2', display_node: '4', prompt_id: 'p' })).toMatchObject({
      nodeId: '4.0.0.2',
      displayNodeId: '4',
    });
  });

  it('may be names of Object.prototype', () => {
    const text = JSON.parse(
      '{"__proto__": {"state": "finished"}, "constructor": {"state": "running", "value": 1, "max": 4}}',
    );
    expect(eventOf('progress_state', { prompt_id: 'p', nodes: text })).toMatchObject({
      finishedNodeIds: ['__proto__'],
      running: [{ nodeId: 'constructor', displayNodeId: 'constructor', step: 1, max: 4 }],
    });
  });

  it('are bounded; what is none in a list is left out', () => {
    expect(decoded('execution_start', { prompt_id: 'x'.repeat(201) }).misunderstood).not.toBeNull();
    expect(decoded('execution_start', { prompt_id: '' }).misunderstood).not.toBeNull();
    expect(eventOf('execution_cached', { nodes: ['1', null, {}, ''], prompt_id: 'p' })).toMatchObject({
      nodeIds: ['1'],
    });
    const many = eventOf('execution_cached', { nodes: Array(50_000).fill('1'), prompt_id: 'p' });
    expect(many?.type === 'nodes_cached' && many.nodeIds.length).toBe(10_000);
  });
});

describe('older servers', () => {
  it('end a prompt with `executing` and node null alone, sometimes without a prompt id', () => {
    expect(eventOf('executing', { node: null, prompt_id: 'p' })).toMatchObject({
      type: 'prompt_ended',
      promptId: 'p',
    });
    expect(eventOf('executing', { node: null })).toMatchObject({ type: 'prompt_ended', promptId: null });
  });

  it('report progress without saying whose it is', () => {
    expect(eventOf('progress', { value: 3, max: 20 })).toMatchObject({
      type: 'step_reached',
      promptId: null,
      nodeId: null,
      step: 3,
    });
  });

  it('name no node to display and no time', () => {
    expect(eventOf('executing', { node: '3', prompt_id: 'p' })).toMatchObject({ displayNodeId: '3' });
    expect(eventOf('execution_start', { prompt_id: 'p' })).toMatchObject({ startedAt: null });
    expect(eventOf('executed', { node: '9', prompt_id: 'p', output: null })).toMatchObject({ outputs: [] });
  });
});

describe('progress', () => {
  it('can be a fraction of a step', () => {
    expect(eventOf('progress', { value: 0.25, max: 1.5, node: '3' })).toMatchObject({ step: 0.25, max: 1.5 });
  });

  it.each([
    [{ value: 1 }],
    [{ max: 1 }],
    [{ value: 'half', max: 2 }],
    [{ value: null, max: 2 }],
    [{ value: true, max: 2 }],
  ])('without two numbers is not understood: %j', (data) => {
    expect(decoded('progress', data)).toMatchObject({ event: null, misunderstood: { kind: 'progress' } });
  });
});

it('takes no steps for true that cannot be added up', () => {
  expect(decoded('progress', { value: 1, max: 1e308, prompt_id: 'p', node: '3' }).misunderstood?.kind).toBe(
    'progress',
  );
  const nodes = { '3': { state: 'running', value: 1e308, max: 1.1e308 } };
  expect(eventOf('progress_state', { prompt_id: 'p', nodes })).toMatchObject({
    running: [{ nodeId: '3', step: 0, max: 1 }],
  });
});

describe('progress_state', () => {
  const state = (nodes: unknown) => decoded('progress_state', { prompt_id: 'p', nodes });
  const node = (state: string, more = {}) => ({ state, value: 0, max: 1, ...more });

  it('tells finished nodes from running ones, and leaves out those that wait or failed', () => {
    const { event } = state({
      '1': node('finished', { value: 1 }),
      '2': node('running', { value: 7, max: 20, display_node_id: '2' }),
      '2.0.1': node('running', { display_node_id: '2' }),
      '3': node('pending'),
      '4': node('error'),
      '5': node('some new state'),
    });
    expect(event).toMatchObject({
      type: 'node_states_reported',
      promptId: 'p',
      finishedNodeIds: ['1'],
      running: [
        { nodeId: '2', displayNodeId: '2', step: 7, max: 20 },
        { nodeId: '2.0.1', displayNodeId: '2', step: 0, max: 1 },
      ],
    });
  });

  it('loses only the node that cannot be understood', () => {
    const { event, misunderstood } = state({ '1': node('finished'), '2': 'running' });
    expect(event).toMatchObject({ finishedNodeIds: ['1'], running: [] });
    expect(misunderstood?.kind).toBe('progress_state');
  });

  it('does not invent steps for a running node without numbers', () => {
    expect(state({ '1': { state: 'running' } }).event).toMatchObject({ running: [{ step: 0, max: 1 }] });
  });

  it.each([[undefined], [null], [[]], ['x']])('is not understood with nodes %j', (nodes) => {
    expect(state(nodes)).toMatchObject({ event: null, misunderstood: { kind: 'progress_state' } });
  });
});

describe('executed', () => {
  it('belongs to the displayed node when the server names no other', () => {
    expect(eventOf('executed', { display_node: 4, prompt_id: 'p', output: {} })).toMatchObject({
      nodeId: '4',
    });
  });

  it('without prompt or node is not understood', () => {
    expect(decoded('executed', { node: '9', output: {} }).misunderstood?.kind).toBe('executed');
    expect(decoded('executed', { prompt_id: 'p', output: {} }).misunderstood?.kind).toBe('executed');
  });

  it('loses only the output that cannot be understood', () => {
    const images = [{ filename: 'good.png' }, { filename: 7 }, 'what?'];
    const { event, misunderstood } = decoded('executed', { node: '9', prompt_id: 'p', output: { images } });
    expect(event).toMatchObject({ outputs: [{ file: { filename: 'good.png' } }] });
    expect(misunderstood?.kind).toBe('executed');
  });
});

describe('execution_error', () => {
  const failure = {
    prompt_id: 'p',
    node_id: '3',
    node_type: 'KSampler',
    executed: ['1'],
    exception_message: 'CUDA out of memory\n',
    exception_type: 'torch.OutOfMemoryError',
    traceback: ['  File "execution.py", line 1, in f\n', '  File "nodes.py", line 2, in g\n'],
    current_inputs: { seed: [1] },
    current_outputs: ['1'],
    timestamp: receivedAt - 3_601_000,
  };

  it('ends the prompt with what went wrong, and where', () => {
    expect(eventOf('execution_error', failure)).toMatchObject({
      type: 'prompt_finished',
      promptId: 'p',
      outcome: 'error',
      finishedAt: receivedAt - 1_000,
      error: {
        nodeId: '3',
        nodeType: 'KSampler',
        exceptionType: 'torch.OutOfMemoryError',
        message: 'CUDA out of memory',
        traceback: ['  File "execution.py", line 1, in f', '  File "nodes.py", line 2, in g'],
      },
    });
  });

  it('of a blocked branch does not end the prompt: the other branches go on', () => {
    const blocked = { ...failure, exception_type: 'ExecutionBlocked', exception_message: 'No image' };
    expect(eventOf('execution_error', blocked)).toMatchObject({
      type: 'words_said',
      promptId: 'p',
      nodeId: '3',
      text: 'No image',
    });
  });

  it('without a prompt is not understood', () => {
    expect(decoded('execution_error', { node_id: '3' }).misunderstood?.kind).toBe('execution_error');
  });
});
