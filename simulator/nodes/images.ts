import type { Artwork } from '../media/artwork.ts';
import {
  atOnce,
  type ImageBatch,
  imagesOf,
  type NodeCall,
  type NodeClass,
  type NodeWork,
  numberOf,
  textOf,
} from './node-class.ts';

export const emptyImage: NodeClass = {
  name: 'EmptyImage',
  displayName: 'Empty Image',
  category: 'image',
  required: {
    width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
    height: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
    batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    color: ['INT', { default: 0, min: 0, max: 16777215, step: 1, display: 'color' }],
  },
  outputs: [['IMAGE', 'IMAGE']],
  run(call) {
    const colour: Artwork = { kind: 'colour', rgb: numberOf(call, 'color', 0) };
    const images: ImageBatch = {
      width: numberOf(call, 'width', 512),
      height: numberOf(call, 'height', 512),
      artworks: Array.from({ length: numberOf(call, 'batch_size', 1) }, () => colour),
    };
    return atOnce('idle', 3, [{ kind: 'image', images }]);
  },
};

/** The pictures in the simulated server's input folder. */
export const inputPictures: Readonly<Record<string, Artwork>> = {
  'example.png': { kind: 'painting', motif: 'landscape', seed: 7 },
  'sketch.png': { kind: 'painting', motif: 'inkwash', seed: 3 },
};

export const imageLoader: NodeClass = {
  name: 'LoadImage',
  displayName: 'Load Image',
  category: 'image',
  required: { image: [Object.keys(inputPictures), { image_upload: true }] },
  outputs: [
    ['IMAGE', 'IMAGE'],
    ['MASK', 'MASK'],
  ],
  run(call) {
    const artwork = inputPictures[textOf(call, 'image')] ?? { kind: 'colour', rgb: 0x808080 };
    const images: ImageBatch = { width: 768, height: 512, artworks: [artwork] };
    return atOnce('idle', 60, [
      { kind: 'image', images },
      { kind: 'image', images },
    ]);
  },
};

const tilesPerImage = 6;

export const upscaler: NodeClass = {
  name: 'ImageUpscaleWithModel',
  displayName: 'Upscale Image (using Model)',
  category: 'image/upscaling',
  required: { upscale_model: ['UPSCALE_MODEL', {}], image: ['IMAGE', {}] },
  outputs: [['IMAGE', 'IMAGE']],
  run(call) {
    const small = imagesOf(call, 'image');
    // Twice the size is enough to see the difference and still quick to paint.
    const images = { ...small, width: small.width * 2, height: small.height * 2 };
    const max = tilesPerImage * small.artworks.length;
    return {
      activity: 'sampling',
      ticks: Array.from({ length: max }, (_, index) => ({ ms: 240, progress: { value: index + 1, max } })),
      outputs: [{ kind: 'image', images }],
    };
  },
};

export const imageSaver: NodeClass = {
  name: 'SaveImage',
  displayName: 'Save Image',
  category: 'image',
  description: 'Saves the input images to your ComfyUI output directory.',
  required: {
    images: ['IMAGE', { tooltip: 'The images to save.' }],
    filename_prefix: ['STRING', { default: 'ComfyUI' }],
  },
  outputs: [['IMAGE', 'images']],
  isOutput: true,
  run: (call) => save(call, 'output', textOf(call, 'filename_prefix', 'ComfyUI'), 160),
};

export const imagePreview: NodeClass = {
  name: 'PreviewImage',
  displayName: 'Preview Image',
  category: 'image',
  description: 'Preview the images without saving them to the ComfyUI output directory.',
  required: { images: ['IMAGE', { tooltip: 'The images to preview.' }] },
  outputs: [['IMAGE', 'images']],
  isOutput: true,
  run: (call) =>
    save(
      call,
      'temp',
      `ComfyUI_temp_${call.random
        .uuid()
        .replaceAll(/[^a-f]/g, '')
        .slice(0, 5)}`,
      60,
    ),
};

function save(call: NodeCall, folder: 'output' | 'temp', prefix: string, msPerImage: number): NodeWork {
  const images = imagesOf(call, 'images');
  const files = images.artworks.map((artwork) =>
    call.save(folder, prefix, { kind: 'picture', artwork, width: images.width, height: images.height }),
  );
  return {
    ...atOnce('saving', msPerImage * files.length, [{ kind: 'image', images }]),
    executed: { images: files },
  };
}

export const imageSize: NodeClass = {
  name: 'GetImageSize',
  displayName: 'Get Image Size',
  category: 'image',
  description: 'Returns width and height of the image, and passes it through unchanged.',
  required: { image: ['IMAGE', {}] },
  outputs: [
    ['INT', 'width'],
    ['INT', 'height'],
    ['INT', 'batch_size'],
  ],
  run(call) {
    const { width, height, artworks } = imagesOf(call, 'image');
    const sizes = [width, height, artworks.length];
    return {
      ...atOnce(
        'idle',
        1,
        sizes.map((value) => ({ kind: 'literal', value })),
      ),
      announces: `width: ${width}, height: ${height}\n batch size: ${artworks.length}`,
    };
  },
};
