import { Icon } from '../../ui/controls/icon.tsx';
import type { GpuNote } from './gpu-words.ts';

interface GpuNotesProps {
  notes: readonly GpuNote[];
  /** What they are about, where that does not show by their place. */
  about?: string;
}

/** What is to be said of a GPU; what may need somebody has a sign as well as a colour. */
export function GpuNotes({ notes, about }: GpuNotesProps) {
  if (notes.length === 0) return null;
  return (
    <ul className="gpu-notes">
      {notes.map(({ text, kind }) => (
        <li key={text} data-warning={kind === 'warning' || undefined}>
          {kind === 'warning' && <Icon name="alert" />}
          {about !== undefined && kind !== 'memory' ? `${about}: ${lowerFirst(text)}` : text}
        </li>
      ))}
    </ul>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
