import { describe, expect, it } from 'vitest';
import { countingPrompt, failingPrompt } from '../testing/prompts.ts';
import { bareProcess } from '../testing/test-client.ts';

const client = { client_id: 'browser' };

describe('a prompt with a client id', () => {
  it('sends what ComfyUI sends, in its order', () => {
    const { clock, sent, post } = bareProcess();
    post(countingPrompt({ steps: 2 }), client);
    clock.advance(10_000);
    expect(sent.map(({ type, data }) => (data.node === null ? `${type} null` : type))).toEqual([
      'status',
      'status',
      'execution_start',
      'execution_cached',
      'progress_state',
      'executing',
      'progress_state',
      'progress_state',
      'executing',
      'progress_state',
      'progress',
      'progress_state',
      'preview with metadata',
      'progress',
      'preview plain',
      'progress_state',
      'progress_state',
      'executing',
      'executed',
      'progress_state',
      'execution_success',
      'status',
      'executing null',
    ]);
  });

  it('addresses everything but status to that client', () => {
    const { clock, sent, post } = bareProcess();
    post(countingPrompt(), client);
    clock.advance(10_000);
    expect(new Set(sent.filter(({ type }) => type !== 'status').map(({ to }) => to))).toEqual(
      new Set(['browser']),
    );
    expect(new Set(sent.filter(({ type }) => type === 'status').map(({ to }) => to))).toEqual(
      new Set([null]),
    );
  });

  it('is in the history before the last message goes out', () => {
    const { clock, sent, process, post } = bareProcess();
    const id = post(countingPrompt(), client);
    let known: boolean | undefined;
    const originalPush = sent.push.bind(sent);
    sent.push = (...items) => {
      if (items.some(({ type, data }) => type === 'executing' && data.node === null)) {
        known = process.queue.history.has(id);
      }
      return originalPush(...items);
    };
    clock.advance(10_000);
    expect(known).toBe(true);
  });

  it('tells the progress of every node that has started', () => {
    const { clock, sent, post } = bareProcess();
    const id = post(countingPrompt({ steps: 2 }), client);
    clock.advance(10_000);
    const last = sent.findLast(({ type }) => type === 'progress_state');
    expect(last?.data.nodes).toEqual(
      Object.fromEntries(
        [
          ['1', 1],
          ['2', 2],
          ['3', 1],
        ].map(([node, max]) => [
          node,
          {
            value: max,
            max,
            state: 'finished',
            node_id: node,
            prompt_id: id,
            display_node_id: node,
            parent_node_id: null,
            real_node_id: node,
          },
        ]),
      ),
    );
  });
});

describe('a prompt without a client id', () => {
  it('shows its progress to all clients, and nothing else to any', () => {
    const { clock, sent, process, post } = bareProcess();
    const id = post(countingPrompt());
    clock.advance(10_000);
    expect(new Set(sent.map(({ type }) => type))).toEqual(
      new Set(['status', 'progress_state', 'progress', 'preview with metadata', 'preview plain']),
    );
    expect(sent.every(({ to }) => to === null)).toBe(true);
    expect(process.queue.history.get(id)?.status.status_str).toBe('success');
  });

  it('tells all clients when it is interrupted', () => {
    const { clock, sent, process, post } = bareProcess();
    post(countingPrompt({ steps: 50 }));
    clock.advance(1_000);
    process.interrupt();
    clock.advance(1_000);
    expect(sent.find(({ type }) => type === 'execution_interrupted')?.to).toBeNull();
  });
});

describe('running the same prompt again', () => {
  it('runs nothing, names all nodes as cached and announces the same file', () => {
    const { clock, sent, post } = bareProcess();
    post(countingPrompt(), client);
    clock.advance(10_000);
    const first = sent.find(({ type }) => type === 'executed')?.data.output;
    sent.length = 0;
    post(countingPrompt(), client);
    clock.advance(10_000);
    expect(sent.find(({ type }) => type === 'execution_cached')?.data.nodes).toEqual(['1', '2', '3']);
    expect(sent.filter(({ type }) => type === 'executing')).toHaveLength(1);
    expect(sent.find(({ type }) => type === 'executed')?.data.output).toEqual(first);
  });

  it('runs what a changed input reaches, and only that', () => {
    const { clock, sent, post } = bareProcess();
    post(countingPrompt({ seed: 1 }), client);
    clock.advance(10_000);
    sent.length = 0;
    post(countingPrompt({ seed: 2 }), client);
    clock.advance(10_000);
    expect(sent.find(({ type }) => type === 'execution_cached')?.data.nodes).toEqual(['1']);
    expect(sent.filter(({ type }) => type === 'executing').map(({ data }) => data.node)).toEqual([
      '2',
      '3',
      null,
    ]);
  });

  it('runs everything after the memory was freed', () => {
    const { clock, sent, process, post } = bareProcess();
    post(countingPrompt(), client);
    clock.advance(10_000);
    process.worker.requestFree(true, true);
    sent.length = 0;
    post(countingPrompt(), client);
    clock.advance(10_000);
    expect(sent.find(({ type }) => type === 'execution_cached')?.data.nodes).toEqual([]);
  });
});

