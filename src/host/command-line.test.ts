import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpText, parseCommandLine } from './command-line.ts';

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

  it('takes the folder for settings from where it is called', () => {
    const result = parseCommandLine(['--user-data-dir', 'here']);
    expect(result.ok && result.value.userDataDir).toBe(resolve('here'));
  });

  it('can start the desktop app out of sight', () => {
    const result = parseCommandLine(['--hidden', '--no-sandbox'], true);
    expect(result.ok && result.value.hidden).toBe(true);
    expect(helpText).toContain('--hidden');
  });

  it('leaves switches meant for Chromium alone where it is asked to', () => {
    const result = parseCommandLine(['--enable-features=X', '--no-sandbox', '--demo', '/path'], true);
    expect(result.ok && result.value.demo).toBe(true);
  });
});
