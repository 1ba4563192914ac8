import { Icon } from '../../ui/controls/icon.tsx';
import type { GpuNote } from './gpu-words.ts';

/** What is to be said of a GPU; what may need somebody has a sign as well as a colour. */
export function GpuNotes({ notes }: { notes: readonly GpuNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="gpu-notes">
      {notes.map(({ text, isWarning }) => (
        <li key={text} data-warning={isWarning || undefined}>
          {isWarning && <Icon name="alert" />}
          {text}
        </li>
      ))}
    </ul>
  );
}
