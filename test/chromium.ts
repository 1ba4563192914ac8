import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Browsers that people have installed, by platform. */
const installed: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Without these, Chromium asks the internet for things at every start, and where there is no GPU it
 * imitates one, which takes ten times the work of simply drawing.
 */
const quietArgs = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Browsers at the same time must not unpack the one inside the package each for itself: call this before them. */
export async function unpackChromium(): Promise<void> {
  if (!installedPath() && process.platform === 'linux') await packedPath();
}

/**
 * Starts a headless Chromium that needs no system package: one that is installed (or named by
 * `CHROMIUM_PATH`), else the one inside `@sparticuz/chromium` on Linux, else Playwright's own.
 */
export async function launchChromium(): Promise<Browser> {
  const found = installedPath();
  // Chromium's own sandbox refuses to run as root, which is what containers run as.
  const rootArgs = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (found) return chromium.launch({ executablePath: found, args: [...quietArgs, ...rootArgs] });
  if (process.platform !== 'linux') return chromium.launch({ args: quietArgs });
  return chromium.launch({
    executablePath: await packedPath(),
    args: [...quietArgs, '--no-sandbox', '--font-render-hinting=none'],
  });
}

function installedPath(): string | undefined {
  return process.env.CHROMIUM_PATH ?? installed[process.platform]?.find((path) => existsSync(path));
}

/** Its own arguments are not taken over: they suit a cloud function, all in one process, with no rules that keep pages apart. */
async function packedPath(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}
