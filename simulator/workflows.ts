import { linksOf, type PromptGraph, type PromptNode, titleOf } from './execution/prompt-graph.ts';
import type { JsonObject } from './protocol/json.ts';
import { hashText, type Random } from './random.ts';

/** A workflow of the simulated user: what its editor would send. */
export interface DemoPrompt {
  readonly title: string;
  readonly graph: PromptGraph;
  /** The editor's graph, for `extra_data.extra_pnginfo.workflow`. */
  readonly workflow: JsonObject;
}

/** What distinguishes one text-to-image prompt from another. */
export interface TextToImage {
  readonly title: string;
  readonly prompt: string;
  readonly seed: number;
  readonly checkpoint?: string;
  readonly width?: number;
  readonly height?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly sampler?: string;
  /** Ends with a subgraph that doubles the size, its nodes numbered `12:1` to `12:3`. */
  readonly upscale?: boolean;
  /** Shows the picture as a temporary preview too. */
  readonly preview?: boolean;
  /** How to end: saving pictures is the default. */
  readonly ending?: 'pictures' | 'gif';
  /** Puts a node before the end that fails in this way. */
  readonly failure?: string;
}

const negativePrompt = 'blurry, low quality, watermark, text, deformed hands';

/** A text-to-image workflow as people build it. */
export function textToImage(options: TextToImage): DemoPrompt {
  const checkpoint = options.checkpoint ?? 'sd_xl_base_1.0.safetensors';
  const prefix = fileNameOf(options.title);
  const nodes: Record<string, PromptNode> = {
    '4': node('CheckpointLoaderSimple', 'Load Checkpoint', { ckpt_name: checkpoint }),
    '5': node('EmptyLatentImage', 'Canvas', {
      width: options.width ?? 768,
      height: options.height ?? 512,
      batch_size: options.batch ?? 1,
    }),
    '6': node('CLIPTextEncode', 'Positive prompt', { text: options.prompt, clip: ['4', 1] }),
    '7': node('CLIPTextEncode', 'Negative prompt', { text: negativePrompt, clip: ['4', 1] }),
    '3': node('KSampler', 'Sampler', {
      seed: options.seed,
      steps: options.steps ?? 20,
      cfg: 6.5,
      sampler_name: options.sampler ?? 'dpmpp_2m',
      scheduler: 'karras',
      denoise: 1,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    }),
    '8': node('VAEDecode', 'VAE Decode', { samples: ['3', 0], vae: ['4', 2] }),
  };
  let picture = '8';
  if (options.preview) nodes['10'] = node('PreviewImage', 'Quick look', { images: [picture, 0] });
  if (options.failure) {
    nodes['11'] = node('SimulatorFailure', 'Apply style reference', {
      image: [picture, 0],
      failure: options.failure,
      seconds: 0.8,
    });
    picture = '11';
  }
  if (options.upscale) {
    nodes['12:1'] = node('UpscaleModelLoader', 'Load upscaler', { model_name: '4x-UltraSharp.pth' });
    nodes['12:3'] = node('ImageUpscaleWithModel', 'Upscale details', {
      upscale_model: ['12:1', 0],
      image: [picture, 0],
    });
    picture = '12:3';
  }
  nodes['9'] = endingOf(options, prefix, picture);
  return { title: options.title, graph: nodes, workflow: editorWorkflow(options.title, nodes) };
}

/** A caption that needs no model: encodes nothing, shows text. */
export function caption(title: string, text: string): DemoPrompt {
  const nodes = {
    '1': node('PrimitiveStringMultiline', 'Caption', { value: text }),
    '2': node('PreviewAny', 'Show caption', { source: ['1', 0] }),
  };
  return { title, graph: nodes, workflow: editorWorkflow(title, nodes) };
}

/** A short piece of sound. */
export function soundscape(title: string, seconds: number): DemoPrompt {
  const nodes = {
    '1': node('EmptyAudio', 'Ambient pad', { duration: seconds, sample_rate: 44100, channels: 1 }),
    '2': node('SaveAudioWAV', 'Save sound', {
      audio: ['1', 0],
      filename_prefix: `audio/${fileNameOf(title)}`,
    }),
  };
  return { title, graph: nodes, workflow: editorWorkflow(title, nodes) };
}

const firstSubject: Omit<TextToImage, 'seed'> = {
  title: 'Mountain lake at dawn',
  prompt: 'a still mountain lake at dawn, layered peaks in mist, soft pastel light, wide angle',
  steps: 24,
};

