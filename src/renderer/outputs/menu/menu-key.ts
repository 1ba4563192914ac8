/** Where a context menu belongs that is asked for by keyboard: at the element. Null for other keys. */
export function menuKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  element: Element | null,
): { x: number; y: number } | null {
  if (!element || (key !== 'ContextMenu' && !(key === 'F10' && shiftKey))) return null;
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}
