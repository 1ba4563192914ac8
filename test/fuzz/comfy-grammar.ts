/** Messages and answers as ComfyUI writes them, of a few prompts and nodes, so that they meet in the state. */
import type { Seeded } from '../faults/seeded.ts';
import { oddLeaf } from './mutations.ts';

const promptIds = ['p1', 'p2', 'p3', '90fe0cc5-480b-4f6f-a414-225063e38762'] as const;
const nodeIds = ['1', '2', '3', '4', '5', '9', '4.0.1', '4.0.2', '57:8'] as const;
const names = ['a.png', 'ComfyUI_00001_.png', 'b.webm', 'c.flac', 'mesh.glb', 'notes.txt', 'x.exr'] as const;
const time = 1_790_000_000_000;

export function promptId(chance: Seeded): string {
  return chance.pick(promptIds);
}

function nodeId(chance: Seeded): string {
  return chance.pick(nodeIds);
}

/** Mostly what it should be. */
function or(chance: Seeded, value: unknown): unknown {
  return chance.chance(0.06) ? oddLeaf(chance) : value;
}

function output(chance: Seeded): unknown {
  const file = () => ({
    filename: or(chance, chance.pick(names)),
    subfolder: or(chance, chance.pick(['', 'a', 'a/b'])),
    type: or(chance, chance.pick(['output', 'temp', 'input'])),
  });
  const files = Array.from({ length: chance.below(4) }, file);
  const texts = Array.from({ length: chance.below(3) }, () => or(chance, 'a lake at dawn'));
  return {
    [chance.pick(['images', 'gifs', 'audio', '3d', 'video', 'result'])]: files,
    [chance.pick(['text', 'tags'])]: texts,
  };
}

function failure(chance: Seeded): object {
  return {
    prompt_id: promptId(chance),
    node_id: or(chance, nodeId(chance)),
    node_type: or(chance, 'KSampler'),
    exception_type: or(chance, 'torch.OutOfMemoryError'),
    exception_message: or(chance, 'out of memory\n'),
    traceback: or(chance, ['  File "x.py", line 3\n', or(chance, '    raise\n')]),
    executed: [],
    current_inputs: {},
    timestamp: time + chance.below(100_000),
  };
}

const kinds: readonly [Kind, ...Kind[]] = [
  (chance) => ['status', { status: { exec_info: { queue_remaining: or(chance, chance.below(30)) } } }],
  (chance) => ['execution_start', { prompt_id: promptId(chance), timestamp: or(chance, time) }],
  (chance) => [
    'execution_cached',
    {
      prompt_id: promptId(chance),
      nodes: or(
        chance,
        Array.from({ length: chance.below(5) }, () => nodeId(chance)),
      ),
    },
  ],
  (chance) => {
    const node = or(chance, chance.chance(0.1) ? null : nodeId(chance));
    return ['executing', { node, display_node: or(chance, node), prompt_id: or(chance, promptId(chance)) }];
  },
  (chance) => [
    'progress',
    {
      value: or(chance, chance.below(22)),
      max: or(chance, chance.pick([1, 20, 20, 20, 0])),
      prompt_id: or(chance, promptId(chance)),
      node: or(chance, nodeId(chance)),
    },
  ],
  (chance) => {
    const prompt = promptId(chance);
    const states = Array.from({ length: chance.below(6) }, () => {
      const node = nodeId(chance);
      const state = {
        value: or(chance, chance.below(22)),
        max: or(chance, chance.pick([1, 20])),
        state: or(chance, chance.pick(['pending', 'running', 'finished', 'error'])),
        node_id: or(chance, node),
        display_node_id: or(chance, node.split('.')[0]),
        prompt_id: prompt,
        parent_node_id: null,
        real_node_id: node,
        activity: or(chance, chance.pick([null, 'loading'])),
      };
      return [node, state];
    });
    return [
      'progress_state',
      { prompt_id: or(chance, prompt), nodes: or(chance, Object.fromEntries(states)) },
    ];
  },
  (chance) => [
    'executed',
    { node: or(chance, nodeId(chance)), prompt_id: promptId(chance), output: or(chance, output(chance)) },
  ],
  (chance) => ['execution_success', { prompt_id: promptId(chance), timestamp: or(chance, time) }],
  (chance) => ['execution_error', failure(chance)],
  (chance) => ['execution_interrupted', failure(chance)],
  (chance) => [
    'crystools.monitor',
    {
      cpu_utilization: or(chance, chance.pick([13.5, -1, null])),
      ram_total: or(chance, 64e9),
      ram_used: or(chance, 20e9),
      gpus: or(chance, [
        {
          gpu_utilization: or(chance, 97),
          gpu_temperature: or(chance, 70),
          vram_total: 24e9,
          vram_used: or(chance, 12e9),
        },
      ]),
    },
  ],
  (chance) => [
    'comfy_monitor.telemetry',
    {
      cpu_percent: or(chance, chance.pick([13.5, -1, null])),
      ram: or(chance, { used: or(chance, 20e9), total: 64e9 }),
      swap: or(chance, { used: 0, total: or(chance, 8e9) }),
      disk: or(chance, { path: or(chance, '/srv/output'), used: 5e11, total: 1e12 }),
      gpus: or(
        chance,
        Array.from({ length: chance.below(4) }, (_, n) => ({
          uuid: or(chance, `GPU-${chance.below(6)}`),
          pci: or(chance, `0000:0${n}:00.0`),
          name: or(chance, 'NVIDIA GeForce RTX 4090'),
          device: or(chance, n),
          used: or(chance, true),
          lost: chance.chance(0.1),
          load_percent: or(chance, chance.pick([97, -1, 1e9])),
          vram_used: or(chance, 20e9),
          vram_total: or(chance, 24e9),
          vram_own: or(chance, 18e9),
          power: or(chance, 412.5),
          throttled_by: or(chance, ['heat', or(chance, 'power_limit')]),
          missing: or(chance, { fan_percent: or(chance, 'no fan') }),
        })),
      ),
    },
  ],
  (chance) => [
    'logs',
    {
      entries: Array.from({ length: chance.below(4) }, () => ({
        t: 'x',
        m: or(chance, 'got prompt\r\n 50%|####'),
      })),
    },
  ],
  (chance) => ['notification', { value: or(chance, 'Please connect a model') }],
  (chance) => ['feature_flags', { supports_progress_text_metadata: or(chance, true) }],
  (chance) => [
    'comfy_monitor.plan',
    { prompt_id: promptId(chance), nodes: or(chance, chance.below(9)), total: or(chance, chance.below(9)) },
  ],
];
type Kind = (chance: Seeded) => [type: string, data: unknown];

