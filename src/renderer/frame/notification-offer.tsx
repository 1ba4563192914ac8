import { useState } from 'react';
import { z } from 'zod';
import { askPermission, usePermission } from '../session/notifications/permission.ts';
import { useMonitor, usePage } from '../session/session-context.tsx';
import { Icon } from '../ui/controls/icon.tsx';
import { keepItem, keptItem } from '../ui/kept-item.ts';
import './notification-offer.css';
import { t } from '../../language/t.ts';

const key = 'comfy-monitor.no-notification-offer';

/**
 * In the browser: offers notifications when a prompt runs, which is when they are of use, and browsers
 * want a click before they ask. Dismissed once, it never comes back; the settings have it, too.
 */
export function NotificationOffer() {
  const permission = usePermission();
  const hostTells = usePage((page) => !page.host || page.host.desktop?.notifies === true);
  const wanted = usePage(
    ({ preferences: { notifications } }) => notifications.finished || notifications.failed,
  );
  const runs = useMonitor((state) => state.servers.some((server) => server.running.length > 0));
  const [dismissed, setDismissed] = useState(() => keptItem(key, z.boolean()) ?? false);
  // Once offered it stays until it is answered: what comes and goes with every prompt is a nuisance.
  const [offered, setOffered] = useState(false);
  if (hostTells || permission !== 'default' || dismissed || !wanted) return null;
  if (runs && !offered) setOffered(true);
  if (!runs && !offered) return null;

  const dismiss = () => {
    keepItem(key, true);
    setDismissed(true);
  };
  return (
    <section className="notification-offer" aria-label={t('frame.offer')}>
      <Icon name="bell" />
      <p>{t('frame.offer.question')}</p>
      <div className="notification-offer-actions">
        <button type="button" className="button small" onClick={() => void askPermission()}>
          {t('frame.offer.yes')}
        </button>
        <button type="button" className="button small" onClick={dismiss}>
          {t('frame.offer.no')}
        </button>
      </div>
    </section>
  );
}
