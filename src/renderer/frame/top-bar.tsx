import { useMiniMode } from '../mini/mini-mode.tsx';
import { useStartDemo } from '../servers/use-start-demo.ts';
import { ConnectionDot, useStanding } from '../session/connection-status.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useMonitor, useServer } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Logo } from '../ui/controls/logo.tsx';
import './top-bar.css';

interface TopBarProps {
  /** The server whose state is shown; null while there is none. */
  serverId: string | null;
  demoServerId: string | null;
  onSelect: (serverId: string) => void;
  /** Shows what keys do. */
  onHelp: () => void;
}

/** The app, the shown server's connection and queue, and what concerns no single server. */
export function TopBar({ serverId, demoServerId, onSelect, onHelp }: TopBarProps) {
  const { ask } = useHost();
  const startDemo = useStartDemo(onSelect);
  const { openServers, addServer, openSettings } = useDialogs();
  const mini = useMiniMode();
  // Who watches a ComfyUI of their own has no use for a simulated one beside it.
  const hasReal = useMonitor((state) =>
    state.servers.some(({ server, watchedSince }) => !server.demo && watchedSince !== null),
  );
  return (
    <header className="top-bar">
      <div className="top-bar-app">
        <Logo />
        <h1>Comfy Monitor</h1>
      </div>
      {serverId !== null && <ServerStatus serverId={serverId} />}
      <div className="top-bar-actions">
        {demoServerId !== null && (
          <button type="button" className="button" onClick={() => void ask('stopDemo', undefined)}>
            Stop demo
          </button>
        )}
        {demoServerId === null && !hasReal && (
          <button type="button" className="button" onClick={startDemo}>
            Try the demo
          </button>
        )}
        <button type="button" className="button top-bar-servers" onClick={openServers}>
          <Icon name="server" />
          <span>Servers</span>
        </button>
        <button
          type="button"
          className="icon-button top-bar-icon"
          aria-label="Add server"
          title="Add server"
          onClick={addServer}
        >
          <Icon name="plus" />
        </button>
        {mini.available && (
          <button
            type="button"
            className="icon-button top-bar-icon"
            aria-label="Mini mode"
            title="Mini mode (M)"
            onClick={mini.toggle}
          >
            <Icon name="mini" />
          </button>
        )}
        <button
          type="button"
          className="icon-button top-bar-icon"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={onHelp}
        >
          <Icon name="question" />
        </button>
        <button
          type="button"
          className="icon-button top-bar-icon"
          aria-label="Settings"
          title="Settings"
          aria-keyshortcuts="Control+, Meta+,"
          onClick={openSettings}
        >
          <Icon name="settings" />
        </button>
      </div>
    </header>
  );
}

function ServerStatus({ serverId }: { serverId: string }) {
  const server = useServer(serverId, (state) => state.server, null);
  const standing = useStanding(serverId);
  const queueLength = useServer(serverId, (state) => state.queueLength, null);
  if (!server) return null;
  return (
    <div className="server-status" data-color={server.color}>
      <span className="server-status-name" title={server.url}>
        <span className="server-color" aria-hidden="true" />
        <span className="server-status-text">{server.name}</span>
      </span>
      <span className="server-status-connection" role="status">
        <ConnectionDot phase={standing.phase} />
        {standing.word}
      </span>
      <span className="queue-length" title="Running and waiting prompts, as the server counts them">
        Queue <b>{queueLength ?? '–'}</b>
      </span>
    </div>
  );
}
