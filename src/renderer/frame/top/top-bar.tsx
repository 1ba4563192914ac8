import { useMiniMode } from '../../mini/mini-mode.tsx';
import { ConnectionDot, useStanding } from '../../session/connection-status.tsx';
import { useMonitor, useServer } from '../../session/session-context.tsx';
import { Logo } from '../../ui/controls/logo.tsx';
import { ActionButton } from '../action-button.tsx';
import './top-bar.css';

interface TopBarProps {
  /** The server whose state is shown; null while there is none. */
  serverId: string | null;
  hasDemo: boolean;
}

const iconButton = { className: 'icon-button top-bar-icon', iconOnly: true };

/** The app, the shown server's connection and queue, and what concerns no single server. */
export function TopBar({ serverId, hasDemo }: TopBarProps) {
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
        {hasDemo && <ActionButton request={{ do: 'stop_demo' }} className="button" />}
        {!hasDemo && !hasReal && <ActionButton request={{ do: 'start_demo' }} className="button" />}
        <ActionButton request={{ do: 'servers' }} className="button top-bar-servers" />
        <ActionButton request={{ do: 'add_server' }} {...iconButton} />
        {mini.available && <ActionButton request={{ do: 'mini_mode' }} {...iconButton} />}
        <ActionButton request={{ do: 'wall_mode' }} {...iconButton} />
        <ActionButton request={{ do: 'help' }} {...iconButton} />
        <ActionButton request={{ do: 'settings' }} {...iconButton} />
      </div>
    </header>
  );
}

function ServerStatus({ serverId }: { serverId: string }) {
  const server = useServer(serverId, (state) => state.server, null);
  const standing = useStanding(serverId);
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
      <ActionButton request={{ do: 'open_server', serverId }} className="button small server-status-page" />
    </div>
  );
}
