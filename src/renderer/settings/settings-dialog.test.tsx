import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import { changePreferences, defaultPreferences } from '../../contract/preferences.ts';
import { browserHost, desktopHost, desktopHostWith } from '../../contract/testing/hosts.ts';
import { stateAfter } from '../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../testing/fake-host.ts';
import { renderPage, renderPart } from '../testing/render.tsx';
import { SettingsDialog } from './settings-dialog.tsx';

const { alerts } = defaultPreferences;

async function openSettings(options: FakeHostOptions = {}) {
  const page = await renderPage({ state: stateAfter(), ...options });
  await page.user.click(screen.getByRole('button', { name: 'Settings' }));
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }));
  const changes = () =>
    page.host.asked.filter(({ name }) => name === 'changePreferences').map(({ request }) => request);
  return { ...page, dialog, changes };
}

describe('the settings', () => {
  it('open with the keys that open them everywhere', async () => {
    const { user } = await renderPage({ state: stateAfter() });
    await user.keyboard('{Control>},{/Control}');
    screen.getByRole('dialog', { name: 'Settings' });
  });

  it('open when the menu of the app asks for them', async () => {
    const page = await renderPage({ state: stateAfter() });
    await page.after((host) => host.push('showSettings', undefined));
    screen.getByRole('dialog', { name: 'Settings' });
  });

  it('lead to their sections, one of which is current', async () => {
    const { dialog, user } = await openSettings();
    const rail = within(dialog.getByRole('navigation', { name: 'Settings' }));
    expect(rail.getByRole('button', { current: true }).textContent).toBe('Servers');
    await user.click(rail.getByRole('button', { name: 'Appearance' }));
    expect(rail.getByRole('button', { current: true }).textContent).toBe('Appearance');
  });

  it('show the section asked for where all are below each other', async () => {
    const scrolled: unknown[] = [];
    vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(function (this: Element) {
      scrolled.push([this.getAttribute('aria-labelledby'), this.closest('dialog')?.open]);
    });
    await renderPart(<SettingsDialog start="updates" servers={null} onClose={() => {}} />);
    expect(scrolled).toEqual([['settings-updates', true]]);
  });

  it('apply every change at once, and send its whole group', async () => {
    const { dialog, user, changes } = await openSettings();
    const interrupted = dialog.getByRole('switch', { name: 'A prompt was interrupted' });
    await user.click(interrupted);
    await user.click(dialog.getByRole('switch', { name: 'With a sound' }));
    expect(interrupted).toHaveProperty('checked', true);
    expect(changes()).toEqual([
      { notifications: { ...defaultPreferences.notifications, interrupted: true } },
      { notifications: { ...defaultPreferences.notifications, interrupted: true, sound: false } },
    ]);
  });

  it('let the user say what draws the window', async () => {
    const { dialog, user, changes } = await openSettings();
    await user.click(dialog.getByRole('radio', { name: 'By the processor' }));
    expect(changes()).toEqual([{ window: { ...defaultPreferences.window, drawing: 'processor' } }]);
  });

  it('say what did not work, and show what holds', async () => {
    const { dialog, user } = await openSettings({
      answers: {
        changePreferences: () => {
          throw new BridgeError('The monitor is gone.');
        },
      },
    });
    await user.click(dialog.getByRole('radio', { name: 'Dark' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('The monitor is gone.');
    expect(dialog.getByRole('radio', { name: 'As the system' })).toHaveProperty('checked', true);
  });

  it('hold a change that is on its way, whatever the host tells meanwhile', async () => {
    let answer: (value: undefined) => void = () => {};
    const answers = { changePreferences: () => new Promise<undefined>((done) => (answer = done)) };
    const { dialog, user, ...page } = await openSettings({ answers });
    const dark = () => dialog.getByRole('radio', { name: 'Dark' });
    await user.click(dark());
    await page.after((host) => host.push('notices', []));
    expect(dark()).toHaveProperty('checked', true);
    await page.after((host) => {
      host.push('preferences', changePreferences(defaultPreferences, { updates: false }));
      answer(undefined);
    });
    expect(dark()).toHaveProperty('checked', true);
  });

  it('follow what is changed elsewhere', async () => {
    const { dialog, ...page } = await openSettings();
    const own = () => dialog.getByRole('textbox', { name: 'Limit of my own' });
    const follow = (part: Partial<typeof alerts>) =>
      page.after((host) =>
        host.push('preferences', changePreferences(defaultPreferences, { alerts: { ...alerts, ...part } })),
      );
    await follow({ gpuTemperatureC: 75 });
    expect(own()).toHaveProperty('value', '75');
    await follow({ gpuTemperatureC: null });
    expect(own()).toHaveProperty('value', '');
  });

  it('take a number as soon as it is one, and say what they would take', async () => {
    const { dialog, user, changes } = await openSettings();
    const own = dialog.getByRole('textbox', {
      name: 'Limit of my own',
      description: 'Leave it empty to go by the card’s own. °C',
    });
    await user.type(own, '8');
    dialog.getByText('A number from 40 to 120.');
    expect(changes()).toEqual([]);
    await user.type(own, '5');
    expect(dialog.queryByText('A number from 40 to 120.')).toBeNull();
    expect(changes()).toEqual([{ alerts: { ...alerts, gpuTemperatureC: 85 } }]);
  });

  it("take the card's own limit again when the field is emptied, also with the keys alone", async () => {
    const preferences = changePreferences(defaultPreferences, { alerts: { ...alerts, gpuTemperatureC: 85 } });
    const { dialog, user, changes } = await openSettings({ preferences });
    const own = dialog.getByRole('textbox', { name: 'Limit of my own' });
    await user.clear(own);
    expect(changes()).toEqual([{ alerts }]);
    dialog.getByRole('switch', { name: 'A GPU gets too hot' }).focus();
    await user.tab();
    expect(document.activeElement).toBe(own);
    await user.keyboard('7x{Tab}');
    expect(own).toHaveProperty('value', '');
    expect(changes()).toHaveLength(1);
  });

  it('switch a limit off and on again as it was', async () => {
    const { dialog, user, changes } = await openSettings();
    const full = dialog.getByRole('switch', { name: 'VRAM is nearly full' });
    expect(dialog.queryByRole('textbox', { name: 'Nearly full is' })).toBeNull();
    await user.click(full);
    await user.type(dialog.getByRole('textbox', { name: 'Nearly full is' }), '{Backspace}8');
    await user.click(full);
    await user.click(full);
    expect(changes()).toEqual(
      [95, 98, null, 98].map((vramPercent) => ({ alerts: { ...alerts, vramPercent } })),
    );
  });

  it.each<[string, keyof typeof alerts, RegExp]>([
    ['Memory ran out', 'outOfMemory', /want of VRAM or RAM/],
    ['VRAM spilled into RAM', 'spilled', /many times slower/],
    ['A GPU is slowed down', 'throttled', /power limit is normal/],
    ['A GPU gets too hot', 'hot', /90 °C where the card tells none/],
    ['The output disk is nearly full', 'diskFull', /10 GiB is free, or less than a tenth/],
    ['A GPU is gone', 'gpuLost', /not found any more/],
  ])('warn of “%s” unless that is switched off, and say what it means', async (name, key, description) => {
    const { dialog, user, changes } = await openSettings();
    const alert = dialog.getByRole('switch', { name, description });
    expect(alert).toHaveProperty('checked', true);
    await user.click(alert);
    expect(changes()).toEqual([{ alerts: { ...alerts, [key]: false } }]);
  });

  it('leave the limit of a GPU out while its heat is no matter', async () => {
    const { dialog, user } = await openSettings();
    await user.click(dialog.getByRole('switch', { name: 'A GPU gets too hot' }));
    expect(dialog.queryByRole('textbox', { name: 'Limit of my own' })).toBeNull();
  });

  it('say that no alert is announced while they are switched off together', async () => {
    const { dialog, user } = await openSettings();
    await user.click(dialog.getByRole('switch', { name: 'The machine needs attention' }));
    dialog.getByText(/^Nothing of this is announced/);
  });

  it('ask for quiet hours when there are some', async () => {
    const { dialog, user, changes } = await openSettings();
    await user.click(dialog.getByRole('switch', { name: 'Quiet hours' }));
    dialog.getByText('Until then on the next day.');
    fireEvent.change(dialog.getByLabelText('Quiet until'), { target: { value: '23:30' } });
    expect(changes().at(-1)).toEqual({
      notifications: { ...defaultPreferences.notifications, quietHours: { from: '22:00', until: '23:30' } },
    });
    expect(dialog.queryByText('Until then on the next day.')).toBeNull();
  });

  it('pause notifications, and resume them', async () => {
    const { dialog, user, host, ...page } = await openSettings();
    await user.click(dialog.getByRole('button', { name: 'For 1 hour' }));
    expect(host.asked.at(-1)).toMatchObject({ name: 'pauseNotifications' });
    await page.after(({ push }) => push('notificationsPaused', { until: Date.now() + 60_000 }));
    await user.click(dialog.getByRole('button', { name: 'Resume' }));
    expect(host.asked.at(-1)).toEqual({ name: 'pauseNotifications', request: { until: null } });
  });

  it('take a shortcut from the keyboard, and keep the dialog open meanwhile', async () => {
    const { dialog, user, changes } = await openSettings();
    const recorder = dialog.getByRole('button', { name: 'Shortcut that shows the window' });
    await user.click(recorder);
    await user.keyboard('a');
    dialog.getByText(/with a letter, a digit or a function key/);
    await user.keyboard('{Control>}m{/Control}');
    expect(changes()).toEqual([{ window: { ...defaultPreferences.window, shortcut: 'Control+M' } }]);
    expect(recorder.textContent).toBe('Ctrl + M');
    await user.click(dialog.getByRole('button', { name: 'Clear' }));
    expect(changes().at(-1)).toEqual({ window: { ...defaultPreferences.window, shortcut: null } });
  });

  it('promise of a shortcut only what the system does', async () => {
    const first = await openSettings();
    first.dialog.getByText(/^Works in every program, unless another one/);
    cleanup();
    const host = desktopHostWith({ ownsShortcut: false });
    const { dialog } = await openSettings({ host });
    dialog.getByText(/^The desktop decides whether it works/);
    expect(dialog.queryByText(/Works in every program/)).toBeNull();
  });

  it('offer in the browser only what can be set there, and say what the desktop app can do', async () => {
    const { dialog, user } = await openSettings({ host: browserHost });
    expect(
      within(dialog.getByRole('navigation'))
        .getAllByRole('button')
        .map((tab) => tab.textContent),
    ).toEqual(['Servers', 'Notifications', 'Alerts', 'Appearance', 'Charts', 'About']);
    for (const control of dialog.getAllByRole('switch')) expect(control).toHaveProperty('disabled', false);
    expect(dialog.queryByRole('button', { name: 'Shortcut that shows the window' })).toBeNull();
    expect(dialog.queryByRole('button', { name: 'Open folder' })).toBeNull();
    dialog.getByText('This browser has no notifications.');
    await user.click(dialog.getByRole('button', { name: 'About' }));
    dialog.getByText(/It can also start at login, stay in the tray and update itself/);
  });

  it('say what becomes of new versions where the app cannot install them', async () => {
    const host = desktopHostWith({ updatesItself: false });
    const { dialog, user, changes } = await openSettings({ host });
    const updates = dialog.getByRole('switch', {
      name: 'Look for new versions',
      description: /^You are notified of them/,
    });
    await user.click(updates);
    expect(changes()).toEqual([{ updates: false }]);
  });

  it('begin with the first section where the one asked for is not there', async () => {
    await renderPart(<SettingsDialog start="updates" servers={null} onClose={() => {}} />, {
      host: browserHost,
    });
    const rail = within(screen.getByRole('navigation', { name: 'Settings' }));
    expect(rail.getByRole('button', { current: true }).textContent).toBe('Servers');
  });

  it('say where updates come from when the app does not look for them', async () => {
    const host = desktopHostWith({ findsUpdates: false, updatesItself: false });
    const { dialog } = await openSettings({ host });
    dialog.getByText(/new versions come the way it was installed/);
  });

  it('list the servers, and open their forms above', async () => {
    const { dialog, user } = await openSettings();
    const list = within(dialog.getByRole('list', { name: 'Watched servers' }));
    expect(list.getByRole('listitem').textContent).toContain('Testhttp://127.0.0.1:8188Connected');
    await user.click(list.getByRole('button', { name: 'Edit Test' }));
    await user.click(
      within(screen.getByRole('dialog', { name: 'Edit Test' })).getByRole('button', { name: 'Cancel' }),
    );
    await user.click(dialog.getByRole('button', { name: 'Add server' }));
    screen.getByRole('dialog', { name: 'Add a server' });
  });

  it('copy diagnostics, and open the logs', async () => {
    const { dialog, user, host } = await openSettings({
      answers: { getDiagnostics: () => ({ text: 'All about it.' }) },
    });
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await user.click(dialog.getByRole('button', { name: 'Copy diagnostics' }));
    await dialog.findByText('Copied');
    expect(write).toHaveBeenCalledWith('All about it.');
    await user.click(dialog.getByRole('button', { name: 'Open folder' }));
    expect(host.asked.at(-1)?.name).toBe('openLogs');
  });

  it('show diagnostics where copying is forbidden', async () => {
    const { dialog, user } = await openSettings({
      answers: { getDiagnostics: () => ({ text: 'All about it.' }) },
    });
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no'));
    await user.click(dialog.getByRole('button', { name: 'Copy diagnostics' }));
    expect(await dialog.findByRole('textbox', { name: 'Diagnostics' })).toHaveProperty(
      'value',
      'All about it.',
    );
  });

  it('show the licences of all parts, and hide them again', async () => {
    const { dialog, user } = await openSettings({
      answers: { getLicences: () => ({ text: 'Permission is hereby granted' }) },
    });
    await user.click(dialog.getByRole('button', { name: 'Show' }));
    expect(await dialog.findByRole('textbox', { name: 'Licences' })).toHaveProperty(
      'value',
      'Permission is hereby granted',
    );
    await user.click(dialog.getByRole('button', { name: 'Hide' }));
    expect(dialog.queryByRole('textbox', { name: 'Licences' })).toBeNull();
  });

  it('throw the downloaded copies away, and say what that brought', async () => {
    const answers = { clearOutputCache: () => ({ freedBytes: 3 * 1024 ** 2 }) };
    const { user, dialog } = await openSettings({ answers });
    await user.click(dialog.getByRole('button', { name: 'Clear downloaded copies' }));
    await screen.findByText(/3\.0 MiB freed/);
  });

  it('say what the app runs on', async () => {
    const host = { ...desktopHost, runsOn: 'Electron 45.0.0, Node 24.0.0' };
    const { user, dialog } = await openSettings({ host });
    await user.click(dialog.getByRole('button', { name: 'About' }));
    dialog.getByText('Electron 45.0.0, Node 24.0.0');
  });
});
