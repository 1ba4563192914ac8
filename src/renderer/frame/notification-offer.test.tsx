import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopHost, desktopHostWith } from '../../contract/testing/hosts.ts';
import { event, queued, stateAfter } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { NotificationOffer } from './notification-offer.tsx';

const host = desktopHostWith({ notifies: false });
const running = event(0, 'queue_read', { running: [queued('p')], pending: [] });
const idle = event(1, 'prompt_vanished', { promptId: 'p', fate: 'cancelled' });

/** A browser whose user answers every question the same. */
function browserWith(permission: NotificationPermission, answer: NotificationPermission = 'granted') {
  const notification = {
    permission,
    requestPermission: vi.fn(async () => {
      notification.permission = answer;
      return answer;
    }),
  };
  vi.stubGlobal('Notification', notification);
  return notification;
}

const offer = () => screen.queryByRole('region', { name: 'Notifications' });

describe('the offer of notifications', () => {
  beforeEach(() => localStorage.clear());

  it('comes when a prompt runs, stays when it has ended, and asks at a click', async () => {
    const browser = browserWith('default');
    const { user, ...page } = await renderPart(<NotificationOffer />, { state: stateAfter(), host });
    expect(offer()).toBeNull();
    await page.after(({ happen }) => happen(running));
    expect(offer()).not.toBeNull();
    await page.after(({ happen }) => happen(idle));
    expect(browser.requestPermission).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Turn on notifications' }));
    expect(browser.requestPermission).toHaveBeenCalledOnce();
    expect(offer()).toBeNull();
  });

  it('is dismissed for good', async () => {
    browserWith('default');
    const first = await renderPart(<NotificationOffer />, { state: stateAfter(running), host });
    await first.user.click(screen.getByRole('button', { name: 'No, thanks' }));
    expect(offer()).toBeNull();
    await renderPart(<NotificationOffer />, { state: stateAfter(running), host });
    expect(offer()).toBeNull();
  });

  it.each(['granted', 'denied'] as const)('is not made when the answer is known: %s', async (answer) => {
    browserWith(answer);
    await renderPart(<NotificationOffer />, { state: stateAfter(running), host });
    expect(offer()).toBeNull();
  });

  it('is not made where the host tells by itself', async () => {
    browserWith('default');
    await renderPart(<NotificationOffer />, { state: stateAfter(running), host: desktopHost });
    expect(offer()).toBeNull();
  });
});