/** `{type, data}` */
export function message(chance: Seeded): object {
  const [type, data] = chance.pick(kinds)(chance);
  return { type, data: or(chance, data) };
}

/** Previews and texts. */
export function binaryFrame(chance: Seeded): Buffer {
  const image = Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(chance.below(60))]);
  const counted = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    return Buffer.concat([word(bytes.length), bytes]);
  };
  switch (chance.below(3)) {
    case 0:
      return Buffer.concat([word(1), word(1), image]);
    case 1: {
      const prompt = chance.chance(0.5) ? [counted(promptId(chance))] : [];
      return Buffer.concat([
        word(3),
        ...prompt,
        counted(nodeId(chance)),
        Buffer.from('step 3\u001b[0m of 9'),
      ]);
    }
    default: {
      const about = { prompt_id: promptId(chance), node_id: nodeId(chance), image_type: 'image/jpeg' };
      return Buffer.concat([word(4), counted(JSON.stringify(about)), image]);
    }
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function graph(chance: Seeded): object {
  const node = (id: string) => [
    id,
    {
      class_type: or(chance, chance.pick(['KSampler', 'SaveImage', 'CLIPTextEncode', 'LoadImage'])),
      inputs: or(chance, {
        seed: chance.below(2 ** 32),
        text: or(chance, 'a lake'),
        model: [nodeId(chance), 0],
      }),
      _meta: or(chance, { title: or(chance, 'My node') }),
    },
  ];
  return Object.fromEntries(nodeIds.slice(0, chance.below(nodeIds.length)).map(node));
}

/** `[number, prompt_id, graph, extra_data, outputs]` */
export function queueItem(chance: Seeded, id: string): unknown[] {
  const workflow = {
    id: 'w',
    nodes: [{ id: 1, type: 'KSampler', title: or(chance, 'x') }],
    links: [],
    name: or(chance, 'flow'),
  };
  const extra = { create_time: or(chance, time), client_id: 'c', extra_pnginfo: or(chance, { workflow }) };
  return [or(chance, chance.below(50)), id, or(chance, graph(chance)), or(chance, extra), or(chance, ['9'])];
}

export function historyEntry(chance: Seeded, id: string): object {
  const messages = [
    ['execution_start', { prompt_id: id, timestamp: or(chance, time) }],
    ['execution_cached', { nodes: or(chance, ['1', '2']), prompt_id: id, timestamp: time }],
    chance.chance(0.7)
      ? ['execution_success', { prompt_id: id, timestamp: or(chance, time + 5_000) }]
      : [chance.pick(['execution_error', 'execution_interrupted']), failure(chance)],
  ];
  return {
    prompt: queueItem(chance, id),
    outputs: or(chance, { [nodeId(chance)]: output(chance) }),
    status: or(chance, {
      status_str: chance.pick(['success', 'error']),
      completed: true,
      messages: or(chance, messages),
    }),
    meta: {},
  };
}

export function job(chance: Seeded, id: string): object {
  return {
    id,
    status: or(chance, chance.pick(['pending', 'in_progress', 'completed', 'failed', 'cancelled'])),
    priority: or(chance, chance.below(50)),
    create_time: or(chance, time),
    execution_start_time: or(chance, time + 10),
    execution_end_time: or(chance, time + 500),
    execution_error: chance.chance(0.3) ? failure(chance) : null,
    outputs_count: 1,
    outputs: or(chance, { [nodeId(chance)]: output(chance) }),
    execution_status: or(chance, { status_str: 'success', messages: [] }),
    workflow: or(chance, { prompt: graph(chance), extra_data: { extra_pnginfo: {} } }),
  };
}
