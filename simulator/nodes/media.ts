import { atOnce, imagesOf, type NodeClass, numberOf, textOf } from './node-class.ts';

const loopFrames = 16;

export const videoCombiner: NodeClass = {
  name: 'VHS_VideoCombine',
  displayName: 'Video Combine',
  category: 'Video Helper Suite',
  pythonModule: 'custom_nodes.ComfyUI-VideoHelperSuite',
  required: {
    images: ['IMAGE', {}],
    frame_rate: ['FLOAT', { default: 8, min: 1, step: 1 }],
    loop_count: ['INT', { default: 0, min: 0, max: 100, step: 1 }],
    filename_prefix: ['STRING', { default: 'AnimateDiff' }],
    format: [['image/gif'], {}],
    pingpong: ['BOOLEAN', { default: false }],
    save_output: ['BOOLEAN', { default: true }],
  },
  outputs: [['VHS_FILENAMES', 'Filenames']],
  isOutput: true,
  run(call) {
    const rate = numberOf(call, 'frame_rate', 8);
    const prefix = textOf(call, 'filename_prefix', 'AnimateDiff');
    const file = call.save('output', prefix, { ...loop(call), framesPerSecond: rate });
    const entry = {
      ...file,
      format: 'image/gif',
      frame_rate: rate,
      workflow: file.filename.replace(/\.gif$/, '.png'),
      fullpath: `/home/comfy/ComfyUI/output/${file.subfolder ? `${file.subfolder}/` : ''}${file.filename}`,
    };
    return {
      activity: 'saving',
      ticks: Array.from({ length: loopFrames }, (_, index) => ({
        ms: 60,
        progress: { value: index + 1, max: loopFrames },
      })),
      outputs: [{ kind: 'literal', value: [true, [entry.fullpath]] }],
      executed: { gifs: [entry] },
    };
  },
};

export const webmSaver: NodeClass = {
  name: 'SaveWEBM',
  displayName: 'SaveWEBM',
  category: 'image/video',
  required: {
    images: ['IMAGE', {}],
    filename_prefix: ['STRING', { default: 'ComfyUI' }],
    codec: [['vp9', 'av1']],
    fps: ['FLOAT', { default: 24, min: 0.01, max: 1000, step: 0.01 }],
    crf: ['FLOAT', { default: 32, min: 0, max: 63, step: 1 }],
  },
  outputs: [],
  isOutput: true,
  run(call) {
    const file = call.save('output', textOf(call, 'filename_prefix', 'ComfyUI'), { kind: 'film' });
    return { ...atOnce('saving', 300, []), executed: { images: [file], animated: [true] } };
  },
};

export const emptyAudio: NodeClass = {
  name: 'EmptyAudio',
  displayName: 'Empty Audio',
  category: 'audio',
  required: {
    duration: ['FLOAT', { default: 60, min: 0, step: 0.01 }],
    sample_rate: ['INT', { default: 44100, min: 1, max: 192000 }],
    channels: ['INT', { default: 2, min: 1, max: 2 }],
  },
  outputs: [['AUDIO', 'AUDIO']],
  run: (call) =>
    atOnce('idle', 40, [
      { kind: 'audio', seed: call.random.integer(1000), seconds: Math.min(4, numberOf(call, 'duration', 2)) },
    ]),
};

export const audioSaver: NodeClass = {
  name: 'SaveAudioWAV',
  displayName: 'Save Audio (WAV)',
  category: 'audio',
  pythonModule: 'custom_nodes.simulator',
  required: { audio: ['AUDIO', {}], filename_prefix: ['STRING', { default: 'audio/ComfyUI' }] },
  outputs: [],
  isOutput: true,
  run(call) {
    const { audio } = call.inputs;
    const file = call.save('output', textOf(call, 'filename_prefix', 'audio/ComfyUI'), {
      kind: 'chord',
      seed: audio?.kind === 'audio' ? audio.seed : 0,
      seconds: audio?.kind === 'audio' ? audio.seconds : 2,
    });
    return { ...atOnce('saving', 120, []), executed: { audio: [file] } };
  },
};

export const textPreview: NodeClass = {
  name: 'PreviewAny',
  displayName: 'Preview as Text',
  category: 'utils',
  required: { source: ['*', {}] },
  outputs: [['STRING', 'STRING']],
  isOutput: true,
  run(call) {
    const { source } = call.inputs;
    const value =
      source?.kind === 'literal' ? source.value : source?.kind === 'conditioning' ? source.prompt : null;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return { ...atOnce('idle', 5, [{ kind: 'literal', value: text }]), executed: { text: [text] } };
  },
};

export const textSource: NodeClass = {
  name: 'PrimitiveStringMultiline',
  displayName: 'String (Multiline)',
  category: 'utils/primitive',
  required: { value: ['STRING', { multiline: true }] },
  outputs: [['STRING', 'STRING']],
  run: (call) => atOnce('idle', 2, [{ kind: 'literal', value: textOf(call, 'value') }]),
};

export const textSaver: NodeClass = {
  name: 'SaveText',
  displayName: 'Save Text',
  category: 'utils',
  required: { text: ['STRING', {}], filename_prefix: ['STRING', { default: 'ComfyUI' }] },
  outputs: [['STRING', 'text']],
  isOutput: true,
  run(call) {
    const text = textOf(call, 'text');
    const file = call.save('output', textOf(call, 'filename_prefix', 'ComfyUI'), { kind: 'text', text });
    return {
      ...atOnce('saving', 5, [{ kind: 'literal', value: text }]),
      executed: { text: [text], files: [file] },
    };
  },
};

function loop(call: Parameters<NodeClass['run']>[0]) {
  const images = imagesOf(call, 'images');
  const artwork = images.artworks[0] ?? { kind: 'colour' as const, rgb: 0 };
  // Small, because every frame is made for real.
  const scale = Math.min(1, 320 / images.width);
  return {
    kind: 'animation' as const,
    artwork,
    width: Math.max(1, Math.round(images.width * scale)),
    height: Math.max(1, Math.round(images.height * scale)),
    frames: loopFrames,
  };
}
