/**
 * A binary heap in a plain array. ComfyUI keeps its pending prompts in Python's heapq and sends that array as
 * it lies, so `/queue` is not sorted: a client that forgets to sort is found out here as well.
 */
export class Heap<T> {
  readonly #before: (a: T, b: T) => boolean;
  #entries: T[] = [];

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get items(): readonly T[] {
    return this.#entries;
  }

  push(item: T): void {
    this.#entries.push(item);
    this.#rise(this.#entries.length - 1);
  }

  pop(): T | undefined {
    const [first] = this.#entries;
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#sink(0);
    }
    return first;
  }

  /** Removes the first item that matches and tells whether there was one. */
  remove(matches: (item: T) => boolean): boolean {
    const index = this.#entries.findIndex(matches);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    for (let parent = (this.#entries.length >> 1) - 1; parent >= 0; parent -= 1) this.#sink(parent);
    return true;
  }

  clear(): void {
    this.#entries = [];
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#entries[a];
    const second = this.#entries[b];
    return first !== undefined && second !== undefined && this.#before(first, second);
  }

  #swapIfBefore(a: number, b: number): boolean {
    const first = this.#entries[a];
    const second = this.#entries[b];
    if (first === undefined || second === undefined || !this.#before(first, second)) return false;
    this.#entries[a] = second;
    this.#entries[b] = first;
    return true;
  }
}
