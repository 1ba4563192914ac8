import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { app, desktop } from '../testing/fake-electron.ts';
import { consoleLine, startDesktopCheck } from './desktop-check.ts';
import { pageProbes, probeScript } from './page-probes.ts';
import { orderSchema, probeSchemas } from './protocol.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

describe('the check mode', () => {
  it('refuses a data folder in which users keep passwords, and ends the app', async () => {
    desktop.userData = await mkdtemp(join(tmpdir(), 'check-'));
    onTestFinished(() => rm(desktop.userData, { recursive: true, force: true }));
    await writeFile(join(desktop.userData, 'secrets.json'), '{}');
    const exit = vi.spyOn(app, 'exit').mockReturnValue(undefined);
    const complaint = vi.spyOn(console, 'error').mockReturnValue(undefined);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    expect(startDesktopCheck()).toBeNull();
    expect(exit).toHaveBeenCalledWith(2);
    expect(complaint).toHaveBeenCalledWith(expect.stringContaining('holds passwords'));
  });

  it('knows no order that runs what it is sent', () => {
    for (const order of [
      { do: 'evaluate', code: '1' },
      { do: 'probe', probe: 'document.cookie', page: 'main' },
      { do: 'quit', way: 'rm' },
    ])
      expect(orderSchema.safeParse(order).success).toBe(false);
  });

  it('has a probe for each name, and each is a script', () => {
    expect(Object.keys(pageProbes)).toEqual(Object.keys(probeSchemas));
    for (const name of ['painted', 'seek', 'full screen'] as const)
      expect(() => new Function(`return ${probeScript(name)}`)).not.toThrow();
  });
});

describe('a line of the console', () => {
  it('is read from the event, and from the arguments of older Electrons', () => {
    const wanted = { isError: true, message: 'Refused to load' };
    expect(consoleLine([{ level: 'error', message: 'Refused to load', lineNumber: 1 }])).toEqual(wanted);
    expect(consoleLine([{}, 3, 'Refused to load', 1, 'app://monitor'])).toEqual(wanted);
    expect(consoleLine([{ level: 'info', message: 'hello' }])?.isError).toBe(false);
    expect(consoleLine([])).toBeNull();
  });
});
