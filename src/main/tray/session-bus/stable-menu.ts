import type { ActionRequest } from '../../../contract/actions/action.ts';
import { dropOldest } from '../../../domain/values/drop-oldest.ts';
import type { TrayMenuItem } from '../tray-menu.ts';

/** A row of the menu as panels know it. */
export interface MenuRow {
  /** Never given to anything else. */
  readonly id: number;
  readonly isSeparator: boolean;
  readonly label: string;
  readonly isEnabled: boolean;
}

interface Row extends MenuRow {
  readonly key: string;
  readonly command: ActionRequest | null;
  readonly afterwards: string | null;
}

/** So many rows that are gone are remembered, for a panel that shows an old menu and is clicked there. */
const remembered = 100;

/**
 * The menu of a tray whose rows keep their ids for as long as they mean the same. A panel that holds the
 * menu open can so get new words without building it anew, and a click on an id can mean nothing
 * else than what stood there.
 */
export class StableMenu {
  #rows: readonly Row[] = [];
  #latest: readonly TrayMenuItem[] = [];
  #lastId = 0;
  /** Of the rows there are, and of those that wait for the menu to close. */
  readonly #ids = new Map<string, number>();
  readonly #gone = new Map<number, ActionRequest | null>();

  /** The rows that panels know, in their order. */
  get rows(): readonly MenuRow[] {
    return this.#rows;
  }

  /** Takes note of the items as they are now; rows stay as they are until `settle` or `freshen`. */
  offer(items: readonly TrayMenuItem[]): void {
    this.#latest = items;
  }

  /** What `settle` would change: which rows there are, words only, or nothing. */
  get staleness(): 'rows' | 'words' | null {
    const next = this.#next();
    if (!sameLayout(this.#rows, next)) return 'rows';
    return changed(this.#rows, next).length > 0 ? 'words' : null;
  }

  /**
   * Makes the rows what the items are: for a menu that is closed. `layout` is true if other rows are
   * there than before, or in another order; `changed` are those with other words.
   */
  settle(): { layout: boolean; changed: readonly MenuRow[] } {
    const before = this.#rows;
    const next = this.#next();
    this.#rows = next;
    const kept = new Set(next.map(({ id }) => id));
    for (const { id, command } of before) if (!kept.has(id)) this.#remember(id, command);
    return { layout: !sameLayout(before, next), changed: changed(before, next) };
  }

  /**
   * Brings only the words up to date, for a menu that is open: what is new waits, and what is gone
   * keeps its place. Returns the rows with other words.
   */
  freshen(): readonly MenuRow[] {
    const latest = new Map(this.#next().map((row) => [row.id, row]));
    const before = this.#rows;
    this.#rows = before.map((row) => latest.get(row.id) ?? withoutItem(row));
    return changed(before, this.#rows);
  }

  /** What a click on a row carries out, also on one that is gone meanwhile; undefined if there never was one. */
  commandOf(id: number): ActionRequest | null | undefined {
    const row = this.#rows.find((candidate) => candidate.id === id);
    if (row) return row.isEnabled ? row.command : null;
    return this.#gone.get(id);
  }

  /** The rows as they would be now. */
  #next(): Row[] {
    let separators = 0;
    const next = this.#latest.map((item): Row => {
      if (item.kind === 'separator') {
        separators += 1;
        const key = `separator ${separators}`;
        return { ...separator, id: this.#idOf(key), key };
      }
      const { key, label, command, afterwards } = item;
      return {
        ...separator,
        id: this.#idOf(key),
        key,
        isSeparator: false,
        label,
        isEnabled: command !== null,
        command,
        afterwards,
      };
    });
    const needed = new Set([...this.#rows, ...next].map(({ key }) => key));
    for (const key of this.#ids.keys()) if (!needed.has(key)) this.#ids.delete(key);
    return next;
  }

  #idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#lastId += 1;
    this.#ids.set(key, this.#lastId);
    return this.#lastId;
  }

  #remember(id: number, command: ActionRequest | null): void {
    this.#gone.set(id, command);
    dropOldest(this.#gone, remembered);
  }
}

const separator = { isSeparator: true, label: '', isEnabled: true, command: null, afterwards: null } as const;

function withoutItem(row: Row): Row {
  return row.afterwards === null ? { ...row, isEnabled: row.isSeparator } : { ...row, label: row.afterwards };
}

function sameLayout(before: readonly Row[], after: readonly Row[]): boolean {
  return before.length === after.length && before.every(({ id }, index) => id === after[index]?.id);
}

/** The rows of `after` that were there before, with other words. */
function changed(before: readonly Row[], after: readonly Row[]): Row[] {
  const known = new Map(before.map((row) => [row.id, row]));
  return after.filter((row) => {
    const was = known.get(row.id);
    return was !== undefined && (was.label !== row.label || was.isEnabled !== row.isEnabled);
  });
}
