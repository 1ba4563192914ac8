import { app } from 'electron';
import { signOfLife } from './sign-of-life.ts';

/** The process that started this one, as far as there is a channel to it. */
interface Starter {
  connected: boolean;
  send?: ((message: string, handle: undefined, options: undefined, sent: () => void) => boolean) | undefined;
  once(event: 'disconnect', listener: () => void): unknown;
}

/**
 * Lets `npm start` know that Electron runs here and that the app has the say: an Electron that ends without
 * this is one that does not run, and the monitor is shown in the browser instead.
 */
export function notifyStarter(starter: Starter = process): void {
  // It may be gone already, which is nothing to break over.
  if (canTalkTo(starter)) starter.send?.(signOfLife, undefined, undefined, () => {});
}

/**
 * Quits when `npm start` lets go of the app: when it was killed, and on Windows, which has no signals to hand on,
 * also when it was to end.
 */
export function endWithStarter(starter: Starter = process): void {
  if (!canTalkTo(starter)) return;
  starter.once('disconnect', () => app.quit());
}

/** An installed app was not started by npm, even when whatever started it left a channel to talk through. */
function canTalkTo(starter: Starter): boolean {
  return !app.isPackaged && starter.connected === true;
}
