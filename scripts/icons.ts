/**
 * `npm run icons`: draws `resources/icon.svg` in every size and packs what the three systems want. The
 * results are committed, because the browser that draws them is not everywhere.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/chromium.ts';
import { encodeIcns, encodeIco, type IconImage, icnsImageSizes, withText } from './icon-files.ts';

const folder = join(import.meta.dirname, '..', 'resources');
const icoSizes = [16, 20, 24, 32, 40, 48, 64, 256];
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];
/** Icons of macOS leave a margin: 824 of 1024 pixels are drawn on. */
const macScale = 824 / 1024;

const svg = readFileSync(join(folder, 'icon.svg'), 'utf8').replaceAll('\r\n', '\n');
/** Written into the PNGs, so that a test can tell icons that are older than their drawing. */
const source = createHash('sha256').update(svg).digest('hex');

const browser = await launchChromium();
try {
  const page = await browser.newPage();
  const full = await draw(page, [1024]);
  write('icon.png', full[0]?.png ?? Buffer.alloc(0));
  write('icon.ico', encodeIco(await draw(page, icoSizes)));
  write('icon.icns', encodeIcns(await draw(page, icnsImageSizes, macScale)));
  mkdirSync(join(folder, 'icons'), { recursive: true });
  for (const { size, png } of await draw(page, linuxSizes)) write(`icons/${size}x${size}.png`, png);
} finally {
  await browser.close();
}

async function draw(page: Page, sizes: readonly number[], scale = 1): Promise<IconImage[]> {
  const images: IconImage[] = [];
  for (const size of sizes) {
    const style = `position:absolute;inset:0;margin:auto;width:${size * scale}px;height:${size * scale}px`;
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(svg.replace('<svg ', `<svg style="${style}" `));
    const png = await page.screenshot({ omitBackground: true });
    const { data, channels } = decode(png);
    if (channels !== 4) throw new Error('the browser drew no transparency');
    images.push({ size, rgba: Uint8Array.from(data), png: withText(png, 'Source', source) });
  }
  return images;
}

function write(name: string, body: Uint8Array): void {
  writeFileSync(join(folder, name), body);
  console.log(`${name}: ${body.length} bytes`);
}
