import { type KeyboardEvent, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { actions } from '../../contract/actions/actions.ts';
import type { Server } from '../../domain/server.ts';
import { ConnectionDot, useStanding } from '../session/connection-status.tsx';
import type { FormStart } from '../session/dialogs-context.ts';
import { ServerAddress } from '../session/server-address.tsx';
import { useMonitor } from '../session/session-context.tsx';
import { useActions, usePerform } from '../session/use-actions.ts';
import { useHost } from '../session/use-host.ts';
import { FailureNote } from '../ui/controls/failure-note.tsx';
import { Icon } from '../ui/controls/icon.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx';
import './server-entries.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

interface ServerEntriesProps {
  onEdit: (serverId: string, start: FormStart) => void;
}

/** All servers: what they are, how they stand, and what can be changed about them. */
export function ServerEntries({ onEdit }: ServerEntriesProps) {
  const { ask, attempt, failure } = useHost('inline');
  const perform = usePerform();
  const servers = useMonitor(useShallow((state) => state.servers.map((known) => known.server)));
  const list = useRef<HTMLDivElement>(null);
  const [removing, setRemoving] = useState<Server | null>(null);
  const [moved, setMoved] = useState<string | null>(null);
  useKeptFocus(list, '.server-entry-edit, .server-entry-remove');

  const move = ({ id, name }: Server, index: number) => {
    if (index < 0 || index >= servers.length) return;
    void ask('moveServer', { serverId: id, index });
    setMoved(t('servers.moved', { name, place: index + 1, count: servers.length }));
  };

  return (
    <div className="server-overview" ref={list}>
      {servers.length === 0 && <p className="panel-empty">{t('servers.none')}</p>}
      <ul className="server-entries" aria-label={t('servers.watched')}>
        {servers.map((server, index) => (
          <ServerEntry
            key={server.id}
            server={server}
            index={index}
            count={servers.length}
            onEdit={(start) => onEdit(server.id, start)}
            onSetEnabled={(enabled) => void ask('changeServer', { serverId: server.id, enabled })}
            onMove={(place) => move(server, place)}
            onRemove={() => setRemoving(server)}
            onStopDemo={() => void attempt(perform({ do: 'stop_demo' }))}
          />
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {moved}
      </p>
      <FailureNote failure={failure} />
      {removing && (
        <ConfirmDialog
          title={t('servers.remove.title', { name: removing.name })}
          confirm={t('servers.remove.server')}
          keep={t('servers.remove.keep_it')}
          onConfirm={() => void ask('removeServer', { serverId: removing.id })}
          onClose={() => setRemoving(null)}
        >
          <p>{t('servers.remove.detail')}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** What stands below a list of servers. */
export function ServerListFoot({ onAdd }: { onAdd: () => void }) {
  const several = useMonitor((state) => state.servers.length > 1);
  const hasDemo = useMonitor((state) => state.servers.some(({ server }) => server.demo));
  const { run } = useActions();
  return (
    <>
      {several && (
        <p className="form-hint">
          <Text
            id="servers.move.keys"
            values={{ alt: <kbd>Alt</kbd>, up: <kbd>↑</kbd>, down: <kbd>↓</kbd> }}
          />
        </p>
      )}
      {!hasDemo && (
        <button type="button" className="button" onClick={() => void run({ do: 'start_demo' })}>
          <Icon name="play" />
          {actions.start_demo.label}
        </button>
      )}
      <button type="button" className="button" onClick={onAdd}>
        <Icon name="plus" />
        {actions.add_server.label}
      </button>
    </>
  );
}

interface ServerEntryProps {
  server: Server;
  index: number;
  count: number;
  onEdit: (start: FormStart) => void;
  onSetEnabled: (enabled: boolean) => void;
  /** To a place counted from 0. */
  onMove: (index: number) => void;
  onRemove: () => void;
  onStopDemo: () => void;
}

function ServerEntry({ server, index, count, onMove, ...on }: ServerEntryProps) {
  const { id, name, demo, enabled } = server;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.altKey ? steps.get(event.key) : undefined;
    if (step === undefined) return;
    event.preventDefault();
    onMove(index + step);
  };
  return (
    <li className="server-entry" data-color={server.color} onKeyDown={onKeyDown}>
      <span className="server-color" aria-hidden="true" />
      <div className="server-entry-text">
        <p className="server-entry-name">{name}</p>
        <p className="server-entry-address">
          {demo ? t('servers.simulated') : <ServerAddress server={server} />}
        </p>
      </div>
      <EntryState serverId={id} />
      <div className="server-entry-actions">
        {count > 1 && (
          <>
            <MoveButton
              label={t('servers.move_up.named', { name })}
              icon="up"
              end={index === 0}
              onMove={() => onMove(index - 1)}
            />
            <MoveButton
              label={t('servers.move_down.named', { name })}
              icon="down"
              end={index === count - 1}
              onMove={() => onMove(index + 1)}
            />
          </>
        )}
        {demo ? (
          <button type="button" className="button small server-entry-remove" onClick={on.onStopDemo}>
            {actions.stop_demo.label}
          </button>
        ) : (
          <>
            <button
              type="button"
              className="button small server-entry-toggle"
              aria-label={enabled ? t('servers.pause.named', { name }) : t('servers.resume.named', { name })}
              onClick={() => on.onSetEnabled(!enabled)}
            >
              {enabled ? t('servers.pause') : t('servers.resume')}
            </button>
            <button
              type="button"
              className="button small"
              aria-label={t('servers.test.named', { name })}
              onClick={() => on.onEdit('test')}
            >
              {t('servers.test')}
            </button>
            <button
              type="button"
              className="button small server-entry-edit"
              aria-label={t('servers.form.edit', { name })}
              onClick={() => on.onEdit('address')}
            >
              {t('servers.edit.short')}
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={t('servers.remove.named', { name })}
              title={t('servers.remove')}
              onClick={on.onRemove}
            >
              <Icon name="trash" />
            </button>
          </>
        )}
      </div>
    </li>
  );
}

function EntryState({ serverId }: { serverId: string }) {
  const { phase, word } = useStanding(serverId);
  return (
    <p className="server-entry-state">
      <ConnectionDot phase={phase} />
      {word}
    </p>
  );
}

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', -1],
  ['ArrowDown', 1],
]);

interface MoveButtonProps {
  label: string;
  icon: 'up' | 'down';
  /** There is nothing further in this direction. */
  end: boolean;
  onMove: () => void;
}

function MoveButton({ label, icon, end, onMove }: MoveButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={icon === 'up' ? t('servers.move_up') : t('servers.move_down')}
      aria-disabled={end || undefined}
      onClick={onMove}
    >
      <Icon name={icon} />
    </button>
  );
}
