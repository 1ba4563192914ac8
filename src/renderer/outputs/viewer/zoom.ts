/** How a picture is shown: enlarged against how it fits, and moved (px) from the middle. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

export const fitted: View = { zoom: 1, x: 0, y: 0 };

interface Size {
  width: number;
  height: number;
}

/** What the view looks at, all in px: the stage, the picture as it fits there, and its own size. */
export interface Frame {
  stage: Size;
  picture: Size;
  natural: Size;
}

/** The largest a pixel of the picture is shown, px. */
const maxPixel = 16;

/** Zooms so that what is under the point (px from the middle of the stage) stays there. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }, frame: Frame): View {
  const zoom = Math.min(maxZoom(frame), Math.max(1, view.zoom * factor));
  const change = zoom / view.zoom;
  return kept(
    { zoom, x: point.x - (point.x - view.x) * change, y: point.y - (point.y - view.y) * change },
    frame,
  );
}

/** Moves the picture; its edges stay at the edges of the stage, or in the middle where there is room. */
export function pan(view: View, x: number, y: number, frame: Frame): View {
  return kept({ zoom: view.zoom, x: view.x + x, y: view.y + y }, frame);
}

/** One pixel of the picture for one of the page; where that fits anyway, twice as large. */
export function actualSize(view: View, point: { x: number; y: number }, frame: Frame): View {
  const actual = frame.natural.width / frame.picture.width;
  return zoomAt(view, (actual > 1.01 ? actual : 2) / view.zoom, point, frame);
}

/** The size of the picture on the page against its own, 0–1 and beyond; null before it is known. */
export function scaleOf(view: View, frame: Frame | null): number | null {
  if (!frame || frame.natural.width <= 0) return null;
  return (view.zoom * frame.picture.width) / frame.natural.width;
}

function maxZoom({ picture, natural }: Frame): number {
  return picture.width > 0 ? Math.max(1, (maxPixel * natural.width) / picture.width) : 1;
}

function kept({ zoom, x, y }: View, { stage, picture }: Frame): View {
  const room = (size: number, limit: number) => Math.max(0, (size * zoom - limit) / 2);
  const [right, down] = [room(picture.width, stage.width), room(picture.height, stage.height)];
  return { zoom, x: within(x, right), y: within(y, down) };
}

function within(value: number, limit: number): number {
  // Never -0, which would not equal 0.
  return Math.min(limit, Math.max(-limit, value)) + 0;
}
