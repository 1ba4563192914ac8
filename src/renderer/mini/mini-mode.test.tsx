import { act, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { browserHost } from '../../contract/testing/hosts.ts';
import { event, stateAfter } from '../../domain/testing/builders.ts';
import { renderPage } from '../testing/render.tsx';

const state = stateAfter(event(2, 'prompt_started', { promptId: 'p', startedAt: 2 }));

function goTo(hash: string): Promise<void> {
  return act(async () => {
    location.hash = hash;
    window.dispatchEvent(new Event('hashchange'));
  });
}

afterEach(() => goTo(''));

describe('the mini mode', () => {
  it('is asked of the desktop app, by button and by key', async () => {
    const { user, host } = await renderPage({ state });
    await user.click(screen.getByRole('button', { name: 'Mini mode' }));
    await user.keyboard('m');
    const asked = { name: 'setMiniMode', request: { on: true } };
    expect(host.asked).toEqual([asked, asked]);
  });

  it('shows the strip at #mini, and leads back', async () => {
    await goTo('#mini');
    const { user, host } = await renderPage({ state });
    screen.getByRole('heading', { name: 'Prompt p' });
    expect(screen.queryByRole('navigation')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Interrupt “Prompt p”' }));
    await user.click(screen.getByRole('button', { name: 'Back to the full window' }));
    await user.keyboard('m');
    const back = { name: 'setMiniMode', request: { on: false } };
    expect(host.asked).toEqual([
      { name: 'interruptJob', request: { serverId: 's', promptId: 'p' } },
      back,
      back,
    ]);
  });

  it('is a pop-up where the browser has nothing better', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const { user, host } = await renderPage({ state, host: browserHost });
    await user.click(screen.getByRole('button', { name: 'Mini mode' }));
    expect(open).toHaveBeenCalledWith('#mini', 'comfy-monitor-mini', expect.stringContaining('popup'));
    await screen.findByText(/allow pop-ups/);
    expect(host.asked).toEqual([]);
  });

  it('is as light or dark as the page, also when that changes', async () => {
    const inner = document.implementation.createHTMLDocument();
    const top: object = Object.assign(new EventTarget(), { document: inner, close() {} });
    Object.assign(top, { window: top });
    vi.stubGlobal('documentPictureInPicture', { requestWindow: async () => top });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { dataset } = document.documentElement;
    onTestFinished(() => void delete dataset.theme);
    dataset.theme = 'dark';
    const { user } = await renderPage({ state, host: browserHost });
    await user.click(screen.getByRole('button', { name: 'Mini mode' }));
    expect(inner.documentElement.dataset.theme).toBe('dark');
    dataset.theme = 'light';
    await expect.poll(() => inner.documentElement.dataset.theme).toBe('light');
    delete dataset.theme;
    await expect.poll(() => inner.documentElement.dataset.theme).toBeUndefined();
  });

  it('leads from a tab that was sent there to the full page', async () => {
    await goTo('#mini');
    const { user } = await renderPage({ state, host: browserHost });
    await user.click(screen.getByRole('button', { name: 'Back to the full window' }));
    expect(location.hash).toBe('');
  });
});
