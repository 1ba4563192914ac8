import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktop, dialog } from '../testing/fake-electron.ts';
import { watchForFailures } from './failures.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const lines: string[] = [];
const isNotEnding = () => false;
const thrown = process.listeners('uncaughtException');
const rejected = process.listeners('unhandledRejection');

beforeEach(() => {
  lines.length = 0;
  dialog.shown.length = 0;
  desktop.copied.length = 0;
  dialog.answer = 0;
});
afterEach(() => {
  process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
  for (const listener of thrown) process.on('uncaughtException', listener);
  for (const listener of rejected) process.on('unhandledRejection', listener);
});

describe('a failure that nobody expected', () => {
  it('is logged with its stack, and the first one is shown', async () => {
    const tell = watchForFailures((line) => lines.push(line), isNotEnding);
    await tell('Something went wrong', new Error('one'));
    await tell('Something went wrong', new Error('two'));
    expect(lines[0]).toMatch(/^Something went wrong: Error: one\n\s+at /);
    expect(lines[1]).toMatch(/^Something went wrong: Error: two/);
    expect(dialog.shown).toMatchObject([{ type: 'error', detail: 'Error: one' }]);
    expect(desktop.copied).toEqual([]);
  });

  it('can be copied, with what is needed to report it', async () => {
    dialog.answer = 1;
    await watchForFailures(() => {}, isNotEnding)('Something went wrong', new Error('one'));
    expect(dialog.shown[0]?.buttons?.[1]).toBe('Copy details');
    expect(desktop.copied[0]).toMatch(/^Comfy Monitor 1\.2\.3, .+\nSomething went wrong\nError: one\n/);
  });

  it('is only logged when it comes of the app ending', async () => {
    await watchForFailures(
      (line) => lines.push(line),
      () => true,
    )('Something went wrong', new Error('one'));
    expect([lines.length, dialog.shown]).toEqual([1, []]);
  });

  it('may be anything that can be thrown', async () => {
    const tell = watchForFailures((line) => lines.push(line), isNotEnding);
    await tell('Something went wrong', { code: 7 });
    await tell('Something went wrong', undefined);
    expect(lines).toEqual(['Something went wrong: { code: 7 }', 'Something went wrong: undefined']);
  });

  it('with a remedy offers it each time, but not while it does so already', async () => {
    const tell = watchForFailures((line) => lines.push(line), isNotEnding);
    const run = vi.fn();
    await tell('Something went wrong', new Error('one'));
    await tell('The page broke', 'crashed', { label: 'Reload', run });
    expect(dialog.shown.at(-1)).toMatchObject({ buttons: ['Reload', 'Close', 'Copy details'], cancelId: 1 });
    expect(run).toHaveBeenCalledOnce();
    dialog.answer = 1;
    const again = () => tell('The page broke', 'crashed', { label: 'Reload', run });
    await Promise.all([again(), again()]);
    expect(dialog.shown).toHaveLength(3);
    expect(run).toHaveBeenCalledOnce();
    dialog.answer = 2;
    await again();
    expect(desktop.copied[0]).toContain('The page broke');
  });

  it('is told of whatever was thrown, and breaks nothing more when it cannot even be logged', async () => {
    const broken = Object.defineProperty(new Error(), 'stack', {
      get() {
        throw new Error('no stack');
      },
    });
    await watchForFailures((line) => lines.push(line), isNotEnding)('Something went wrong', broken);
    expect(lines).toEqual(['Something went wrong: Error']);
    watchForFailures(() => {
      throw new Error('write EPIPE');
    }, isNotEnding);
    const [listener] = process.listeners('uncaughtException').slice(-1);
    listener?.(new Error('one'), 'uncaughtException');
    // A rejection that nobody hears of would fail this test.
    await new Promise((done) => setImmediate(done));
  });

  it('is heard of wherever it happens', () => {
    watchForFailures(() => {}, isNotEnding);
    expect(process.listenerCount('uncaughtException')).toBe(thrown.length + 1);
    expect(process.listenerCount('unhandledRejection')).toBe(rejected.length + 1);
  });
});
