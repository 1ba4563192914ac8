import { t } from '../../language/t.ts';
import { ServerCard } from './server-card.tsx';
import './overview.css';

interface OverviewProps {
  serverIds: readonly string[];
  onSelect: (serverId: string) => void;
}

/** All servers, a card each; a click leads to the server. */
export function Overview({ serverIds, onSelect }: OverviewProps) {
  return (
    <section className="overview" aria-label={t('overview.title')}>
      <h2 className="visually-hidden">{t('overview.title')}</h2>
      <ul className="overview-cards">
        {serverIds.map((serverId) => (
          <li key={serverId}>
            <ServerCard serverId={serverId} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </section>
  );
}
