import { hostname, networkInterfaces } from 'node:os';
import type { MachineReading } from '../../domain/telemetry/machine-reading.ts';
import type { SystemStats } from '../wire/system-stats.ts';
import { makerOf, sameName } from './gpu-matching.ts';
import type { LocalMachine } from './local-machine.ts';

/** Two programs ask for the size of the same RAM: it is the same but for rounding, bytes. */
const totalTolerance = 2 ** 20;
/** What is free changes between two questions, as a fraction of all RAM. */
const freeTolerance = 0.05;

/** Whether an address leads to this computer, or to a tunnel that begins here. */
export function isOwnAddress(url: string, interfaces = networkInterfaces(), name = hostname()): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '::1')
    return true;
  // What ComfyUI prints with `--listen`, and the name of the computer, alone or as networks at home know it.
  if (host === '0.0.0.0' || host === '::') return true;
  const own = name.toLowerCase().replace(/\.local$/, '');
  if (own !== '' && (host === own || host === `${own}.local`)) return true;
  return Object.values(interfaces).some((list) =>
    list?.some(({ address }) => address.toLowerCase() === host),
  );
}

/**
 * Whether a server that is reached by an address of this computer runs on it, by what it says of itself: behind a tunnel
 * it is another machine. The system and the size of the RAM have to be the same, and what is free of it at this moment.
 */
export function isThisComputer(
  { os, reading: { ramTotal }, ramFree }: Pick<SystemStats, 'os' | 'reading' | 'ramFree'>,
  local: LocalMachine,
): boolean {
  const { total, free } = local.memory();
  if (os === null || ramTotal === null || ramFree === null) return false;
  if (!isSystem(os.toLowerCase(), local.platform)) return false;
  if (Math.abs(ramTotal - total) > totalTolerance) return false;
  // On macOS the two count different things as free.
  return local.platform === 'darwin' || Math.abs(ramFree - free) <= freeTolerance * total;
}

/** Python's and Node's names of the systems; older versions of ComfyUI say no more than `posix` or `nt`. */
function isSystem(said: string, platform: string): boolean {
  if (said === 'posix') return platform !== 'win32';
  return (said === 'nt' ? 'win32' : said) === platform;
}

/**
 * Whether the GPUs that a server names can be those found here. Of a maker of whom none was found it is not known: what
 * can be measured without rights is not all that there is.
 */
export function hasGpusOf(server: MachineReading, here: MachineReading): boolean {
  const found = here.gpus.flatMap(({ name }) => name ?? []);
  return server.gpus.every(({ name }) => {
    const rivals = name === null ? [] : found.filter((other) => makerOf(other) === makerOf(name));
    return name === null || rivals.length === 0 || rivals.some((other) => sameName(name, other));
  });
}
