/** Prompts for a real ComfyUI with the nodes of `monitor_probe.py`; none needs a model. */
export type ProbePrompt = Record<string, { class_type: string; inputs: object; _meta?: { title: string } }>;

interface Wish {
  steps?: number;
  /** Seconds per step. */
  delay?: number;
  /** Another seed is another prompt: nothing of it is cached. */
  seed?: number;
  prefix?: string;
}

/** EmptyImage → ProbeSteps → SaveImage. */
export function stepsPrompt({ steps = 5, delay = 0.1, seed = 0, prefix = 'probe' }: Wish = {}): ProbePrompt {
  return {
    '1': emptyImage,
    '2': {
      class_type: 'ProbeSteps',
      inputs: { image: ['1', 0], steps, delay, seed },
      _meta: { title: 'Slow steps' },
    },
    '9': {
      class_type: 'SaveImage',
      inputs: { images: ['2', 0], filename_prefix: prefix },
      _meta: { title: 'Save the probe' },
    },
  };
}

/** EmptyImage → ProbeRaise → SaveImage. */
export function failingPrompt(text: string): ProbePrompt {
  return {
    '1': emptyImage,
    '2': { class_type: 'ProbeRaise', inputs: { image: ['1', 0], text } },
    '9': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'never' } },
  };
}

const emptyImage = {
  class_type: 'EmptyImage',
  inputs: { width: 64, height: 64, batch_size: 1, color: 0x3366aa },
};
