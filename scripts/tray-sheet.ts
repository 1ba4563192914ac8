/**
 * `npm run tray-sheet`: draws the tray icon in every state, size and theme into docs/tray-icons.png, to be
 * looked at. Every picture is drawn for its very size and then shown enlarged, pixel by pixel.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { drawTrayIcon, type TrayIcon, type TrayTheme } from '../src/main/tray/icon/tray-icon.ts';
import { launchChromium } from '../test/chromium.ts';

const path = process.argv[2] ?? join(import.meta.dirname, '..', 'docs', 'tray-icons.png');
const enlarged = Number(process.argv[3] ?? 2);

/** 16, 20, 24 and 32 at scale factors 1, 1.5 and 2. */
const sizes = [16, 20, 24, 30, 32, 36, 40, 48, 64];

const icon = { attention: false, fraction: null, badge: 0 };
const states: [name: string, icon: TrayIcon][] = [
  ['Disconnected', { ...icon, status: 'disconnected' }],
  ['Idle', { ...icon, status: 'idle' }],
  ['Running, unknown', { ...icon, status: 'running' }],
  ['Running, 0%', { ...icon, status: 'running', fraction: 0, badge: 1 }],
  ['Running, 40%', { ...icon, status: 'running', fraction: 0.4, badge: 4 }],
  ['Running, 85%', { ...icon, status: 'running', fraction: 0.85, badge: 27 }],
  ['Running, 100+', { ...icon, status: 'running', fraction: 0.6, badge: 240 }],
  ['Idle, 8 waiting', { ...icon, status: 'idle', badge: 8 }],
  ['Failed', { ...icon, status: 'idle', attention: true }],
  ['Failed, next at 60%', { status: 'running', attention: true, fraction: 0.6, badge: 36 }],
];

const panels: { name: string; theme: TrayTheme; color: string; background: string; invert?: boolean }[] = [
  { name: 'Windows, dark taskbar', theme: 'dark', color: '#fff', background: '#202020' },
  { name: 'Windows, light taskbar', theme: 'light', color: '#111', background: '#eeeeee' },
  { name: 'Linux, dark panel', theme: 'tile', color: '#fff', background: '#131313' },
  { name: 'Linux, light panel', theme: 'tile', color: '#111', background: '#eff0f1' },
  { name: 'macOS, light menu bar', theme: 'template', color: '#111', background: '#d8dde6' },
  { name: 'macOS, dark menu bar', theme: 'template', color: '#fff', background: '#33353c', invert: true },
];

const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  await page.setContent(sheet());
  mkdirSync(join(path, '..'), { recursive: true });
  await page.locator('main').screenshot({ path });
  console.log(path);
} finally {
  await browser.close();
}

function sheet(): string {
  return `<!doctype html><style>
    body { margin: 0; font: 12px sans-serif; width: max-content; }
    main { display: grid; grid-template-columns: 1fr 1fr; width: max-content; }
    section { padding: 12px; }
    h2 { font-size: 14px; margin: 0 0 4px; }
    td { padding: 3px 5px; vertical-align: middle; }
    th { font-weight: normal; text-align: left; padding: 0 5px; white-space: nowrap; }
    img { display: block; image-rendering: pixelated; }
  </style><main>${panels.map(panel).join('')}</main>`;
}

function panel({ name, theme, color, background, invert = false }: (typeof panels)[number]): string {
  const head = sizes.map((size) => `<th>${size}</th>`).join('');
  const rows = states.map(([state, icon]) => {
    const cells = sizes.map((size) => {
      const style = `width:${size * enlarged}px;${invert ? 'filter:invert(1)' : ''}`;
      return `<td><img style="${style}" src="data:image/png;base64,${png(icon, size, theme)}"></td>`;
    });
    return `<tr><th>${state}</th>${cells.join('')}</tr>`;
  });
  return `<section style="color:${color};background:${background}"><h2>${name}</h2>
    <table><tr><th></th>${head}</tr>${rows.join('')}</table></section>`;
}

function png(icon: TrayIcon, size: number, theme: TrayTheme): string {
  const { data, width, height } = drawTrayIcon(icon, size, theme);
  return Buffer.from(encode({ data, width, height, channels: 4, depth: 8 })).toString('base64');
}
