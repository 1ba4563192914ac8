import type { PromptGraph } from '../simulator/execution/prompt-graph.ts';

interface CountingPrompt {
  title: string;
  /** Prompts with different seeds share no cached results. */
  seed: number;
  steps?: number;
  secondsPerStep?: number;
}

/** Counts its steps, shows previews of them and saves one image of 64 × 48. */
export function countingPrompt({
  title,
  seed,
  steps = 3,
  secondsPerStep = 0.05,
}: CountingPrompt): PromptGraph {
  return {
    ...emptyImage,
    '2': {
      class_type: 'SimulatorProgress',
      inputs: { image: ['1', 0], steps, seconds_per_step: secondsPerStep, seed },
      _meta: { title: 'Pretend sampler' },
    },
    ...saveImage(title),
  };
}

/** Works for so long, and tells nobody how far it is. */
export function sleepingPrompt(title: string, seconds: number): PromptGraph {
  return {
    ...emptyImage,
    '2': {
      class_type: 'SimulatorSleep',
      inputs: { image: ['1', 0], seconds },
      _meta: { title: 'Nap' },
    },
    ...saveImage(title),
  };
}

/** Fails in node 2 with `ValueError: strength must be between 0.0 and 1.0, got 1.75`. */
export function failingPrompt(title: string): PromptGraph {
  return {
    ...emptyImage,
    '2': {
      class_type: 'SimulatorFailure',
      inputs: { image: ['1', 0], failure: 'wrong value', seconds: 0.1 },
      _meta: { title: 'Apply style' },
    },
    ...saveImage(title),
  };
}

const emptyImage: PromptGraph = {
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 1, color: 3368601 } },
};

/** The monitor names a prompt after the title that a person gave to its output node. */
function saveImage(title: string): PromptGraph {
  return {
    '3': {
      class_type: 'SaveImage',
      inputs: { images: ['2', 0], filename_prefix: title.replaceAll(' ', '-') },
      _meta: { title },
    },
  };
}