const subjects: readonly Omit<TextToImage, 'seed'>[] = [
  firstSubject,
  {
    title: 'Deep field study',
    prompt: 'a spiral galaxy behind drifting dust, faint planet, muted colours, film grain',
    steps: 28,
    sampler: 'dpmpp_2m_sde',
    preview: true,
  },
  {
    title: 'Cranes at sunrise, 4 variations',
    prompt: 'ink wash painting, cranes above misty peaks, red sun, paper texture',
    steps: 20,
    batch: 4,
    width: 640,
    height: 640,
  },
  {
    title: '水墨山水，晨雾',
    prompt: '水墨画，晨雾中的群山，红日，飞鸟，留白',
    steps: 22,
  },
  {
    title: 'Ringed planet, wallpaper',
    prompt: 'a ringed planet in a colourful nebula, countless stars, cinematic',
    steps: 18,
    upscale: true,
  },
  {
    title: 'Valley in the evening',
    prompt: 'a wooded valley at dusk, ridge behind ridge, low sun, poster style',
    steps: 20,
    batch: 2,
    width: 512,
    height: 768,
  },
  {
    title: 'Aurora over the fjord',
    prompt: 'northern lights over a fjord, mirrored in dark water, long exposure, mountain ridges',
    checkpoint: 'flux1-dev-fp8.safetensors',
    steps: 16,
    width: 1024,
    height: 448,
  },
  {
    title: 'Breathing nebula, loop',
    prompt: 'a glowing nebula that slowly breathes, seamless loop, deep space',
    checkpoint: 'v1-5-pruned-emaonly-fp16.safetensors',
    steps: 30,
    width: 512,
    height: 320,
    ending: 'gif',
  },
];

/** An endless supply of varied prompts: every subject comes before any comes again, in a shuffled order. */
export class PromptSource {
  readonly #random: Random;
  #pile: (typeof subjects)[number][] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  next(changes: Partial<TextToImage> = {}): DemoPrompt {
    if (this.#pile.length === 0) this.#pile = this.#shuffled();
    return this.#made(this.#pile.pop() ?? firstSubject, changes);
  }

  /** The prompt a demo begins with: one picture, soon ready. */
  first(): DemoPrompt {
    return this.#made(firstSubject, { steps: 20 });
  }

  #made(subject: (typeof subjects)[number], changes: Partial<TextToImage>): DemoPrompt {
    return textToImage({ ...subject, seed: this.#random.integer(2 ** 48), ...changes });
  }

  #shuffled(): (typeof subjects)[number][] {
    return subjects
      .map((subject) => ({ subject, place: this.#random.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ subject }) => subject);
  }
}

function endingOf({ ending, title }: TextToImage, prefix: string, picture: string): PromptNode {
  const images = [picture, 0] as const;
  switch (ending) {
    case 'gif':
      return node('VHS_VideoCombine', 'Combine video', {
        images,
        frame_rate: 12,
        loop_count: 0,
        filename_prefix: `video/${prefix}`,
        format: 'image/gif',
        pingpong: false,
        save_output: true,
      });
    default:
      return node('SaveImage', `Save: ${title}`, { images, filename_prefix: prefix });
  }
}

function node(classType: string, title: string, inputs: JsonObject): PromptNode {
  return { class_type: classType, inputs, _meta: { title } };
}

/** A file name for a title, in any script. */
function fileNameOf(title: string): string {
  return title
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
}

/** The graph as the editor keeps it: boxes with places and numbered links (ComfyUI's workflow format 0.4). */
function editorWorkflow(title: string, graph: PromptGraph): JsonObject {
  const ids = Object.keys(graph);
  const number = (id: string) => Number(id.split(':').join('0'));
  const links = ids.flatMap((id) => {
    const target = graph[id];
    return target ? linksOf(target).map((link, slot) => [link, id, slot] as const) : [];
  });
  return {
    id: workflowId(title),
    title,
    revision: 0,
    last_node_id: Math.max(...ids.map(number)),
    last_link_id: links.length,
    nodes: ids.flatMap((id, index) => {
      const entry = graph[id];
      if (!entry) return [];
      return {
        id: number(id),
        type: entry.class_type,
        title: titleOf(entry),
        pos: [60 + (index % 4) * 360, 80 + Math.floor(index / 4) * 300],
        size: [320, 220],
        flags: {},
        order: index,
        mode: 0,
        properties: { 'Node name for S&R': entry.class_type },
        widgets_values: Object.values(entry.inputs).flatMap((value) =>
          typeof value === 'object' ? [] : (value ?? []),
        ),
      };
    }),
    links: links.map(([link, id, slot], index) => [
      index + 1,
      number(link.node),
      link.socket,
      number(id),
      slot,
      '*',
    ]),
    groups: [],
    config: {},
    extra: { ds: { scale: 1, offset: [0, 0] }, info: { name: title } },
    version: 0.4,
  };
}

function workflowId(title: string): string {
  const hex = (salt: string) => hashText(`${salt}/${title}`).toString(16).padStart(8, '0');
  const text = hex('a') + hex('b') + hex('c') + hex('d');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-8${text.slice(17, 20)}-${text.slice(20)}`;
}
