import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Message } from 'dbus-native';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { ActionRequest } from '../../../contract/actions/action.ts';
import type { TrayMenuItem } from '../tray-menu.ts';
import { type BusTray, createBusTray, watcherName } from './bus-tray.ts';
import { menuInterface } from './dbus-menu.ts';
import { openSessionBus, sessionBusAddress } from './session-bus.ts';
import { itemInterface, itemPath } from './status-notifier-item.ts';

/** Why there can be no bus of the test's own, if so. */
const noDaemon = (() => {
  if (process.platform !== 'linux') return `session buses are a thing of Linux, not of ${process.platform}`;
  try {
    execFileSync('dbus-daemon', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'dbus-daemon is not installed';
  }
})();

const quit: TrayMenuItem = {
  kind: 'item',
  key: 'quit',
  label: 'Quit',
  command: { do: 'quit' },
  afterwards: null,
};
const daemon = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

describe.skipIf(noDaemon !== null)(
  `on a real session bus${noDaemon === null ? '' : ` (${noDaemon})`}`,
  () => {
    let folder: string;
    let address: string;
    let running: ChildProcess | null = null;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bus-'));
      address = `unix:path=${join(folder, 'bus')}`;
      await startDaemon();
    });
    afterEach(async () => {
      await stopDaemon();
      await rm(folder, { recursive: true, force: true });
    });

    async function startDaemon(): Promise<void> {
      const child = spawn(
        'dbus-daemon',
        ['--session', '--nofork', '--nopidfile', '--print-address=1', `--address=${address}`],
        {
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      running = child;
      await once(child.stdout, 'data');
    }
    async function stopDaemon(): Promise<void> {
      const child = running;
      running = null;
      if (!child) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }

    /** A panel with a watcher, by the library's own client: nothing of it is ours. */
    async function startPanel() {
      const client = createClient({ busAddress: address, plainValues: true });
      client.connection.on('error', () => {});
      const registered: unknown[] = [];
      const signals: string[] = [];
      let item = '';
      client.setMethodCallHandler('/StatusNotifierWatcher', watcherName, 'RegisterStatusNotifierItem', [
        (name: string) => {
          item = name;
          registered.push(name);
        },
        '',
      ]);
      client.connection.on('message', (message: Message) => {
        if (message.type === 4 && message.sender !== daemon.destination) signals.push(message.member ?? '');
      });
      await client.addMatch("type='signal'");
      await client.requestName(watcherName, 4);
      const ask = async (
        path: string,
        name: string,
        member: string,
        signature = '',
        body: unknown[] = [],
      ): Promise<unknown> => {
        const message: Message = { destination: item, path, interface: name, member };
        return client.invoke<unknown>(signature === '' ? message : { ...message, signature, body }, {
          timeout: 5_000,
        });
      };
      let closed = false;
      const close = async (): Promise<void> => {
        if (!closed) await client.close();
        closed = true;
      };
      onTestFinished(close);
      return { client, ask, close, registered, signals };
    }

    function startItem(refresh: () => void = () => {}) {
      const ran: ActionRequest[] = [];
      const clicks: string[] = [];
      const lines: string[] = [];
      const bus = openSessionBus({ address, log: (line) => lines.push(line) });
      const tray: BusTray = createBusTray({
        bus,
        id: 'comfy-monitor',
        title: 'Comfy Monitor',
        hands: { click: () => clicks.push('click'), run: (command) => ran.push(command), refresh },
      });
      const states: string[] = [];
      bus.watchName(watcherName, (state) => {
        states.push(state);
        if (state === 'owned') tray.register().catch(() => {});
      });
      onTestFinished(() => tray.destroy());
      return { bus, tray, ran, clicks, lines, states };
    }

    it('a panel finds the icon with everything that is asked of one', async () => {
      const { ask, registered, signals } = await startPanel();
      const { tray } = startItem();
      await expect.poll(() => registered).toEqual([`${itemInterface}-${process.pid}-1`]);
      tray.setWords({ tooltip: 'Portrait · 41%\n<b>& more', title: '' });
      const all = await ask(itemPath, 'org.freedesktop.DBus.Properties', 'GetAll', 's', [itemInterface]);
      expect(all).toMatchObject({
        Category: 'ApplicationStatus',
        Id: 'comfy-monitor',
        Title: 'Comfy Monitor',
        Status: 'Active',
        ItemIsMenu: false,
        ToolTip: ['', [], 'Portrait · 41%\n<b>& more', ''],
      });
      const pictures = z
        .object({ IconPixmap: z.array(z.tuple([z.number(), z.number(), z.instanceof(Uint8Array)])) })
        .parse(all).IconPixmap;
      expect(pictures.map(([width]) => width)).toContain(22);
      for (const [width, height, bytes] of pictures) expect(bytes.length).toBe(width * height * 4);
      tray.setIcon({ status: 'idle', attention: true, fraction: null, badge: 2 });
      tray.setIcon({ status: 'idle', attention: true, fraction: null, badge: 2 });
      await expect.poll(() => signals).toEqual(['NewToolTip', 'NewIcon']);
    });

    it('a click, and one in the menu, do what they say', async () => {
      const { ask, registered } = await startPanel();
      const { tray, ran, clicks } = startItem(() => tray.setMenu([quit]));
      await expect.poll(() => registered.length).toBe(1);
      const menuPath = z
        .string()
        .parse(await ask(itemPath, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [itemInterface, 'Menu']));
      expect(await ask(menuPath, menuInterface, 'AboutToShow', 'i', [0])).toBe(true);
      const layout = JSON.stringify(await ask(menuPath, menuInterface, 'GetLayout', 'iias', [0, -1, []]));
      expect(layout).toContain('Quit');
      await ask(menuPath, menuInterface, 'Event', 'isvu', [1, 'clicked', ['i', 0], 0]);
      await ask(itemPath, itemInterface, 'Activate', 'ii', [1, 2]);
      await expect.poll(() => [ran, clicks]).toEqual([[{ do: 'quit' }], ['click']]);
    });

    it('programs that look at it learn what it offers', async () => {
      const { ask, registered } = await startPanel();
      startItem();
      await expect.poll(() => registered.length).toBe(1);
      const xml = String(
        await ask('/com/canonical/dbusmenu', 'org.freedesktop.DBus.Introspectable', 'Introspect'),
      );
      expect(xml).toContain(
        '<method name="GetLayout"><arg type="i" direction="in"/><arg type="i" direction="in"/><arg type="as" direction="in"/><arg type="u" direction="out"/><arg type="(ia{sv}av)" direction="out"/></method>',
      );
      expect(await ask(itemPath, 'org.freedesktop.DBus.Peer', 'Ping')).toBeUndefined();
      await expect(ask(itemPath, itemInterface, 'Explode')).rejects.toThrow();
      await expect(ask('/nothing', itemInterface, 'Activate', 'ii', [1, 2])).rejects.toThrow();
      await expect(ask(itemPath, itemInterface, 'Activate', 's', ['x'])).resolves.toBeUndefined();
    });

    it('a panel that is started again gets it again', async () => {
      const first = await startPanel();
      const { states } = startItem();
      await expect.poll(() => first.registered.length).toBe(1);
      await first.close();
      await expect.poll(() => states.at(-1)).toBe('free');
      const second = await startPanel();
      await expect.poll(() => second.registered.length).toBe(1);
    });

    it('a bus that goes away is told once, and found again when it comes back', async () => {
      const { registered } = await startPanel();
      const { bus, lines, states, tray } = startItem();
      await expect.poll(() => registered.length).toBe(1);
      await stopDaemon();
      await expect.poll(() => states.at(-1)).toBe('no bus');
      await expect(bus.call({ ...daemon, member: 'ListNames' })).rejects.toThrow('no session bus');
      tray.setIcon({ status: 'idle', attention: true, fraction: null, badge: 2 });
      await rm(join(folder, 'bus'), { force: true });
      await startDaemon();
      const again = await startPanel();
      await expect.poll(() => again.registered.length).toBe(1);
      expect(lines).toEqual([expect.stringContaining('the session bus is gone')]);
    });

    it('a name that nobody has is free', async () => {
      const { states } = startItem();
      await expect.poll(() => states).toEqual(['free']);
    });
  },
);

describe('a broken bus', () => {
  async function startServer(behave: (socket: Socket) => void): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'bus-'));
    const path = join(folder, 'bus');
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      behave(socket);
    }).listen(path);
    await once(server, 'listening');
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    });
    return `unix:path=${path}`;
  }
  function connected(address: string) {
    const lines: string[] = [];
    const states: string[] = [];
    const bus = openSessionBus({ address, log: (line) => lines.push(line) });
    bus.watchName(watcherName, (state) => states.push(state));
    onTestFinished(() => bus.close());
    return { bus, lines, states };
  }

  function turnTheClock(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  }

  it.skipIf(process.platform === 'win32').each([
    ['refuses us', (socket: Socket) => socket.write('REJECTED\r\n')],
    ['hangs up', (socket: Socket) => socket.end()],
    [
      'talks nonsense',
      (socket: Socket) => socket.write('OK 1234\r\n\u0001\u0002\u0003 nonsense for ever and ever'),
    ],
    [
      'claims to have gigabytes to say',
      (socket: Socket) => {
        const header = Buffer.from([
          0x6c, 4, 0, 1, 0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
        ]);
        socket.write(Buffer.concat([Buffer.from('OK 1234\r\n'), header]));
      },
    ],
  ])('that %s is done without', async (_name, behave) => {
    const { lines, states } = connected(await startServer(behave));
    await expect.poll(() => states[0]).toBe('no bus');
    expect(lines).toEqual([expect.stringContaining('the session bus cannot be reached')]);
  });

  it.skipIf(process.platform === 'win32')(
    'that says nothing is done without after some seconds',
    async () => {
      const address = await startServer(() => {});
      turnTheClock();
      const { states } = connected(address);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(states).toEqual(['no bus']);
    },
  );

  it('that is not there is not looked for for ever: a desktop without one gets none later', async () => {
    turnTheClock();
    const { states } = connected('unix:path=/nowhere/at/all');
    await expect.poll(() => states).toEqual(['no bus']);
    for (let hour = 0; hour < 24; hour += 1) await vi.advanceTimersByTimeAsync(3_600_000);
    expect(states.length).toBeLessThanOrEqual(6);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('whose address is none of ours is done without', async () => {
    const { lines, states } = connected('autolaunch:');
    await expect.poll(() => states).toEqual(['no bus']);
    expect(lines).toHaveLength(1);
  });
});

it('is looked for where the session says, or where systemd puts it', () => {
  expect(sessionBusAddress({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/x' })).toBe('unix:path=/run/x');
  expect(sessionBusAddress({ XDG_RUNTIME_DIR: '/run/user/1000' })).toBe('unix:path=/run/user/1000/bus');
  expect(sessionBusAddress({})).toBeNull();
});
