import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseServerAddress } from '../../comfy/link/address.ts';
import { defaultServerUrl } from '../../domain/server-address.ts';
import { causeMessage } from '../../domain/text/cause-text.ts';

/** What the user asked for when starting the monitor. */
export interface CommandLine {
  /** Addresses to watch for this run instead of the saved servers. */
  servers: string[];
  /** Watch the built-in simulated ComfyUI. */
  demo: boolean;
  /** `web` and `desktop` force one host; null takes the desktop where it can run. */
  host: 'web' | 'desktop' | null;
  /** Port of the browser host; null takes a free one. */
  port: number | null;
  /** The absolute path of where settings and caches live, instead of the usual place. */
  userDataDir: string | null;
  /** Start in the tray, without showing the window. */
  hidden: boolean;
  /** Takes orders from `npm run desktop:check`, which started the app with this; not in the help. */
  desktopCheck: boolean;
  show: 'help' | 'version' | null;
}

export type CommandLineResult = { ok: true; value: CommandLine } | { ok: false; message: string };

const options = {
  server: { type: 'string', multiple: true },
  demo: { type: 'boolean' },
  web: { type: 'boolean' },
  desktop: { type: 'boolean' },
  port: { type: 'string' },
  'user-data-dir': { type: 'string' },
  hidden: { type: 'boolean' },
  'desktop-check': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/**
 * Whose command line it is: that of `npm start`, what `npm start` hands on to Electron, or that of the installed
 * app. Among the latter two are the switches meant for Chromium and what systems add, so what we do not know is
 * not for us, and a single hyphen never is: Windows starts the app with `-ToastActivated`, for example.
 */
export type Caller = 'npm start' | 'electron' | 'app';

/** The help for `npm start`, or for the installed app under the name of its program. */
export function helpText(program: string | null = null): string {
  const short = (letter: string): string => (program === null ? `-${letter}, ` : '');
  const lines: [option: string, text: string, onlyFromSource?: 'only from source'][] = [
    ['--server URL', 'watch this ComfyUI for this run; may be repeated'],
    ['', `(default: the saved servers, at first ${defaultServerUrl})`],
    ['--demo', 'watch a built-in simulated ComfyUI'],
    ['--web', 'show the monitor in the browser', 'only from source'],
    ['--desktop', 'start the desktop app or fail, never fall back to the browser', 'only from source'],
    ['--port N', 'port of the browser monitor (default: a free one)', 'only from source'],
    ['--user-data-dir DIR', 'keep settings and caches in DIR'],
    ['--hidden', 'start the desktop app in the tray, without showing its window'],
    [`${short('h')}--help`, 'show this'],
    [`${short('v')}--version`, 'show the version'],
  ];
  return [
    'Comfy Monitor watches ComfyUI: what is running, how far it is, what came out.',
    '',
    `Usage: ${program ?? 'npm start --'} [options]`,
    '',
    ...lines
      .filter(([, , onlyFromSource]) => program === null || !onlyFromSource)
      .map(([option, text]) => `  ${option.padEnd(19)}  ${text}`),
    '',
  ].join('\n');
}

/** Reads the command line of `caller`. */
export function parseCommandLine(args: readonly string[], caller: Caller = 'npm start'): CommandLineResult {
  const lenient = caller !== 'npm start';
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(lenient ? args.filter((arg) => !/^-[^-]/.test(arg)) : args, !lenient);
  } catch (cause) {
    return failed(causeMessage(cause).replace(/ To specify .*$/s, ''));
  }
  const { values, positionals } = parsed;
  if (!lenient && positionals[0] !== undefined) return failed(`Unexpected argument '${positionals[0]}'.`);
  if (caller === 'app' && (values.web || values.port !== undefined))
    return failed('The installed app shows no page in the browser, so it has no --web and no --port.');
  if (values.web && values.desktop) return failed('--web and --desktop exclude each other.');
  const servers = strings(values.server);
  for (const input of servers) {
    const address = parseServerAddress(input);
    if (!address.ok) return failed(`--server: ${address.message}`);
  }
  const port = values.port === undefined ? null : parsePort(values.port);
  if (port === undefined)
    return failed(`--port needs a number from 1 to 65535, not '${String(values.port)}'.`);
  const folder = values['user-data-dir'];
  if (folder === '') return failed('--user-data-dir needs a folder.');
  const desktopCheck = values['desktop-check'] === true;
  if (desktopCheck && caller === 'npm start')
    return failed('--desktop-check is for `npm run desktop:check`, which starts the app by itself.');
  if (desktopCheck && folder === undefined)
    return failed('--desktop-check needs --user-data-dir with a fresh folder: it is no option for users.');
  return {
    ok: true,
    value: {
      servers,
      demo: values.demo === true,
      host: values.web ? 'web' : values.desktop ? 'desktop' : null,
      port,
      userDataDir: typeof folder === 'string' ? resolve(folder) : null,
      hidden: values.hidden === true,
      desktopCheck,
      show: values.help ? 'help' : values.version ? 'version' : null,
    },
  };
}

/**
 * The same options, each in one piece as in `--server=URL`. On Windows, Electron refuses to start when
 * anything follows an argument that looks like an address.
 */
export function inOnePiece(args: readonly string[]): string[] {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.map((token) => {
    if (token.kind !== 'option') return token.kind === 'positional' ? token.value : '--';
    return token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`;
  });
}

function parse(args: readonly string[], strict: boolean) {
  return parseArgs({ args: [...args], options, strict, allowPositionals: true });
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A port number, or undefined for anything else. */
function parsePort(value: string | boolean): number | undefined {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function failed(message: string): CommandLineResult {
  return { ok: false, message: `${message} See --help.` };
}
