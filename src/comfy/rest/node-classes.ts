import { dropOldest } from '../../domain/values/drop-oldest.ts';
import type { PromptTitles } from '../wire/entries/prompt-graph.ts';

/** Classes that are remembered: more than any installation has nodes. */
const maxClasses = 5_000;
/** Classes that are asked for while one answer is read. */
const maxAsked = 20;
/** How long a class that could not be asked for is not asked for again, ms. */
const notAgainFor = 600_000;

export interface NodeClassesOptions {
  /** The display name of a node class; null if the server knows no such class. Rejects if it cannot be asked. */
  ask: (classType: string, signal: AbortSignal | undefined) => Promise<string | null>;
  /** ms of a clock that is never set. */
  elapsed: () => number;
}

/**
 * What ComfyUI itself calls its nodes: an editor writes that as the title of every node, and only what differs from it
 * was given by a person. Each class is asked for once, and only where words alone cannot decide.
 */
export class NodeClasses {
  readonly #options: NodeClassesOptions;
  readonly #displayNames = new Map<string, string | null>();
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: NodeClassesOptions) {
    this.#options = options;
  }

  /** Gives prompts the titles that people gave them. Never rejects, unless `signal` was aborted. */
  async settle<T extends { title: string | null; titles?: PromptTitles | undefined }>(
    prompts: readonly T[],
    signal?: AbortSignal,
  ): Promise<Omit<T, 'titles'>[]> {
    await this.#learn(prompts, signal);
    return prompts.map(({ titles, ...prompt }) =>
      titles ? { ...prompt, title: this.#titleOf(titles) } : prompt,
    );
  }

  #titleOf({ given, otherwise }: PromptTitles): string | null {
    const named = given.find(({ title, classType }) => this.#displayNames.get(classType) !== title);
    return named?.title ?? otherwise;
  }

  /** Candidate by candidate: what stands behind one that was given by a person need not be known. */
  async #learn(
    prompts: readonly { titles?: PromptTitles | undefined }[],
    signal?: AbortSignal,
  ): Promise<void> {
    let asked = 0;
    for (const { titles } of prompts) {
      for (const { title, classType } of titles?.given ?? []) {
        if (!this.#displayNames.has(classType)) {
          if (asked >= maxAsked || this.#options.elapsed() < this.#notBefore) return;
          asked += 1;
          await this.#ask(classType, signal);
        }
        if (this.#displayNames.get(classType) !== title) break;
      }
    }
  }

  async #ask(classType: string, signal?: AbortSignal): Promise<void> {
    try {
      this.#displayNames.set(classType, await this.#options.ask(classType, signal));
      dropOldest(this.#displayNames, maxClasses);
    } catch {
      signal?.throwIfAborted();
      // Titles are no reason to keep a server busy that has other troubles; words have to do.
      this.#notBefore = this.#options.elapsed() + notAgainFor;
    }
  }
}
