import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpText, inOnePiece, parseCommandLine } from './command-line.ts';

describe('the command line', () => {
  it('takes several servers, the demo, a host and a port', () => {
    const args = ['--server', 'http://a:8188', '--server=b', '--demo', '--web', '--port', '8400'];
    expect(parseCommandLine(args)).toEqual({
      ok: true,
      value: {
        servers: ['http://a:8188', 'b'],
        demo: true,
        host: 'web',
        port: 8400,
        userDataDir: null,
        hidden: false,
        desktopCheck: false,
        show: null,
      },
    });
  });

  it.each([
    [['--sever', 'x'], "Unknown option '--sever'"],
    [['http://a'], "Unexpected argument 'http://a'"],
    [['--port', '99999'], '--port needs a number'],
    [['--port', 'abc'], '--port needs a number'],
    [['--web', '--desktop'], 'exclude each other'],
    [['--server'], '--server'],
    [['--user-data-dir='], '--user-data-dir needs a folder'],
    [['--server', 'ftp://x'], 'over http or https'],
  ])('refuses %j in one clear line', (args, message) => {
    const result = parseCommandLine(args);
    expect(result.ok).toBe(false);
    expect(!result.ok && result.message).toContain(message);
    expect(!result.ok && result.message).not.toContain('\n');
  });

  it('lets the app be checked only with a data folder of its own, and never `npm start`', () => {
    const check = ['--desktop-check', '--user-data-dir=/tmp/fresh'];
    expect(parseCommandLine(check, 'app')).toMatchObject({ ok: true, value: { desktopCheck: true } });
    for (const [args, caller] of [
      [['--desktop-check'], 'app'],
      [['--desktop-check'], 'electron'],
      [check, 'npm start'],
    ] as const)
      expect(parseCommandLine(args, caller)).toMatchObject({
        ok: false,
        message: expect.stringContaining('--desktop-check'),
      });
    expect(helpText()).not.toContain('desktop-check');
  });

  it('can be handed over with every option in one piece', () => {
    const args = [
      '--server',
      'http://a:8188',
      '--server=b',
      '--hidden',
      '--user-data-dir',
      'C:\\my data',
      '-v',
    ];
    const joined = ['--server=http://a:8188', '--server=b', '--hidden', '--user-data-dir=C:\\my data', '-v'];
    expect(inOnePiece(args)).toEqual(joined);
    expect(parseCommandLine(joined)).toEqual(parseCommandLine(args));
  });

  it('takes the folder for settings from where it is called', () => {
    const result = parseCommandLine(['--user-data-dir', 'here']);
    expect(result.ok && result.value.userDataDir).toBe(resolve('here'));
  });

  it('can start the desktop app out of sight', () => {
    const result = parseCommandLine(['--hidden', '--no-sandbox'], 'app');
    expect(result.ok && result.value.hidden).toBe(true);
    expect(helpText()).toContain('--hidden');
  });

  it('leaves switches meant for Chromium alone where it is asked to', () => {
    const result = parseCommandLine(['--enable-features=X', '--no-sandbox', '--demo', '/path'], 'app');
    expect(result.ok && result.value.demo).toBe(true);
  });

  it.each(['electron', 'app'] as const)('takes no single hyphen for an option of ours in %s', (caller) => {
    const args = ['-ToastActivated', '-NSDocumentRevisionsDebugMode', 'YES', '-vh', '--demo'];
    const result = parseCommandLine(args, caller);
    expect(result.ok && result.value).toMatchObject({ show: null, demo: true });
    const asked = parseCommandLine(['--help'], caller);
    expect(asked.ok && asked.value.show).toBe('help');
  });

  it('refuses in the installed app what only the browser monitor has', () => {
    for (const args of [['--web'], ['--port', '8400'], ['--port=x']])
      expect(parseCommandLine(args, 'app')).toEqual({
        ok: false,
        message:
          'The installed app shows no page in the browser, so it has no --web and no --port. See --help.',
      });
    const handedOn = parseCommandLine(['--port', '8400', '--desktop'], 'electron');
    expect(handedOn.ok && handedOn.value).toMatchObject({ port: 8400, host: 'desktop' });
  });
});

describe('the help', () => {
  it('is that of npm start', () => {
    expect(helpText()).toBe(`Comfy Monitor watches ComfyUI: what is running, how far it is, what came out.

Usage: npm start -- [options]

  --server URL         watch this ComfyUI for this run; may be repeated
                       (default: the saved servers, at first http://127.0.0.1:8188)
  --demo               watch a built-in simulated ComfyUI
  --web                show the monitor in the browser
  --desktop            start the desktop app or fail, never fall back to the browser
  --port N             port of the browser monitor (default: a free one)
  --user-data-dir DIR  keep settings and caches in DIR
  --hidden             start the desktop app in the tray, without showing its window
  -h, --help           show this
  -v, --version        show the version
`);
  });

  it('of the installed app names its program, and offers nothing that it does not have', () => {
    const help = helpText('comfy-monitor');
    expect(help).toContain('Usage: comfy-monitor [options]');
    expect(help).toMatch(/^ {2}--help {15}show this$/m);
    for (const other of ['npm', '--web', '--port', '--desktop', '-h,', '-v,'])
      expect(help).not.toContain(other);
  });
});
