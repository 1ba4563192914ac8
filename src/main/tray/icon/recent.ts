import { dropOldest } from '../../../domain/values/drop-oldest.ts';

/** Keeps the results of the most recent different questions, at most `limit` of them. */
export class Recent<Key, Value> {
  readonly #limit: number;
  readonly #kept = new Map<Key, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The result for `key`, made only if it is not there any more. */
  get(key: Key, make: () => Value): Value {
    const value = this.#kept.get(key) ?? make();
    // A map keeps the order in which its entries came.
    this.#kept.delete(key);
    this.#kept.set(key, value);
    dropOldest(this.#kept, this.#limit);
    return value;
  }
}
