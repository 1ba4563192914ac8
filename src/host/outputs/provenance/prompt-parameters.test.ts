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

/** What a prompt tells whose nodes are given as class and inputs; the last one saved. */
function told(nodes: Record<string, [classType: string, inputs: object]>) {
  const graph = Object.entries(nodes).map(
    ([id, [class_type, inputs]]) => [id, { class_type, inputs }] as const,
  );
  return readPromptParameters(JSON.stringify(Object.fromEntries(graph)), Object.keys(nodes).at(-1) ?? '');
}

it.each<[string, Record<string, [string, object]>]>([
  [
    'Efficiency’s loader',
    {
      1: [
        'Efficient Loader',
        { ckpt_name: 'a/dreamland.safetensors', positive: 'a lake', negative: 'blurry' },
      ],
      2: [
        'KSampler (Efficient)',
        { seed: 7, steps: 20, model: ['1', 0], positive: ['1', 1], negative: ['1', 2] },
      ],
      9: ['SaveImage', { images: ['2', 5] }],
    },
  ],
  [
    'the same loader with linked words',
    {
      0: ['PrimitiveStringMultiline', { value: 'a lake' }],
      1: ['Efficient Loader', { ckpt_name: 'dreamland.safetensors', positive: ['0', 0], negative: 'blurry' }],
      2: ['KSampler (Efficient)', { seed: 7, steps: 20, positive: ['1', 1] }],
      9: ['SaveImage', { images: ['2', 5] }],
    },
  ],
  [
    'Easy-Use, over a pipe',
    {
      1: ['easy fullLoader', { ckpt_name: 'dreamland.safetensors', positive: 'a lake', negative: 'blurry' }],
      2: ['easy preSampling', { steps: 20, seed: 7, pipe: ['1', 0] }],
      3: ['easy kSampler', { pipe: ['2', 0], image_output: 'Hide' }],
      9: ['SaveImage', { images: ['3', 1] }],
    },
  ],
  [
    'Wan’s wrapper',
    {
      1: ['WanVideoModelLoader', { model: 'wan/dreamland.safetensors', base_precision: 'bf16' }],
      2: ['WanVideoTextEncode', { positive_prompt: 'a lake', negative_prompt: 'blurry', t5: ['8', 0] }],
      3: ['WanVideoSampler', { steps: 20, seed: 7, model: ['1', 0], text_embeds: ['2', 0] }],
      8: ['LoadWanVideoT5TextEncoder', { model_name: 'umt5.safetensors' }],
      9: ['VHS_VideoCombine', { images: ['3', 0] }],
    },
  ],
  [
    'a chain with an upscaler, a detector and primitives behind it',
    {
      1: ['UNETLoader', { unet_name: 'dreamland.safetensors' }],
      2: ['CLIPTextEncode', { text: ['4', 0] }],
      3: ['CLIPTextEncode', { text: 'blurry' }],
      4: ['StringConcatenate', { string_a: 'a lake', string_b: '', delimiter: ', ' }],
      5: ['PrimitiveInt', { value: 20 }],
      6: ['Seed (rgthree)', { min: 0, seed: 7 }],
      7: ['KSamplerAdvanced', { noise_seed: ['6', 0], steps: ['5', 0], positive: ['2', 0], model: ['1', 0] }],
      8: ['UpscaleModelLoader', { model_name: '4x-sharp.pth' }],
      81: ['ImageUpscaleWithModel', { upscale_model: ['8', 0], image: ['7', 0] }],
      82: ['GroundingDino', { prompt: 'face', image: ['81', 0] }],
      9: ['SaveImage', { images: ['82', 0] }],
    },
  ],
  [
    'a wildcard, as it was filled in',
    {
      1: ['CheckpointLoader|pysssss', { ckpt_name: { content: 'dreamland.safetensors', image: null } }],
      2: [
        'ImpactWildcardEncode',
        { wildcard_text: 'a {lake|sea}', populated_text: 'a lake', model: ['1', 0] },
      ],
      3: ['KSampler', { seed: 7, steps: 20, positive: ['2', 2] }],
      9: ['SaveImage', { images: ['3', 0] }],
    },
  ],
  [
    'a service that takes words alone',
    {
      1: [
        'DreamlandTextToImageNode',
        { prompt: 'a lake', model: 'dreamland.safetensors', seed: 7, steps: 20 },
      ],
      9: ['SaveImage', { images: ['1', 0] }],
    },
  ],
])('reads what %s holds', (_, nodes) => {
  expect(told(nodes)).toMatchObject({
    seed: '7',
    steps: 20,
    model: 'dreamland.safetensors',
    prompt: 'a lake',
  });
});

it('takes nothing for a seed that is none, whatever it says of itself', () => {
  for (const seed of [{ toString: 1 }, [{}], null, -1, 1.5, 1e30, 'x'])
    expect(told({ 9: ['KSampler', { seed, steps: { valueOf: 1 }, model: { content: {} } }] })).toMatchObject({
      seed: null,
      steps: null,
    });
});

it('takes its time for no graph, however its nodes are linked', () => {
  const ids = Array.from({ length: 3_000 }, (_, id) => id);
  const nodes = ids.map((id) => [
    id,
    { inputs: Object.fromEntries([1, 2, 3].map((n) => [`positive_${n}`, [`${(id * 7 + n) % 3_000}`, 0]])) },
  ]);
  const begun = performance.now();
  expect(readPromptParameters(JSON.stringify(Object.fromEntries(nodes)), '1')).toMatchObject({
    prompt: null,
  });
  expect(readPromptParameters(`{"1":{"inputs":{"a":[${'0,'.repeat(1_000_000)}0]}}}`, '1')).toBeNull();
  expect(performance.now() - begun).toBeLessThan(1_000);
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
