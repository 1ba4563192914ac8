/** Keeps the values used last, up to a total size. */
export class BoundedCache<T> {
  private readonly values = new Map<string, T>();
  private readonly limit: number;
  private readonly sizeOf: (value: T) => number;
  private total = 0;

  constructor(limit: number, sizeOf: (value: T) => number) {
    this.limit = limit;
    this.sizeOf = sizeOf;
  }

  get(key: string): T | undefined {
    const value = this.values.get(key);
    if (value !== undefined) {
      this.values.delete(key);
      this.values.set(key, value);
    }
    return value;
  }

  set(key: string, value: T): void {
    this.delete(key);
    this.values.set(key, value);
    this.total += this.sizeOf(value);
    for (const oldest of this.values.keys()) {
      if (this.total <= this.limit || this.values.size === 1) break;
      this.delete(oldest);
    }
  }

  clear(): void {
    this.values.clear();
    this.total = 0;
  }

  private delete(key: string): void {
    const value = this.values.get(key);
    if (value !== undefined) this.total -= this.sizeOf(value);
    this.values.delete(key);
  }
}
