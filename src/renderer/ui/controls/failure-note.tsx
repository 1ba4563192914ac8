import { Icon } from './icon.tsx';

interface FailureNoteProps {
  /** Null while nothing failed. */
  failure: string | null;
  className?: string;
}

/** Says inline why something did not work. */
export function FailureNote({ failure, className = '' }: FailureNoteProps) {
  if (failure === null) return null;
  return (
    <p className={`form-refusal ${className}`.trimEnd()} role="alert">
      <Icon name="alert" />
      {failure}
    </p>
  );
}
