import { useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { type ServerState, serverStateOf } from '../../domain/monitor-state.ts';
import { isCpuOnly, isReached } from '../../domain/server.ts';
import { machineGlance } from '../../domain/telemetry/machine-glance.ts';
import { formatFraction, formatPercent } from '../../domain/text/format.ts';
import { ConnectionDot, useStanding } from '../session/connection-status.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useMonitor, useServer, useSession } from '../session/session-context.tsx';
import { hostNow, useNow, useOncePerTick } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Meter } from '../ui/controls/meter.tsx';
import './server-list.css';

interface ServerListProps {
  serverIds: readonly string[];
  selected: string | null;
  onSelect: (serverId: string) => void;
}

/** All servers at a glance; choosing one shows its details. */
export function ServerList({ serverIds, selected, onSelect }: ServerListProps) {
  const { openServers } = useDialogs();
  return (
    <nav className="server-list" aria-label="Servers">
      <ul>
        {serverIds.map((serverId) => (
          <li key={serverId}>
            <ServerRow serverId={serverId} selected={serverId === selected} onSelect={onSelect} />
          </li>
        ))}
      </ul>
      <button type="button" className="button small server-list-manage" onClick={openServers}>
        <Icon name="edit" />
        Manage servers
      </button>
    </nav>
  );
}

interface ServerRowProps {
  serverId: string;
  selected: boolean;
  onSelect: (serverId: string) => void;
}

function ServerRow({ serverId, selected, onSelect }: ServerRowProps) {
  const server = useServer(serverId, (state) => state.server, null);
  const standing = useStanding(serverId);
  const queueLength = useServer(serverId, (state) => state.queueLength, null);
  const percent = useServer(serverId, runningPercent, null);
  const title = useServer(serverId, runningTitle, null);
  const load = useGpuText(serverId);
  if (!server) return null;
  const connected = isReached(standing.phase);
  return (
    <button
      type="button"
      className="server-row"
      data-color={server.color}
      aria-current={selected ? 'true' : undefined}
      onClick={() => onSelect(serverId)}
    >
      <span className="server-row-line">
        <span className="server-color" aria-hidden="true" />
        <span className="server-row-name">{server.name}</span>
        {connected && queueLength !== null && queueLength > 0 && (
          <span className="server-row-queue">
            <span className="visually-hidden">Queue </span>
            {queueLength}
          </span>
        )}
      </span>
      <span className="server-row-line server-row-state">
        {connected ? (
          <>
            <span className="server-row-job">{title ?? 'Idle'}</span>
            {title !== null && percent !== null && <span>{formatFraction(percent / 100)}</span>}
            {load !== null && <span className="server-row-load">{load}</span>}
          </>
        ) : (
          <>
            <ConnectionDot phase={standing.phase} />
            <span>{standing.word}</span>
          </>
        )}
      </span>
      {connected && title !== null && percent !== null && <Meter fraction={percent / 100} />}
    </button>
  );
}

/** How busy a server's GPUs are, as of the last second: `GPU 42%`, of several `GPU max 97%`. */
function useGpuText(serverId: string): string | null {
  const { monitor } = useSession();
  const now = useNow();
  const server = useOncePerTick(
    useCallback(() => serverStateOf(monitor.getState(), serverId), [monitor, serverId]),
  );
  if (!server) return null;
  const { load, gpus } = machineGlance(server.telemetry, now, isCpuOnly(server.facts.devices));
  return load && `GPU ${gpus > 1 ? 'max ' : ''}${formatPercent(load.value)}`;
}

/** Whole percent, so that a step that changes nothing visible renders nothing. */
function runningPercent(server: ServerState): number | null {
  const job = server.running[0];
  const fraction = job ? jobOutlook(server, job, hostNow()).fraction : null;
  return fraction === null ? null : Math.floor(fraction * 100);
}

function runningTitle(server: ServerState): string | null {
  const job = server.running[0];
  return job ? jobTitle(job) : null;
}

/** The ids of all servers, in order; the same array while they stay the same. */
export function useServerIds(): readonly string[] {
  // The same array as long as they are the same: much depends on it.
  return useMonitor(useShallow((state) => state.servers.map(({ server }) => server.id)));
}
