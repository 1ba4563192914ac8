import { expect, it } from 'vitest';
import { jobParameters, withShortWords } from './job-parameters.ts';

const textToImage = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 7,
      steps: 20,
      cfg: 6.5,
      sampler_name: 'euler',
      scheduler: 'karras',
      model: ['10', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl/base.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 832, height: 1216, batch_size: 4 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a quiet lake', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0] } },
  '10': { class_type: 'LoraLoader', inputs: { lora_name: 'styles\\ink.safetensors', model: ['4', 0] } },
  '20': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64 } },
};

it('tells what the sampler of an output is given', () => {
  expect(jobParameters(textToImage, ['9'])).toEqual({
    models: ['base.safetensors'],
    loras: ['ink.safetensors'],
    width: 832,
    height: 1216,
    batch: 4,
    frames: null,
    seed: '7',
    steps: 20,
    cfg: 6.5,
    sampler: 'euler',
    scheduler: 'karras',
    amounts: expect.any(Number),
    positive: { text: 'a quiet lake', isClipped: false },
    negative: { text: 'blurry', isClipped: false },
  });
});

it('tells size and frames of a video, and its words apart, though both come through one node', () => {
  const graph = {
    '1': {
      class_type: 'KSampler',
      inputs: { model: ['2', 0], positive: ['3', 0], negative: ['3', 1], latent_image: ['3', 2], seed: 1 },
    },
    '2': { class_type: 'UNETLoader', inputs: { unet_name: 'wan.safetensors' } },
    '3': {
      class_type: 'WanImageToVideo',
      inputs: { width: 832, height: 480, length: 81, batch_size: 1, positive: ['4', 0], negative: ['5', 0] },
    },
    '4': { class_type: 'CLIPTextEncode', inputs: { text: 'waves' } },
    '5': { class_type: 'CLIPTextEncode', inputs: { text: 'still' } },
    '6': { class_type: 'SaveVideo', inputs: { video: ['1', 0] } },
  };
  expect(jobParameters(graph, ['6'])).toMatchObject({
    models: ['wan.safetensors'],
    width: 832,
    height: 480,
    batch: 1,
    frames: 81,
    positive: { text: 'waves' },
    negative: { text: 'still' },
  });
});

it('takes conditioning that was silenced for no unwanted words', () => {
  const graph = {
    ...textToImage,
    '3': {
      class_type: 'KSampler',
      inputs: { ...textToImage['3'].inputs, negative: ['8', 0] },
    },
    '8': { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['6', 0] } },
  };
  expect(jobParameters(graph, ['9'])?.negative).toBeNull();
});

it('counts what enlarges a latent before it is sampled, and claims no size behind a model that enlarges', () => {
  const enlarged = (between: object) => ({
    ...textToImage,
    '3': {
      class_type: 'KSampler',
      inputs: { ...textToImage['3'].inputs, latent_image: ['11', 0] },
    },
    '11': between,
  });
  const twice = enlarged({
    class_type: 'LatentUpscaleBy',
    inputs: { samples: ['5', 0], scale_by: 1.5 },
  });
  expect(jobParameters(twice, ['9'])).toMatchObject({ width: 1248, height: 1824, batch: 4 });
  const unknown = enlarged({
    class_type: 'ImageUpscaleWithModel',
    inputs: { upscale_model: ['4', 0], image: ['5', 0] },
  });
  expect(jobParameters(unknown, ['9'])).toMatchObject({ width: null, height: null });
});

it('gives no size to a picture that is loaded', () => {
  const graph = {
    ...textToImage,
    '5': { class_type: 'VAEEncode', inputs: { pixels: ['12', 0], vae: ['4', 2] } },
    '12': { class_type: 'LoadImage', inputs: { image: 'lake.png' } },
  };
  expect(jobParameters(graph, ['9'])).toMatchObject({ width: null, height: null, batch: null });
});

it('tells runs apart that have more to do, also beside the sampler, and no others', () => {
  const scaled = (size: number, colour: number, seed: number) =>
    jobParameters(
      {
        '1': { class_type: 'EmptyImage', inputs: { width: 256, height: 256, color: colour } },
        '2': { class_type: 'ImageScale', inputs: { image: ['1', 0], width: size, height: size, seed } },
      },
      ['2'],
    )?.amounts;
  expect(scaled(512, 0, 1)).toBe(scaled(512, 9, 2));
  expect(scaled(512, 0, 1)).not.toBe(scaled(2_048, 0, 1));
  expect(jobParameters({ '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } } }, ['1'])).toBeNull();
});

it('leaves out LoRAs that are switched off', () => {
  const graph = {
    '1': { class_type: 'SaveImage', inputs: { images: ['2', 0] } },
    '2': {
      class_type: 'Power Lora Loader',
      inputs: { lora_1: { on: true, lora: 'a.safetensors' }, lora_2: { on: false, lora: 'b.safetensors' } },
    },
  };
  expect(jobParameters(graph, ['1'])?.loras).toEqual(['a.safetensors']);
});

it('says where words were clipped, and shortens them for a long queue', () => {
  const graph = {
    ...textToImage,
    '6': { class_type: 'CLIPTextEncode', inputs: { text: 'very '.repeat(300), clip: ['4', 1] } },
  };
  const parameters = jobParameters(graph, ['9']);
  expect(parameters?.positive?.text).toHaveLength(500);
  expect(parameters?.positive?.isClipped).toBe(true);
  const short = parameters && withShortWords(parameters);
  expect(short?.positive?.text).toHaveLength(160);
  expect(short?.negative).toBeNull();
  expect(short).toMatchObject({ seed: '7', width: 832 });
});

it('says nothing of what is no graph', () => {
  for (const other of [null, 'text', [], {}, { '1': {} }]) expect(jobParameters(other, ['1'])).toBeNull();
});

it('says nothing of sizes and counts that nobody can mean', () => {
  const huge = (class_type: string, inputs: object) => ({ class_type, inputs });
  const graph = {
    '3': huge('KSampler', { model: ['4', 0], latent_image: ['7', 0], steps: 1e308 }),
    '4': huge('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }),
    '7': huge('LatentUpscaleBy', { samples: ['5', 0], scale_by: 1e300 }),
    '5': huge('EmptyLatentImage', { width: 512, height: 512, batch_size: 1e308, length: '1e308' }),
  };
  const nothing = { width: null, height: null, batch: null, frames: null, steps: null };
  expect(jobParameters(graph, ['3'])).toMatchObject({ models: ['a.safetensors'], ...nothing });
});
