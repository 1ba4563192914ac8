/** Where something is on the screen. */
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The item an arrow key leads to: the neighbour in reading order for left and right, the nearest one of
 * the next row for up and down, the ends for Home and End. Null for other keys and at the edges.
 */
export function arrowTarget(key: string, boxes: readonly Box[], current: number): number | null {
  const here = boxes[current];
  if (!here) return null;
  const last = boxes.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return current > 0 ? current - 1 : null;
    case 'ArrowRight':
      return current < last ? current + 1 : null;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowUp':
    case 'ArrowDown':
      return nearestRow(key === 'ArrowUp' ? -1 : 1, boxes, here);
    default:
      return null;
  }
}

function nearestRow(direction: -1 | 1, boxes: readonly Box[], here: Box): number | null {
  let best: { index: number; rows: number; columns: number } | null = null;
  for (const [index, box] of boxes.entries()) {
    const rows = (middleY(box) - middleY(here)) * direction;
    if (rows < here.height / 2) continue;
    const columns = Math.abs(middleX(box) - middleX(here));
    const nearer = !best || rows < best.rows - 1 || (rows < best.rows + 1 && columns < best.columns);
    if (nearer) best = { index, rows, columns };
  }
  return best?.index ?? null;
}

function middleX(box: Box): number {
  return box.left + box.width / 2;
}

function middleY(box: Box): number {
  return box.top + box.height / 2;
}
