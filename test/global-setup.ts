import { join } from 'node:path';
import { buildIfNeeded } from '../scripts/build.ts';
import { unpackChromium } from './chromium.ts';

/** The tests run the built app: builds it if it is out of date, and keeps them from running if that fails. */
export async function setup(): Promise<void> {
  const built = await buildIfNeeded(join(import.meta.dirname, '..'));
  if (!built) throw new Error('There is nothing to test: the build failed.');
  await unpackChromium();
}
