import { BridgeError } from '../../contract/bridge.ts';

/** What to tell people when a call failed; details of anything unexpected belong into the console. */
export function failureText(cause: unknown): string {
  if (cause instanceof BridgeError) return cause.message;
  console.error(cause);
  return 'That did not work, and the monitor does not know why. Its log may tell more.';
}
