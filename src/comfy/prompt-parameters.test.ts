import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPromptParameters } from './prompt-parameters.ts';

const textToImage = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 7,
      steps: 20,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl/base.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a quiet lake', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0] }, _meta: { title: 'Save lake' } },
};

it('reads what made an image', () => {
  expect(readPromptParameters(JSON.stringify(textToImage), '9')).toEqual({
    node: 'Save lake',
    seed: '7',
    steps: 20,
    model: 'base.safetensors',
    prompt: 'a quiet lake',
  });
});

it('keeps all digits of a seed, and reads what Python writes', () => {
  const json = JSON.stringify(textToImage)
    .replace('"seed":7', '"seed":18446744073709551615')
    .replace('"width":512', '"width":NaN');
  expect(readPromptParameters(json, '9')).toMatchObject({ seed: '18446744073709551615' });
});

it('follows guiders, combined conditioning, and texts and seeds that are linked', () => {
  const graph = {
    '1': {
      class_type: 'SamplerCustomAdvanced',
      inputs: { noise: ['2', 0], guider: ['3', 0], sigmas: ['4', 0] },
    },
    '2': { class_type: 'RandomNoise', inputs: { noise_seed: ['10', 0] } },
    '3': { class_type: 'BasicGuider', inputs: { model: ['8', 0], conditioning: ['5', 0] } },
    '4': { class_type: 'BasicScheduler', inputs: { steps: 4, model: ['8', 0] } },
    '5': {
      class_type: 'ConditioningCombine',
      inputs: { conditioning_1: ['6', 0], conditioning_2: ['7', 0] },
    },
    '6': { class_type: 'CLIPTextEncode', inputs: { text: ['9', 0] } },
    '7': { class_type: 'CLIPTextEncodeFlux', inputs: { clip_l: 'at dawn', t5xxl: 'at dawn' } },
    '8': { class_type: 'UNETLoader', inputs: { unet_name: 'flux\\dev.safetensors' } },
    '9': { class_type: 'PrimitiveString', inputs: { value: 'a lighthouse' } },
    '10': { class_type: 'Seed', inputs: { seed: 99 } },
    '11': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
  };
  expect(readPromptParameters(JSON.stringify(graph), '11')).toEqual({
    node: 'SaveImage',
    seed: '99',
    steps: 4,
    model: 'dev.safetensors',
    prompt: 'at dawn\na lighthouse',
  });
});

it('takes the sampler nearest to the image, where there are two', () => {
  const graph = {
    '1': { class_type: 'KSampler', inputs: { seed: 1, steps: 30, latent_image: ['9', 0] } },
    '2': { class_type: 'KSampler', inputs: { seed: 2, steps: 10, latent_image: ['1', 0] } },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0] } },
  };
  expect(readPromptParameters(JSON.stringify(graph), '3')).toMatchObject({
    seed: '2',
    steps: 10,
    prompt: null,
  });
});

it.each(['', 'null', '[]', '{}', '"x"', '{"a":1}', '{"nodes":[]}', '{"3":{"inputs":', '['.repeat(100_000)])(
  'takes %.20s for no prompt',
  (json) => {
    expect(readPromptParameters(json, '9')).toBeNull();
  },
);

it('goes round in circles once', () => {
  const graph = { '1': { inputs: { positive: ['2', 0] } }, '2': { inputs: { positive: ['1', 0] } } };
  expect(readPromptParameters(JSON.stringify(graph), '1')).toMatchObject({ prompt: null });
});

it('never throws, and gives texts that end', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('1', '2', '9', '__proto__'), fc.json()), (nodes) => {
      const json = `{${Object.entries(nodes)
        .map(([id, node]) => `"${id}":{"inputs":${node}}`)
        .join()}}`;
      const found = readPromptParameters(json, '9');
      expect((found?.prompt ?? '').length).toBeLessThanOrEqual(20_000);
    }),
  );
});
