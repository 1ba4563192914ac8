/**
 * Bounds what is kept: removes entries until at most `max` are left, in the order in which they came. To make an entry
 * the newest, delete it before it is set again.
 */
export function dropOldest<K, V>(kept: Map<K, V>, max: number, onDrop?: (value: V) => void): void;
export function dropOldest<K>(kept: Set<K>, max: number): void;
export function dropOldest<K, V>(kept: Map<K, V> | Set<K>, max: number, onDrop?: (value: V) => void): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= max) return;
    if (kept instanceof Map && onDrop) {
      const value = kept.get(oldest);
      if (value !== undefined) onDrop(value);
    }
    kept.delete(oldest);
  }
}
