import { atOnce, type NodeClass, type NodeValue, textOf } from './node-class.ts';

const gib = 1024 ** 3;

/** The checkpoints "on disk": bytes of video memory, seconds per step, seconds to read. */
const checkpoints: Readonly<Record<string, { bytes: number; secondsPerStep: number; reading: number }>> = {
  'sd_xl_base_1.0.safetensors': { bytes: 6.6 * gib, secondsPerStep: 0.2, reading: 2.2 },
  'flux1-dev-fp8.safetensors': { bytes: 16.1 * gib, secondsPerStep: 0.52, reading: 4.5 },
  'v1-5-pruned-emaonly-fp16.safetensors': { bytes: 2.6 * gib, secondsPerStep: 0.05, reading: 0.9 },
};

export const checkpointLoader: NodeClass = {
  name: 'CheckpointLoaderSimple',
  displayName: 'Load Checkpoint',
  category: 'loaders',
  description: 'Loads a diffusion model checkpoint, diffusion models are used to denoise latents.',
  required: { ckpt_name: [Object.keys(checkpoints), { tooltip: 'The name of the checkpoint to load.' }] },
  outputs: [
    ['MODEL', 'MODEL'],
    ['CLIP', 'CLIP'],
    ['VAE', 'VAE'],
  ],
  run(call) {
    const name = textOf(call, 'ckpt_name');
    const { bytes, secondsPerStep, reading } = checkpoints[name] ?? {
      bytes: 4 * gib,
      secondsPerStep: 0.2,
      reading: 1.5,
    };
    const model: NodeValue = { kind: 'model', name, bytes, secondsPerStep };
    return {
      ...atOnce('reading model', reading * 1000, [model, { kind: 'clip' }, { kind: 'vae' }]),
      modelBytes: bytes,
    };
  },
};

export const upscaleModelLoader: NodeClass = {
  name: 'UpscaleModelLoader',
  displayName: 'Load Upscale Model',
  category: 'loaders',
  required: { model_name: [['4x-UltraSharp.pth', 'RealESRGAN_x2.pth']] },
  outputs: [['UPSCALE_MODEL', 'UPSCALE_MODEL']],
  run: () => atOnce('reading model', 350, [{ kind: 'upscaler' }]),
};

export const textEncoder: NodeClass = {
  name: 'CLIPTextEncode',
  displayName: 'CLIP Text Encode (Prompt)',
  category: 'conditioning',
  description: 'Encodes a text prompt with a CLIP model, so that it can guide the diffusion model.',
  required: {
    text: ['STRING', { multiline: true, dynamicPrompts: true, tooltip: 'The text to be encoded.' }],
    clip: ['CLIP', { tooltip: 'The CLIP model used for encoding the text.' }],
  },
  outputs: [['CONDITIONING', 'CONDITIONING']],
  run: (call) => atOnce('encoding', 180, [{ kind: 'conditioning', prompt: textOf(call, 'text') }]),
};