describe('an interrupt', () => {
  it('takes effect at the next step and leaves an error in the history', () => {
    const { clock, sent, process, post } = bareProcess();
    const id = post(countingPrompt({ steps: 50 }), client);
    clock.advance(1_000);
    expect(process.interrupt(id)).toBe(true);
    clock.advance(100);
    expect(sent.slice(-3).map(({ type }) => type)).toEqual(['execution_interrupted', 'status', 'executing']);
    expect(sent.at(-3)?.data).toMatchObject({
      prompt_id: id,
      node_id: '2',
      node_type: 'SimulatorProgress',
      executed: ['1'],
    });
    const { status, outputs } = process.queue.history.get(id) ?? {};
    expect(status).toMatchObject({ status_str: 'error', completed: false });
    expect(status?.messages.map(([type]) => type)).toEqual([
      'execution_start',
      'execution_cached',
      'execution_interrupted',
    ]);
    expect(outputs).toEqual({});
  });

  it('meant for another prompt is ignored', () => {
    const { clock, process, post } = bareProcess();
    const id = post(countingPrompt(), client);
    clock.advance(50);
    expect(process.interrupt('00000000-0000-4000-8000-000000000000')).toBe(false);
    clock.advance(10_000);
    expect(process.queue.history.get(id)?.status.status_str).toBe('success');
  });

  it('does not reach the prompt after', () => {
    const { clock, process, post } = bareProcess();
    post(countingPrompt({ steps: 50 }), client);
    const second = post(countingPrompt({ seed: 9 }), client);
    clock.advance(1_000);
    process.interrupt();
    clock.advance(20_000);
    expect(process.queue.history.get(second)?.status.status_str).toBe('success');
  });
});

describe('a node that raises', () => {
  it('is described with exception, traceback and inputs', () => {
    const { clock, sent, post } = bareProcess();
    const id = post(failingPrompt('monitor', 'wrong value'), client);
    clock.advance(10_000);
    const error = sent.find(({ type }) => type === 'execution_error');
    expect(error?.to).toBe('browser');
    expect(error?.data).toMatchObject({
      prompt_id: id,
      node_id: '2',
      node_type: 'SimulatorFailure',
      executed: ['1'],
      exception_type: 'ValueError',
      exception_message: 'strength must be between 0.0 and 1.0, got 1.75\n',
      current_inputs: { failure: ['wrong value'], seconds: [0.1] },
      current_outputs: ['1'],
    });
    expect(error?.data.traceback).toContainEqual(expect.stringContaining('raise ValueError'));
    expect(error?.data.timestamp).toBeTypeOf('number');
    expect(sent.slice(-2).map(({ type }) => type)).toEqual(['status', 'executing']);
  });

  it('unloads the models when the GPU ran out of memory, and says what to do', () => {
    const { clock, sent, process, post } = bareProcess();
    post(failingPrompt('monitor', 'out of memory'), client);
    clock.advance(10_000);
    expect(sent.find(({ type }) => type === 'execution_error')?.data.exception_message).toMatch(
      /you ran out of memory on your GPU/,
    );
    expect(process.worker.load.residentBytes).toEqual([0]);
  });
});

it('goes on after a blocked node, says why once, and succeeds', () => {
  const { clock, sent, process, post } = bareProcess();
  const graph = {
    ...countingPrompt(),
    '2': { class_type: 'SimulatorBlock', inputs: { image: ['1', 0], message: 'on purpose' }, _meta: {} },
  };
  const id = post(graph);
  clock.advance(10_000);
  const error = sent.find(({ type }) => type === 'execution_error');
  expect(error).toMatchObject({
    to: null,
    data: {
      node_id: '3',
      node_type: 'SaveImage',
      exception_type: 'ExecutionBlocked',
      exception_message: 'Execution Blocked: on purpose',
    },
  });
  expect(error?.data.timestamp).toBeUndefined();
  expect(process.queue.history.get(id)).toMatchObject({ status: { status_str: 'success' }, outputs: {} });
});

it('shows the text of a node to all clients, whoever submitted the prompt', () => {
  const { clock, sent, post } = bareProcess();
  const graph = {
    '1': countingPrompt()['1'] ?? { class_type: '', inputs: {} },
    '2': { class_type: 'GetImageSize', inputs: { image: ['1', 0] }, _meta: {} },
    '3': { class_type: 'PreviewAny', inputs: { source: ['2', 0] }, _meta: {} },
  };
  post(graph, client);
  clock.advance(1_000);
  expect(sent.find(({ type }) => type === 'text')).toEqual({
    type: 'text',
    data: { nodeId: '2', text: 'width: 64, height: 48\n batch size: 1' },
    to: null,
  });
  expect(sent.find(({ type }) => type === 'executed')?.data.output).toEqual({ text: ['64'] });
});

it('says the same with the same seed, and something else with another', () => {
  const traffic = (seed: number) => {
    const { clock, sent, post } = bareProcess(seed);
    post(countingPrompt({ steps: 5 }), client);
    post(failingPrompt('monitor', 'missing file'), client);
    clock.advance(60_000);
    return JSON.stringify(sent);
  };
  expect(traffic(7)).toBe(traffic(7));
  expect(traffic(7)).not.toBe(traffic(8));
});
