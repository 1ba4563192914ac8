import type { ReactNode } from 'react';

interface ScrollBoxProps {
  /** What it holds, for those who come to it by keyboard. */
  label: string;
  className: string;
  children: ReactNode;
}

/** Text that may be longer than its room, and then scrolls, by keyboard as well. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: Safari lets the keyboard scroll only what has the focus
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
