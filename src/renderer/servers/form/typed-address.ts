import { parseServerAddress } from '../../../domain/server-address.ts';

/** The base address that the host makes of what was typed; null while it is none. */
export function typedAddress(typed: string): string | null {
  const address = parseServerAddress(typed, (text) => URL.parse(text));
  return address.ok ? address.url : null;
}
