import { atOnce, imagesOf, type NodeClass, type NodeFailure, numberOf, textOf } from './node-class.ts';

const pack = 'custom_nodes.simulator';
const nodeFile = '/home/comfy/ComfyUI/custom_nodes/simulator/troubles.py';

/** The ways in which the failing node can fail. */
const failures: Readonly<Record<string, NodeFailure>> = {
  'wrong value': {
    type: 'ValueError',
    message: 'strength must be between 0.0 and 1.0, got 1.75',
    frames: [
      `  File "${nodeFile}", line 41, in apply\n    raise ValueError(f"strength must be between 0.0 and 1.0, got {strength}")\n`,
    ],
  },
  'out of memory': {
    type: 'torch.OutOfMemoryError',
    message:
      'Allocation on device 0 would exceed allowed memory. (out of memory)\nCurrently allocated     : 21.34 GiB\nRequested               : 4.50 GiB\nDevice limit            : 23.99 GiB\nFree (according to CUDA): 1.06 GiB\nPyTorch limit (set by user-supplied memory fraction)\n                        : 17179869184.00 GiB',
    frames: [
      `  File "/home/comfy/ComfyUI/comfy/ldm/modules/attention.py", line 498, in attention_pytorch\n    out = torch.nn.functional.scaled_dot_product_attention(q, k, v)\n          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n`,
    ],
    outOfMemory: true,
  },
  'shapes do not match': {
    type: 'RuntimeError',
    message: 'mat1 and mat2 shapes cannot be multiplied (154x2048 and 768x320)',
    frames: [
      `  File "/home/comfy/ComfyUI/comfy/ops.py", line 164, in forward\n    return super().forward(*args, **kwargs)\n           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n`,
    ],
  },
  'missing file': {
    type: 'FileNotFoundError',
    message: "[Errno 2] No such file or directory: 'ComfyUI/models/controlnet/depth-anything.safetensors'",
    frames: [
      `  File "${nodeFile}", line 57, in apply\n    with open(path, "rb") as weights:\n         ^^^^^^^^^^^^^^^^\n`,
    ],
  },
};

export const failingNode: NodeClass = {
  name: 'SimulatorFailure',
  displayName: 'Fail on Purpose',
  category: 'simulator',
  pythonModule: pack,
  required: { image: ['IMAGE', {}], failure: [Object.keys(failures), {}] },
  optional: { seconds: ['FLOAT', { default: 0.4, min: 0, max: 3600 }] },
  outputs: [['IMAGE', 'IMAGE']],
  alwaysRuns: true,
  run(call) {
    const failure = failures[textOf(call, 'failure')];
    return {
      activity: 'sampling',
      ticks: [{ ms: numberOf(call, 'seconds', 0.4) * 1000 }],
      outputs: [{ kind: 'image', images: imagesOf(call, 'image') }],
      ...(failure ? { failure } : {}),
    };
  },
};

export const slowNode: NodeClass = {
  name: 'SimulatorSleep',
  displayName: 'Take a Nap',
  category: 'simulator',
  description: 'Works for a while without telling its progress; can be interrupted.',
  pythonModule: pack,
  required: { image: ['IMAGE', {}], seconds: ['FLOAT', { default: 5, min: 0, max: 86400 }] },
  outputs: [['IMAGE', 'IMAGE']],
  run(call) {
    const naps = Math.max(1, Math.round(numberOf(call, 'seconds', 5) * 10));
    return {
      activity: 'decoding',
      ticks: Array.from({ length: Math.min(naps, 100_000) }, () => ({ ms: 100 })),
      outputs: [{ kind: 'image', images: imagesOf(call, 'image') }],
    };
  },
};

export const tickingNode: NodeClass = {
  name: 'SimulatorProgress',
  displayName: 'Count Steps',
  category: 'simulator',
  description: 'Counts up a progress bar at a given pace; works on any image, without a model.',
  pythonModule: pack,
  required: {
    image: ['IMAGE', {}],
    steps: ['INT', { default: 8, min: 1, max: 10000 }],
    seconds_per_step: ['FLOAT', { default: 0.25, min: 0, max: 3600 }],
  },
  optional: { seed: ['INT', { default: 0 }], preview: ['BOOLEAN', { default: true }] },
  outputs: [['IMAGE', 'IMAGE']],
  run(call) {
    const images = imagesOf(call, 'image');
    const max = numberOf(call, 'steps', 8);
    const ms = numberOf(call, 'seconds_per_step', 0.25) * 1000;
    const { preview } = call.inputs;
    const shows = preview?.kind !== 'literal' || preview.value !== false;
    return {
      activity: 'sampling',
      ticks: Array.from({ length: max }, (_, index) => ({
        ms,
        progress: { value: index + 1, max },
        ...(shows ? { preview: { images, fraction: (index + 1) / max } } : {}),
      })),
      outputs: [{ kind: 'image', images }],
    };
  },
};

export const blockingNode: NodeClass = {
  name: 'SimulatorBlock',
  displayName: 'Block What Follows',
  category: 'simulator',
  description: 'Keeps the nodes after it from running; the prompt still succeeds.',
  pythonModule: pack,
  required: { image: ['IMAGE', {}], message: ['STRING', { default: 'nothing to do' }] },
  outputs: [['IMAGE', 'IMAGE']],
  run: (call) => atOnce('idle', 1, [{ kind: 'blocked', message: textOf(call, 'message') }]),
};
