import { formatCount } from '../../shared/format.ts';
import { useMonitor } from '../bridge/session-context.tsx';
import { useDialogs } from '../servers/dialogs-context.ts';

/** Leads to the dialogs that there are for servers. */
export function ServerSettings() {
  const { openServers, addServer } = useDialogs();
  const count = useMonitor((state) => state.servers.length);
  return (
    <div className="setting">
      <div className="setting-text">
        <p>{count === 0 ? 'No server is watched.' : `${formatCount(count, 'server')} watched.`}</p>
        <p className="setting-hint">Addresses, names, colours, logins, certificates and their order.</p>
      </div>
      <div className="setting-control">
        <button type="button" className="button" onClick={addServer}>
          Add server
        </button>
        <button type="button" className="button" onClick={openServers}>
          Manage servers
        </button>
      </div>
    </div>
  );
}
