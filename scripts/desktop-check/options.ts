import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { causeMessage } from '../../src/domain/text/cause-text.ts';

/** The parts of the check; each starts the app for itself. */
const parts = ['app', 'cost', 'quit'] as const;
type Part = (typeof parts)[number];

export interface CheckOptions {
  /** An installed or packed app; null for the built one in Electron's own runtime. */
  app: string | null;
  out: string;
  /** How long a cost is measured, s. */
  seconds: number;
  /** Whether costs above their limits are failures. */
  limits: boolean;
  /** How often each way to quit is tried. */
  quits: number;
  /** Handed on to the app as they are. */
  appArgs: string[];
  parts: readonly Part[];
  /** Takes a picture of the desktop into this file, and checks nothing. */
  picture: string | null;
}

export const helpText = `Checks the real app on this desktop: it is started, ordered about and measured, and a report is written.

Usage: npm run desktop:check -- [options]

  --app PATH       an installed or packed app (default: the built one, in the installed Electron)
  --out DIR        where the report goes (default: test-output/desktop-check)
  --seconds N      how long each cost is measured (default: 20)
  --no-limits      costs are mere figures: for slow machines
  --quits N        tries each way to quit N times (default: 1)
  --part NAME      only ${parts.join(', ')}; may be repeated
  --app-arg ARG    handed on to the app, as in --app-arg=--ozone-platform=wayland; may be repeated
  --picture FILE   only takes a picture of the desktop with the app on it
  --help           shows this

It ends with 0 if nothing failed, else with 1. The app gets data folders of its own, but it does appear in the tray
and take the keyboard: leave the computer alone for the few minutes.
`;

export type OptionsResult = { ok: true; value: CheckOptions | 'help' } | { ok: false; message: string };

/** Reads the command line; `root` is the project's folder. */
export function parseOptions(args: readonly string[], root: string): OptionsResult {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (cause) {
    const message = causeMessage(cause).replace(/ To specify .*$/s, '');
    return { ok: false, message: `${message} See --help.` };
  }
  if (values.help) return { ok: true, value: 'help' };
  const seconds = wholeNumber(values.seconds ?? '20', 1, 3_600);
  if (seconds === null) return { ok: false, message: '--seconds needs a number from 1 to 3600. See --help.' };
  const quits = wholeNumber(values.quits ?? '1', 1, 1_000);
  if (quits === null) return { ok: false, message: '--quits needs a number from 1 to 1000. See --help.' };
  const wanted = values.part ?? [];
  const unknown = wanted.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined)
    return { ok: false, message: `--part needs one of ${parts.join(', ')}, not '${unknown}'. See --help.` };
  return {
    ok: true,
    value: {
      app: values.app === undefined ? null : resolve(values.app),
      out: resolve(values.out ?? `${root}/test-output/desktop-check`),
      seconds,
      limits: !values['no-limits'],
      quits,
      appArgs: values['app-arg'] ?? [],
      parts: parts.filter((part) => wanted.length === 0 || wanted.includes(part)),
      picture: values.picture === undefined ? null : resolve(values.picture),
    },
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      app: { type: 'string' },
      out: { type: 'string' },
      seconds: { type: 'string' },
      'no-limits': { type: 'boolean' },
      quits: { type: 'string' },
      part: { type: 'string', multiple: true },
      'app-arg': { type: 'string', multiple: true },
      picture: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function wholeNumber(text: string, from: number, to: number): number | null {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  return number >= from && number <= to ? number : null;
}
