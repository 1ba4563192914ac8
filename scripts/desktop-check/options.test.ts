import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('the options of the desktop check', () => {
  it('have defaults', () => {
    expect(parseOptions([], '/project')).toMatchObject({
      ok: true,
      value: {
        app: null,
        seconds: 20,
        limits: true,
        quits: 1,
        parts: ['app', 'cost', 'quit'],
        picture: null,
      },
    });
  });

  it('choose parts, and hand arguments on', () => {
    const parsed = parseOptions(['--part', 'quit', '--quits', '3', '--no-limits', '--app-arg=--demo'], '/p');
    expect(parsed).toMatchObject({
      value: { parts: ['quit'], quits: 3, limits: false, appArgs: ['--demo'] },
    });
  });

  it.each([
    [['--seconds', '0'], '--seconds needs a number'],
    [['--quits', 'x'], '--quits needs a number'],
    [['--part', 'all'], "--part needs one of app, cost, quit, not 'all'"],
    [['--what'], "Unknown option '--what'"],
  ])('refuse %j in one clear line', (args, words) => {
    const parsed = parseOptions(args, join('/', 'p'));
    expect(!parsed.ok && parsed.message).toContain(words);
    expect(!parsed.ok && parsed.message).not.toContain('\n');
  });
});
