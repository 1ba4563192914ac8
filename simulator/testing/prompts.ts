/** Prompts for tests and measurements; none needs a model. What a person would build is in `../workflows.ts`. */
import type { PromptGraph, PromptNode } from '../execution/prompt-graph.ts';

/** Submits prompts as a client that is neither the monitor nor its user. */
export const otherClient = { clientId: 'other-client' };

const emptyImage: PromptNode = {
  class_type: 'EmptyImage',
  inputs: { width: 64, height: 48, batch_size: 1, color: 0x336699 },
};

/** EmptyImage (64 × 48) → the given node, which takes and gives an image → SaveImage with this title. */
export function promptAround(node: PromptNode, title: string, prefix = prefixOf(title)): PromptGraph {
  return {
    '1': emptyImage,
    '2': { ...node, inputs: { image: ['1', 0], ...node.inputs } },
    // The monitor names a prompt after the title that a person gave to its output node.
    '3': {
      class_type: 'SaveImage',
      inputs: { images: ['2', 0], filename_prefix: prefix },
      _meta: { title },
    },
  };
}

/** Counts its steps, shows previews of them and saves one image. */
export function countingPrompt({
  title = 'monitor',
  /** Prompts with different seeds share no cached results. */
  seed = 1,
  steps = 3,
  secondsPerStep = 0.05,
} = {}): PromptGraph {
  return promptAround(
    {
      class_type: 'SimulatorProgress',
      inputs: { steps, seconds_per_step: secondsPerStep, seed },
      _meta: { title: 'Pretend sampler' },
    },
    title,
  );
}

/** Works for so long, and does not say how far it is. */
export function sleepingPrompt(title: string, seconds: number): PromptGraph {
  return promptAround({ class_type: 'SimulatorSleep', inputs: { seconds }, _meta: { title: 'Nap' } }, title);
}

/** Fails in node 2 after 0.1 s, by default with `ValueError: strength must be between 0.0 and 1.0, got 1.75`. */
export function failingPrompt(title: string, failure = 'wrong value'): PromptGraph {
  return promptAround(
    {
      class_type: 'SimulatorFailure',
      inputs: { failure, seconds: 0.1 },
      _meta: { title: 'Apply style' },
    },
    title,
  );
}

/** Saves the simulator's film, as ComfyUI's node for videos does. */
export function videoPrompt(title: string): PromptGraph {
  return {
    '1': emptyImage,
    '2': {
      class_type: 'SaveWEBM',
      inputs: { images: ['1', 0], filename_prefix: prefixOf(title), codec: 'vp9', fps: 10, crf: 32 },
      _meta: { title },
    },
  };
}

function prefixOf(title: string): string {
  return title.replaceAll(' ', '-');
}
