import { screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { event, stateAfter, testServer } from '../../domain/testing/builders.ts';
import { renderPage } from '../testing/render.tsx';

function ofStudio(one: MonitorEvent): MonitorEvent {
  return { ...one, serverId: 'studio' };
}
const studio = ofStudio(
  event(1, 'server_added', { server: { ...testServer, id: 'studio', name: 'Studio' } }),
);
const started = event(2, 'prompt_started', { promptId: 'p', startedAt: 2 });

function current(): string | null | undefined {
  const list = within(screen.getByRole('navigation', { name: 'Servers' }));
  return list.getByRole('button', { current: true }).textContent;
}

describe('keys on the page', () => {
  it('show and hide what keys do', async () => {
    const { user } = await renderPage({ state: stateAfter() });
    await user.keyboard('?');
    const help = screen.getByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(help).getByRole('region', { name: 'Everywhere' }).textContent).toContain('Mini mode');
    const keys = within(help).getByRole('region', { name: 'Viewer' }).querySelectorAll('kbd');
    expect([...keys].map((key) => key.textContent).join(' ')).toBe('← → Home End + − 0 1 ↑ ↓ I Esc');
    // A dialog wants an answer first.
    await user.keyboard('s');
    expect(screen.queryByRole('dialog', { name: 'Servers' })).toBeNull();
    await user.click(within(help).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Keyboard shortcuts' }));
    screen.getByRole('dialog', { name: 'Keyboard shortcuts' });
  });

  it('choose among several servers', async () => {
    const { user } = await renderPage({ state: stateAfter(studio) });
    await user.keyboard('2');
    expect(current()).toContain('Studio');
    await user.keyboard('9');
    expect(current()).toContain('Studio');
    await user.keyboard(']');
    expect(current()).toContain('All servers');
    await user.keyboard(']');
    expect(current()).toContain('Test');
    await user.keyboard('[[[[');
    expect(current()).toContain('Studio');
    await user.keyboard('0');
    expect(current()).toContain('All servers');
  });

  it('interrupt what runs, after a question', async () => {
    const { user, host } = await renderPage({ state: stateAfter(started) });
    await user.keyboard('i');
    const question = () => screen.getByRole('alertdialog', { name: 'Interrupt “Prompt p”?' });
    await user.click(within(question()).getByRole('button', { name: 'Let it run' }));
    expect(host.asked).toEqual([]);
    await user.keyboard('i');
    await user.click(within(question()).getByRole('button', { name: 'Interrupt' }));
    expect(host.asked).toEqual([{ name: 'interruptJob', request: { serverId: 's', promptId: 'p' } }]);
  });

  it('say so when there is nothing to interrupt', async () => {
    const { user } = await renderPage({ state: stateAfter() });
    await user.keyboard('i');
    screen.getByText('Nothing is running.');
  });

  it('do nothing while somebody types', async () => {
    const { user, host } = await renderPage({ state: stateAfter(started) });
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await user.keyboard('im1,?');
    expect(field.value).toBe('im1,?');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(host.asked).toEqual([]);
    field.remove();
  });

  it('lead to the settings', async () => {
    const page = await renderPage({ state: stateAfter() });
    await page.user.keyboard(',');
    screen.getByRole('dialog', { name: 'Settings' });
  });

  it.each(['Control', 'Meta'])('lead to the settings with %s, even while somebody types', async (key) => {
    const { user } = await renderPage({ state: stateAfter() });
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await user.keyboard(`{${key}>},{/${key}}`);
    screen.getByRole('dialog', { name: 'Settings' });
    field.remove();
  });

  it('do not put the settings above another dialog', async () => {
    const { user } = await renderPage({ state: stateAfter() });
    await user.keyboard('s');
    screen.getByRole('dialog', { name: 'Servers' });
    const missed = vi.fn((event: KeyboardEvent) => event.defaultPrevented);
    window.addEventListener('keydown', missed);
    await user.keyboard(',{Control>},{/Control}');
    window.removeEventListener('keydown', missed);
    expect(screen.queryByRole('dialog', { name: 'Settings' })).toBeNull();
    // The app's menu does not get to see the one with Ctrl either.
    expect(missed.mock.results.map(({ value }) => value)).toEqual([false, false, true]);
  });
});
