import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { app, desktop } from '../testing/fake-electron.ts';
import { signOfLife } from './sign-of-life.ts';
import { endWithStarter, notifyStarter } from './starter.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
const quit = vi.spyOn(app, 'quit').mockImplementation(() => {});
afterEach(() => {
  desktop.isPackaged = false;
  quit.mockClear();
});

/** Whoever started the app; with a channel to talk through if it is `connected`. */
function starterThatIs({ connected }: { connected: boolean }) {
  const heard: unknown[] = [];
  const starter = Object.assign(new EventEmitter(), {
    connected,
    send: (message: unknown) => heard.push(message) > 0,
  });
  return { starter, heard };
}

it('tells npm that Electron runs, and quits when npm lets go', () => {
  const { starter, heard } = starterThatIs({ connected: true });
  endWithStarter(starter);
  notifyStarter(starter);
  expect(heard).toEqual([signOfLife]);
  expect(quit).not.toHaveBeenCalled();
  starter.emit('disconnect');
  expect(quit).toHaveBeenCalledOnce();
});

it('has nobody to tell when it was started otherwise', () => {
  const { starter, heard } = starterThatIs({ connected: false });
  notifyStarter(starter);
  endWithStarter(starter);
  starter.emit('disconnect');
  expect(heard).toEqual([]);
  expect(quit).not.toHaveBeenCalled();
});

it('is nobody else’s concern when it is installed', () => {
  desktop.isPackaged = true;
  const { starter, heard } = starterThatIs({ connected: true });
  notifyStarter(starter);
  endWithStarter(starter);
  starter.emit('disconnect');
  expect(heard).toEqual([]);
  expect(quit).not.toHaveBeenCalled();
});
