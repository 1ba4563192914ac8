import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import type { Notice } from '../../contract/notice.ts';
import { onLanguage } from '../../language/t.ts';

/** What the host has to say now that belongs to no server. */
export interface Notices {
  readonly current: Notice[];
  /** Shows a notice, instead of an earlier one of the same id. */
  add(notice: Notice): void;
  /** Takes back a notice that does not hold any more. */
  drop(id: string): void;
  readonly calls: Pick<CallHandlers, 'dismissNotice'>;
}

/** `onChange` hears all that hold, whenever they are others. */
export function createNotices(first: readonly Notice[], onChange: (notices: Notice[]) => void): Notices {
  let current = [...first];

  function set(next: Notice[]): void {
    current = next;
    onChange(current);
  }

  // Their words are read anew whenever they are sent.
  onLanguage(() => onChange(current));
  const drop = (id: string): void => set(current.filter((notice) => notice.id !== id));
  return {
    get current() {
      return current;
    },
    add: (notice) => set([...current.filter(({ id }) => id !== notice.id), notice]),
    drop,
    calls: { dismissNotice: ({ id }) => drop(id) },
  };
}
