import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWindowState } from './window-state.ts';

let folder: string;
let path: string;
const log = vi.fn();
const bounds = { x: -1200, y: 30, width: 900, height: 700 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-state-'));
  path = join(folder, 'window-state.json');
  log.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe('the state of the windows', () => {
  it('is there again in the next run', () => {
    const state = openWindowState(folder, log);
    expect(state.current.bounds).toBeNull();
    state.remember({ bounds, maximized: true });
    state.remember({ zoomLevel: 1 });
    state.flush();
    expect(openWindowState(folder, log).current).toEqual({
      bounds,
      maximized: true,
      zoomLevel: 1,
      mini: null,
      told: [],
    });
  });

  it('is written once things have come to rest', () => {
    vi.useFakeTimers();
    const state = openWindowState(folder, log);
    for (let x = 0; x < 50; x += 1) {
      state.remember({ bounds: { ...bounds, x } });
      vi.advanceTimersByTime(100);
    }
    expect(existsSync(path)).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ bounds: { x: 49 } });
  });

  it('is not written for nothing', () => {
    const state = openWindowState(folder, log);
    state.remember({ maximized: false });
    state.flush();
    expect(existsSync(path)).toBe(false);
  });

  it.each(['not JSON', '[]', '{"bounds":{"x":"left"},"maximized":"yes","zoomLevel":1e9,"told":7}'])(
    'does without what is damaged: %s',
    (text) => {
      writeFileSync(path, text);
      expect(openWindowState(folder, log).current).toEqual({
        bounds: null,
        maximized: false,
        zoomLevel: 0,
        mini: null,
        told: [],
      });
    },
  );

  it('that cannot be written is a line in the log', () => {
    writeFileSync(join(folder, 'file'), '');
    const state = openWindowState(join(folder, 'file'), log);
    state.remember({ maximized: true });
    state.flush();
    expect(log).toHaveBeenCalledWith(expect.stringContaining('could not be written'));
    expect(state.current.maximized).toBe(true);
  });

  it('that could not be written is tried once more at the end', async () => {
    const state = openWindowState(folder, log);
    // A folder in its place cannot be replaced by a file.
    mkdirSync(path);
    state.remember({ maximized: true });
    await expect.poll(() => log.mock.calls).toHaveLength(1);
    rmSync(path, { recursive: true });
    state.flush();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ maximized: true });
  });
});
