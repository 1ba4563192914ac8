import { type ReactNode, useEffect, useState } from 'react';
import { actions } from '../../contract/actions/actions.ts';
import { type CompanionStanding, canRunCompanion, companionStanding } from '../../domain/companion.ts';
import { type ServerState, tooLarge } from '../../domain/monitor-state.ts';
import { type Presence, type Server, type ServerFacts, unknownFacts } from '../../domain/server.ts';
import { unreadableTexts } from '../../domain/unreadable.ts';
import { useDialogs } from '../session/dialogs-context.ts';
import { ServerAddress } from '../session/server-address.tsx';
import { useServer } from '../session/session-context.tsx';
import { useActions } from '../session/use-actions.ts';
import { useHost } from '../session/use-host.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useUnits } from '../ui/units.ts';
import { companionWords } from './companion-words.ts';
import { deviceText } from './form/connection-report.tsx';
import './server-details.css';
import { t } from '../../language/t.ts';

const noLines: string[] = [];
const noKinds: ServerState['misunderstood'] = [];
const shownLogLines = 40;

/** What a server is made of, what it said last, and how to stop watching it. */
export function ServerDetails({ serverId }: { serverId: string }) {
  const server = useServer(serverId, (state) => state.server, null);
  const facts = useServer(serverId, (state) => state.facts, unknownFacts);
  const phase = useServer(serverId, (state) => state.connection.phase, 'disabled');
  const logLines = useServer(serverId, (state) => state.logLines, noLines);
  const misunderstood = useServer(serverId, (state) => state.misunderstood, noKinds);
  const notification = useServer(serverId, (state) => state.notification, null);
  const { ask } = useHost();
  const { run } = useActions();
  const { editServer, installCompanion } = useDialogs();
  const [open, setOpen] = useState(false);
  useFollowedLog(serverId, open);
  if (!server) return null;
  return (
    <details className="panel details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="panel-head">
        <h2>{t('servers.details')}</h2>
        <span className="details-address">{server.url}</span>
        <Icon name="chevron" />
      </summary>
      <FactList facts={facts} server={server} />
      {phase !== 'polling' && canRunCompanion(facts) && (
        <CompanionOffer standing={companionStanding(facts)} onInstall={() => installCompanion(serverId)} />
      )}
      {facts.unreadable.length > 0 && facts.rest !== 'absent' && (
        <div className="details-part">
          <h3>{t('servers.details.unreadable')}</h3>
          <ul className="details-kinds">
            {unreadableTexts(facts.unreadable).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <p className="details-note">{t('servers.details.unreadable.note')}</p>
        </div>
      )}
      {misunderstood.length > 0 && (
        <div className="details-part">
          <h3>{t('servers.details.misunderstood')}</h3>
          <p className="details-note">{t('servers.details.misunderstood.note')}</p>
          {misunderstood.some(({ kind }) => kind === tooLarge) && (
            <p className="details-note">{t('servers.details.too_large')}</p>
          )}
          <ul className="details-kinds">
            {misunderstood.map(({ kind, count, sample }) => (
              <li key={kind} title={sample}>
                <code>{kind}</code> {t('servers.details.times', { count })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {notification && (
        <div className="details-part">
          <h3>{t('servers.details.last_message')}</h3>
          <p className="details-note">
            {notification.text} · <TimeAgo at={notification.at} />
          </p>
        </div>
      )}
      {logLines.length > 0 && (
        <div className="details-part">
          <h3>{t('servers.details.log')}</h3>
          <pre className="details-log">{logLines.slice(-shownLogLines).join('\n')}</pre>
        </div>
      )}
      <RemoveServer
        name={server.name}
        demo={server.demo}
        onEdit={() => editServer(serverId, 'address')}
        onRemove={() => void (server.demo ? run({ do: 'stop_demo' }) : ask('removeServer', { serverId }))}
      />
    </details>
  );
}

/** Has the server send its terminal output while it is looked at. */
function useFollowedLog(serverId: string, looking: boolean): void {
  const { ask } = useHost('ignored');
  useEffect(() => {
    if (!looking) return;
    // A server that does not give its log shows none; that is all there is to say.
    void ask('followLog', { serverId, on: true });
    return () => void ask('followLog', { serverId, on: false });
  }, [ask, serverId, looking]);
}

function FactList({ facts, server }: { facts: ServerFacts; server: Server }) {
  const units = useUnits();
  return (
    <dl className="facts">
      <Fact name={t('servers.fact.address')}>
        <ServerAddress server={server} />
      </Fact>
      <Fact name="ComfyUI">{facts.comfyVersion}</Fact>
      <Fact name={t('servers.fact.system')}>{facts.os}</Fact>
      <Fact name="Python">{facts.pythonVersion}</Fact>
      <Fact name="PyTorch">{facts.pytorchVersion}</Fact>
      {Object.entries(facts.devices).map(([place, device]) => (
        // Devices have no id, and two may be of the same name: their place is what distinguishes them.
        <Fact
          key={place}
          name={facts.devices.length > 1 ? t('servers.device.number', { place }) : t('servers.device')}
        >
          {deviceText(device, units)}
        </Fact>
      ))}
      <Fact name="Crystools">{presenceWord(facts.crystools)}</Fact>
      <Fact name={t('servers.fact.rest')}>{presenceWord(facts.rest)}</Fact>
      <Fact name={t('servers.companion')}>
        {companionWords(companionStanding(facts), facts.companionVersion, canRunCompanion(facts))}
      </Fact>
    </dl>
  );
}

interface CompanionOfferProps {
  standing: CompanionStanding;
  onInstall: () => void;
}

function CompanionOffer({ standing, onInstall }: CompanionOfferProps) {
  if (standing !== 'absent' && standing !== 'outdated') return null;
  return (
    <div className="details-offer">
      <button type="button" className="button small" onClick={onInstall}>
        {standing === 'absent' ? t('servers.companion.install.title') : t('servers.companion.update.title')}
      </button>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children ?? '–'}</dd>
    </div>
  );
}

function presenceWord(presence: Presence): string | null {
  switch (presence) {
    case 'unknown':
      return null;
    case 'present':
      return t('servers.found');
    case 'absent':
      return t('servers.not_found');
  }
}

interface RemoveServerProps {
  name: string;
  demo: boolean;
  onEdit?: () => void;
  onRemove: () => void;
}

/** Asks once more before it removes. */
function RemoveServer({ name, demo, onEdit, onRemove }: RemoveServerProps) {
  const [asking, setAsking] = useState(false);
  if (demo)
    return (
      <div className="details-actions">
        <button type="button" className="button" onClick={onRemove}>
          {actions.stop_demo.label}
        </button>
      </div>
    );
  if (!asking)
    return (
      <div className="details-actions">
        {onEdit && (
          <button type="button" className="button" onClick={onEdit}>
            <Icon name="edit" />
            {t('servers.edit')}
          </button>
        )}
        <button type="button" className="button" onClick={() => setAsking(true)}>
          <Icon name="trash" />
          {t('servers.remove.server')}
        </button>
      </div>
    );
  return (
    <div className="details-actions" role="alert">
      <span>{t('servers.remove.question', { name })}</span>
      <button type="button" className="button danger" onClick={onRemove}>
        {t('servers.remove')}
      </button>
      <button type="button" className="button" onClick={() => setAsking(false)}>
        {t('servers.remove.keep')}
      </button>
    </div>
  );
}
