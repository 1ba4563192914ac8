import { describe, expect, it } from 'vitest';
import { keyStoreCall } from './heard-key-store.ts';
import { readNotification } from './heard-notifications.ts';
import { type BusMessage, findSessionBus, plainValue, readMessage } from './session-bus.ts';
import { itemTarget, menuEntries } from './status-notifier.ts';

const message = (member: string, change: Partial<BusMessage> = {}): BusMessage => ({
  type: 'method_call',
  sender: ':1.7',
  destination: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
  member,
  args: [],
  ...change,
});

describe('the session bus', () => {
  // As busctl 252 printed it.
  it('is heard, with the values in variants', () => {
    const line =
      '{"type":"signal","sender":":1.3","path":"/StatusNotifierItem","interface":"org.kde.StatusNotifierItem",' +
      '"member":"NewIcon","payload":{"type":"a{sv}","data":[{"text":{"type":"s","data":"idle"}}]}}';
    expect(readMessage(line)).toMatchObject({ member: 'NewIcon', sender: ':1.3', args: [{ text: 'idle' }] });
  });

  it('is not misunderstood: other lines are no messages', () => {
    expect(readMessage('Monitoring bus message stream.')).toBeNull();
    expect(readMessage('{"type":1}')).toBeNull();
  });

  it('gives a dictionary that only looks like a variant as it is', () => {
    expect(plainValue({ type: 5, data: [] })).toEqual({ type: 5, data: [] });
  });

  it('says why there is none', () => {
    expect(findSessionBus({})).toEqual({ reason: 'there is no session bus' });
  });
});

describe('a tray icon', () => {
  it.each([
    [':1.23/org/ayatana/NotificationItem/app', ':1.23', '/org/ayatana/NotificationItem/app'],
    ['org.kde.StatusNotifierItem-4077-1', 'org.kde.StatusNotifierItem-4077-1', '/StatusNotifierItem'],
  ])('is found by %s', (entry, destination, path) => {
    expect(itemTarget(entry)).toMatchObject({ destination, path });
  });

  it('has a menu whose lines are its entries with a label, submenus included', () => {
    const layout = [
      0,
      {},
      [
        [1, { label: 'Idle', enabled: false }, []],
        [2, { type: 'separator' }, []],
        [3, { label: 'Servers' }, [[4, { label: 'my__server' }, []]]],
        [5, { label: '_Quit' }, []],
      ],
    ];
    expect(menuEntries(layout)).toEqual([
      { id: 1, label: 'Idle', enabled: false },
      { id: 3, label: 'Servers', enabled: true },
      { id: 4, label: 'my_server', enabled: true },
      { id: 5, label: 'Quit', enabled: true },
    ]);
  });
});

describe('a notification on the bus', () => {
  it('is read with its picture and its buttons', () => {
    const actions = ['default', 'View', '0', 'Open image'];
    const args = ['Comfy Monitor', 0, '', 'Finished: A', '2 s', actions, { 'image-data': [1] }, -1];
    expect(readNotification(message('Notify', { args }))).toEqual({
      appName: 'Comfy Monitor',
      title: 'Finished: A',
      body: '2 s',
      icon: '',
      hasPicture: true,
      buttons: ['Open image'],
    });
  });

  it('is nothing else', () => {
    expect(readNotification(message('CloseNotification', { args: [3] }))).toBeNull();
  });
});

describe('the key store on the bus', () => {
  const secrets = { destination: 'org.freedesktop.secrets', interface: 'org.freedesktop.Secret.Service' };

  it('is opened by whoever asks for a session, or has it started', () => {
    expect(keyStoreCall(message('OpenSession', secrets))).toBe('org.freedesktop.Secret.Service.OpenSession');
    const start = { destination: 'org.freedesktop.DBus', interface: 'org.freedesktop.DBus' };
    expect(keyStoreCall(message('StartServiceByName', { ...start, args: ['org.kde.kwalletd6', 0] }))).toBe(
      'start of org.kde.kwalletd6',
    );
  });

  it('is not by who looks what there is, or starts something else', () => {
    expect(keyStoreCall(message('GetAll', secrets))).toBeNull();
    expect(keyStoreCall(message('StartServiceByName', { args: ['org.a11y.Bus', 0] }))).toBeNull();
  });
});
