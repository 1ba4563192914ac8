import { wallTimeOf } from '../../ui/clock.ts';

/** Saves something made in the page as browsers save downloads; the desktop app asks where to. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has it by then, whatever it asks its user.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name of a file about a server at a time (ms), which every system takes: `studio 2026-01-31 17.30.png`. */
export function fileName(server: string, at: number, extension: string): string {
  const date = new Date(wallTimeOf(at));
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const safe = server.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[.\s-]+/, '');
  return `${safe === '' ? 'machine' : safe.slice(0, 60)} ${day} ${two(date.getHours())}.${two(date.getMinutes())}.${extension}`;
}
