/** Puts the image at an address of the page's own origin on the clipboard, as PNG: browsers take nothing else. */
export function copyImageAt(address: string): Promise<void> {
  // The promise goes to the clipboard at once: later, the browser would not know that a person asked.
  return navigator.clipboard.write([new ClipboardItem({ 'image/png': fetchPng(address) })]);
}

async function fetchPng(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`status ${response.status}`);
  const blob = await response.blob();
  if (blob.type === 'image/png') return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return new Promise((done, failed) => {
    canvas.toBlob((png) => (png ? done(png) : failed(new Error('no PNG'))), 'image/png');
  });
}
