import { paintingOf, variationOf } from '../media/artwork.ts';
import { atOnce, type ImageBatch, imagesOf, type NodeClass, numberOf, type Tick } from './node-class.ts';

const side = { min: 16, max: 16384, step: 8 };

export const emptyLatent: NodeClass = {
  name: 'EmptyLatentImage',
  displayName: 'Empty Latent Image',
  category: 'latent',
  description: 'Create a new batch of empty latent images to be denoised via sampling.',
  required: {
    width: ['INT', { default: 512, ...side }],
    height: ['INT', { default: 512, ...side }],
    batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
  },
  outputs: [['LATENT', 'LATENT']],
  run(call) {
    const images: ImageBatch = {
      width: numberOf(call, 'width', 512),
      height: numberOf(call, 'height', 512),
      artworks: Array.from({ length: numberOf(call, 'batch_size', 1) }, () => ({ kind: 'colour', rgb: 0 })),
    };
    return atOnce('idle', 5, [{ kind: 'latent', images }]);
  },
};

export const sampler: NodeClass = {
  name: 'KSampler',
  displayName: 'KSampler',
  category: 'sampling',
  description: 'Uses the provided model, positive and negative conditioning to denoise the latent image.',
  required: {
    model: ['MODEL', { tooltip: 'The model used for denoising the input latent.' }],
    seed: ['INT', { default: 0, min: 0, max: 18446744073709552000, control_after_generate: true }],
    steps: ['INT', { default: 20, min: 1, max: 10000 }],
    cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
    sampler_name: [['euler', 'euler_ancestral', 'dpmpp_2m', 'dpmpp_2m_sde', 'ddim', 'uni_pc']],
    scheduler: [['simple', 'normal', 'karras', 'exponential', 'sgm_uniform', 'beta']],
    positive: ['CONDITIONING', {}],
    negative: ['CONDITIONING', {}],
    latent_image: ['LATENT', { tooltip: 'The latent image to denoise.' }],
    denoise: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
  },
  outputs: [['LATENT', 'LATENT']],
  run(call) {
    const latent = imagesOf(call, 'latent_image');
    const { model, positive } = call.inputs;
    const prompt = positive?.kind === 'conditioning' ? positive.prompt : '';
    const artwork = paintingOf(prompt, numberOf(call, 'seed', 0));
    const images: ImageBatch = {
      ...latent,
      artworks: latent.artworks.map((_, index) => variationOf(artwork, index)),
    };
    const secondsPerStep = model?.kind === 'model' ? model.secondsPerStep : 0.2;
    const steps = Math.max(1, Math.round(numberOf(call, 'steps', 20) * numberOf(call, 'denoise', 1)));
    const pace = secondsPerStep * 1000 * workload(images) * call.random.between(0.94, 1.06);
    const ticks = Array.from({ length: steps }, (_, index): Tick => {
      const value = index + 1;
      return {
        // The first step is slower: kernels are warmed up and the model settles on the card.
        ms: pace * (index === 0 ? 1.7 : call.random.between(0.93, 1.07)),
        progress: { value, max: steps },
        preview: { images, fraction: value / steps },
      };
    });
    return {
      activity: 'sampling',
      ticks,
      outputs: [{ kind: 'latent', images }],
      ...(model?.kind === 'model' ? { modelBytes: model.bytes } : {}),
    };
  },
};

export const decoder: NodeClass = {
  name: 'VAEDecode',
  displayName: 'VAE Decode',
  category: 'latent',
  description: 'Decodes latent images back into pixel space images.',
  required: { samples: ['LATENT', { tooltip: 'The latent to be decoded.' }], vae: ['VAE', {}] },
  outputs: [['IMAGE', 'IMAGE']],
  run(call) {
    const images = imagesOf(call, 'samples');
    return atOnce('decoding', 380 * workload(images), [{ kind: 'image', images }]);
  },
};

/** How much more work a batch is than one image of 768 × 512, growing slower than its pixels. */
function workload(images: ImageBatch): number {
  return ((images.width * images.height * images.artworks.length) / (768 * 512)) ** 0.75;
}
