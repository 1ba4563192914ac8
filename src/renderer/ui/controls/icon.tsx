import type { ReactNode } from 'react';

const shapes = {
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  cross: <path d="m4.5 4.5 7 7m0-7-7 7" />,
  stop: <rect x="4.5" y="4.5" width="7" height="7" rx="1" />,
  minus: <path d="M4 8h8" />,
  question: <path d="M5.8 6a2.2 2.2 0 1 1 3.3 1.9c-.7.4-1.1.8-1.1 1.6M8 12h.01" />,
  alert: <path d="M8 2.8 14 13H2L8 2.8Zm0 4v3M8 11.6h.01" />,
  info: <path d="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 7.5v3M8 5.4h.01" />,
  chevron: <path d="m6 4 4 4-4 4" />,
  up: <path d="M8 12.5v-9M4.5 7 8 3.5 11.5 7" />,
  down: <path d="M8 3.5v9M4.5 9 8 12.5 11.5 9" />,
  pause: <path d="M6 4v8M10 4v8" />,
  chip: <path d="M5 5h6v6H5zM6.5 2.5V5m3-2.5V5m-3 6v2.5m3-2.5v2.5M2.5 6.5H5m-2.5 3H5m6-3h2.5m-2.5 3h2.5" />,
  edit: <path d="m10.5 3 2.5 2.5L6 12.5l-3 .5.5-3 7-7Z" />,
  more: <path d="M3.6 8h.01M8 8h.01M12.4 8h.01" strokeWidth="2" />,
  play: <path d="M5.5 4v8l6.5-4-6.5-4Z" />,
  retry: <path d="M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.8 2.5v2.7h-2.7" />,
  trash: <path d="M3.5 4.5h9M6.5 4.5V3h3v1.5M5 4.5l.5 8.5h5l.5-8.5" />,
  copy: <path d="M6 6h7v7H6zM3.5 10V3H10" />,
  open: <path d="M9.5 3H13v3.5M13 3 7.5 8.5M11 9.5V13H3V5h3.5" />,
  image: <path d="M2.5 3.5h11v9h-11zM2.5 10.5l3-3 3 3 2-2 3 3M10.5 6h.01" />,
  film: <path d="M2.5 3.5h11v9h-11zM5.5 3.5v9M10.5 3.5v9M2.5 8h11" />,
  wave: <path d="M2.5 8h.01M5 5.5v5M7.5 3v10M10 5v6M12.5 7v2" />,
  lines: <path d="M3 4.5h10M3 8h10M3 11.5h6" />,
  cube: <path d="m8 2.5 5 2.8v5.4l-5 2.8-5-2.8V5.3l5-2.8ZM3 5.3l5 2.9 5-2.9M8 8.2v5.3" />,
  file: <path d="M4 2.5h5l3 3v8H4zM9 2.5v3h3" />,
  settings: (
    <path d="M8 5.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4ZM6.9 2.5h2.2l.4 1.6 1.2.7 1.6-.5 1.1 1.9-1.2 1.1v1.4l1.2 1.1-1.1 1.9-1.6-.5-1.2.7-.4 1.6H6.9l-.4-1.6-1.2-.7-1.6.5-1.1-1.9 1.2-1.1V7.3L2.6 6.2l1.1-1.9 1.6.5 1.2-.7.4-1.6Z" />
  ),
  bell: <path d="M4 11.5h8l-1-1.5V7a3 3 0 0 0-6 0v3l-1 1.5ZM7 13.5h2" />,
  palette: <path d="M8 2.5a5.5 5.5 0 0 0 0 11V2.5Zm0 0a5.5 5.5 0 0 1 0 11" />,
  chart: <path d="M2.5 13.5h11M2.5 10l3-3 2.5 2 5-5" />,
  window: <path d="M2.5 3.5h11v9h-11zM2.5 6h11M4.5 4.8h.01" />,
  download: <path d="M8 3v7M5 7.5l3 3 3-3M3 13h10" />,
  eye: (
    <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8Zm6.2-1.7a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
  ),
  folder: <path d="M2.5 12.5v-9h4l1.5 2h5.5v7h-11Z" />,
  save: <path d="M8 2.5v7M5 7l3 3 3-3M3 12.5h10" />,
  path: <path d="M6.5 9.5 9.5 6.5M7 5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7" />,
  left: <path d="m10 4-4 4 4 4" />,
  wall: <path d="M1.5 3h13v8.5h-13zM5.5 14h5M4 8.5h5M4 6h8" />,
  mini: <path d="M2.5 3.5h11v9h-11zM8 8.5h3.5v2H8z" />,
  expand: <path d="M9.5 3H13v3.5M13 3 9.2 6.8M6.5 13H3V9.5M3 13l3.8-3.8" />,
  server: <path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

/** A 16-pixel line drawing; decoration, so the words beside it must say the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
