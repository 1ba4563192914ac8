import { useShallow } from 'zustand/react/shallow';
import { endText, liveText, progressText } from '../../domain/glance/glance-words.ts';
import type { GpuGlance } from '../../domain/glance/gpu-glance.ts';
import { allCounts, jobCounts, startOfToday } from '../../domain/glance/job-counts.ts';
import { isReached } from '../../domain/server.ts';
import { formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { ConnectionDot, useStanding } from '../session/connection-status.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useUnseenFailures } from '../session/glance/seen-failures.ts';
import { useGlance } from '../session/glance/use-glance.ts';
import { useMonitor, useSession } from '../session/session-context.tsx';
import { useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Meter } from '../ui/controls/meter.tsx';
import './server-list.css';

interface ServerListProps {
  serverIds: readonly string[];
  selected: string | null;
  /** Null shows all. */
  onSelect: (serverId: string | null) => void;
}

/** All servers at a glance; choosing one shows its details. */
export function ServerList({ serverIds, selected, onSelect }: ServerListProps) {
  const { openServers } = useDialogs();
  return (
    <nav className="server-list" aria-label={t('servers.title')}>
      <ul>
        <li>
          <AllRow selected={selected === null} onSelect={onSelect} />
        </li>
        {serverIds.map((serverId) => (
          <li key={serverId}>
            <ServerRow serverId={serverId} selected={serverId === selected} onSelect={onSelect} />
          </li>
        ))}
      </ul>
      <button type="button" className="button small server-list-manage" onClick={openServers}>
        <Icon name="edit" />
        {t('servers.manage')}
      </button>
    </nav>
  );
}

interface AllRowProps {
  selected: boolean;
  onSelect: (serverId: string | null) => void;
}

/** Leads to the overview, and says what all servers together have to do. */
function AllRow({ selected, onSelect }: AllRowProps) {
  const { monitor } = useSession();
  const now = useNow();
  const state = useOncePerTick(monitor.getState);
  const today = startOfToday(now, wallTimeOf(now));
  const counts = allCounts(state.servers.map((server) => jobCounts(server, today)));
  return (
    <button
      type="button"
      className="server-row"
      aria-current={selected ? 'true' : undefined}
      onClick={() => onSelect(null)}
    >
      <span className="server-row-line">
        <Icon name="wall" />
        <span className="server-row-name">{t('overview.title')}</span>
      </span>
      <span className="server-row-line server-row-state">
        <span className="server-row-job">{liveText(counts) ?? '–'}</span>
        {counts.failed > 0 && (
          <span className="server-row-failed">{t('glance.failed', { n: counts.failed })}</span>
        )}
      </span>
    </button>
  );
}

interface ServerRowProps {
  serverId: string;
  selected: boolean;
  onSelect: (serverId: string) => void;
}

function ServerRow({ serverId, selected, onSelect }: ServerRowProps) {
  const glance = useGlance(serverId);
  const standing = useStanding(serverId);
  const unseen = useUnseenFailures(serverId);
  const now = useNow();
  if (!glance) return null;
  const { server, job, counts } = glance;
  const connected = isReached(standing.phase);
  const progress = job && progressText(job);
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
        {unseen.length > 0 && (
          <span className="server-row-failed">{t('glance.failed', { n: Math.max(1, counts.failed) })}</span>
        )}
      </span>
      {connected && job ? (
        <>
          <span className="server-row-line server-row-state">
            <span className="server-row-job">{job.title}</span>
            {progress !== null && <span>{progress}</span>}
          </span>
          <span className="server-row-line server-row-state">
            <span className="server-row-job">{liveText(counts)}</span>
            <span>{endText(job, { now, wall: wallTimeOf(now) })}</span>
          </span>
          {job.outlook.fraction !== null && <Meter fraction={job.outlook.fraction} />}
        </>
      ) : (
        <span className="server-row-line server-row-state">
          {connected ? (
            <span className="server-row-job">{liveText(counts) ?? t('glance.idle')}</span>
          ) : (
            <>
              <ConnectionDot phase={standing.phase} />
              <span>{standing.word}</span>
            </>
          )}
          {connected && <WorstGpu gpus={glance.gpus} />}
        </span>
      )}
    </button>
  );
}

/** The load of the only GPU, or of several that of the busiest by its name: a mean tells of none. */
function WorstGpu({ gpus }: { gpus: readonly GpuGlance[] }) {
  const gpu = gpus.length === 1 ? gpus[0] : gpus.find(({ worst }) => worst.load);
  if (gpu?.loadPercent == null) return null;
  return (
    <span className="server-row-load">
      {gpu.title} {formatPercent(gpu.loadPercent)}
    </span>
  );
}

/** The ids of all servers, in order; the same array while they stay the same. */
export function useServerIds(): readonly string[] {
  // The same array as long as they are the same: much depends on it.
  return useMonitor(useShallow((state) => state.servers.map(({ server }) => server.id)));
}
