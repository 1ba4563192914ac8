import { type KeyboardEvent, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Server } from '../../shared/server.ts';
import { useBridge, useMonitor } from '../bridge/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { Modal } from '../ui/modal.tsx';
import { ConnectionDot, useStanding } from './connection-status.tsx';
import type { FormStart } from './dialogs-context.ts';
import './server-settings.css';

/** What can be done with the list of servers. Failures are shown in the dialog. */
export interface ServerListActions {
  add: () => void;
  edit: (serverId: string, start: FormStart) => void;
  setEnabled: (serverId: string, enabled: boolean) => void;
  /** For the demo: stops it. */
  remove: (server: Server) => void;
  /** To a place counted from 0. */
  move: (serverId: string, index: number) => void;
  startDemo: () => void;
}

interface ServersDialogProps {
  onAdd: () => void;
  onEdit: (serverId: string, start: FormStart) => void;
  onClose: () => void;
}

/** All servers: what they are, how they stand, and what can be changed about them. */
export function ServersDialog({ onAdd, onEdit, onClose }: ServersDialogProps) {
  const bridge = useBridge();
  const servers = useMonitor(useShallow((state) => state.servers.map((known) => known.server)));
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = (call: Promise<unknown>) => {
    setFailure(null);
    call.catch((cause: unknown) => setFailure(failureText(cause)));
  };
  return (
    <ServerOverview
      servers={servers}
      failure={failure}
      onClose={onClose}
      actions={{
        add: onAdd,
        edit: onEdit,
        setEnabled: (serverId, enabled) => attempt(bridge.call('changeServer', { serverId, enabled })),
        remove: ({ id, demo }) =>
          attempt(demo ? bridge.call('stopDemo', undefined) : bridge.call('removeServer', { serverId: id })),
        move: (serverId, index) => attempt(bridge.call('moveServer', { serverId, index })),
        startDemo: () => attempt(bridge.call('startDemo', undefined)),
      }}
    />
  );
}

interface ServerOverviewProps {
  servers: readonly Server[];
  failure: string | null;
  actions: ServerListActions;
  onClose: () => void;
}

export function ServerOverview({ servers, failure, actions, onClose }: ServerOverviewProps) {
  const list = useRef<HTMLDivElement>(null);
  const [removing, setRemoving] = useState<Server | null>(null);
  const [moved, setMoved] = useState<string | null>(null);
  useKeptFocus(list, '.server-entry-edit, .server-entry-remove');

  const move = ({ id, name }: Server, index: number) => {
    if (index < 0 || index >= servers.length) return;
    actions.move(id, index);
    setMoved(`${name} is now number ${index + 1} of ${servers.length}.`);
  };

  return (
    <>
      <Modal title="Servers" wide onClose={onClose}>
        <div className="server-overview" ref={list}>
          {servers.length === 0 && <p className="panel-empty">No server is watched.</p>}
          <ul className="server-entries" aria-label="Watched servers">
            {servers.map((server, index) => (
              <ServerEntry
                key={server.id}
                server={server}
                index={index}
                count={servers.length}
                actions={actions}
                onMove={(place) => move(server, place)}
                onRemove={() => (server.demo ? actions.remove(server) : setRemoving(server))}
              />
            ))}
          </ul>
          <p className="visually-hidden" role="status">
            {moved}
          </p>
          {failure !== null && (
            <p className="form-refusal" role="alert">
              <Icon name="alert" />
              {failure}
            </p>
          )}
        </div>
        <footer className="modal-foot server-overview-foot">
          {servers.length > 1 && (
            <p className="form-hint">
              <kbd>Alt</kbd> with <kbd>↑</kbd> or <kbd>↓</kbd> moves a server, too.
            </p>
          )}
          {!servers.some(({ demo }) => demo) && (
            <button type="button" className="button" onClick={actions.startDemo}>
              <Icon name="play" />
              Try the demo
            </button>
          )}
          <button type="button" className="button" onClick={actions.add}>
            <Icon name="plus" />
            Add server
          </button>
        </footer>
      </Modal>
      {removing && (
        <ConfirmDialog
          title={`Stop watching “${removing.name}”?`}
          confirm="Remove server"
          keep="Keep it"
          onConfirm={() => actions.remove(removing)}
          onClose={() => setRemoving(null)}
        >
          <p>
            Its address, login and what is shown of it are forgotten here. Nothing changes on the server
            itself.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface ServerEntryProps {
  server: Server;
  index: number;
  count: number;
  actions: ServerListActions;
  onMove: (index: number) => void;
  onRemove: () => void;
}

function ServerEntry({ server, index, count, actions, onMove, onRemove }: ServerEntryProps) {
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
        <p className="server-entry-address">{demo ? 'Simulated, inside this app' : server.url}</p>
      </div>
      <EntryState serverId={id} />
      <div className="server-entry-actions">
        {count > 1 && (
          <>
            <MoveButton
              label={`Move ${name} up`}
              icon="up"
              end={index === 0}
              onMove={() => onMove(index - 1)}
            />
            <MoveButton
              label={`Move ${name} down`}
              icon="down"
              end={index === count - 1}
              onMove={() => onMove(index + 1)}
            />
          </>
        )}
        {demo ? (
          <button type="button" className="button small server-entry-remove" onClick={onRemove}>
            Stop demo
          </button>
        ) : (
          <>
            <button
              type="button"
              className="button small server-entry-toggle"
              aria-label={`${enabled ? 'Pause' : 'Resume'} ${name}`}
              onClick={() => actions.setEnabled(id, !enabled)}
            >
              {enabled ? 'Pause' : 'Resume'}
            </button>
            <button
              type="button"
              className="button small"
              aria-label={`Test ${name}`}
              onClick={() => actions.edit(id, 'test')}
            >
              Test
            </button>
            <button
              type="button"
              className="button small server-entry-edit"
              aria-label={`Edit ${name}`}
              onClick={() => actions.edit(id, 'address')}
            >
              Edit
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove ${name}`}
              title="Remove"
              onClick={onRemove}
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
      title={icon === 'up' ? 'Move up' : 'Move down'}
      aria-disabled={end || undefined}
      onClick={onMove}
    >
      <Icon name={icon} />
    </button>
  );
}
