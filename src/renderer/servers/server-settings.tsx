import { useDialogs } from '../session/dialogs-context.ts';
import { ServerEntries, ServerListFoot } from './server-entries.tsx';

/** The servers, as in the dialog that holds nothing else. */
export function ServerSettings() {
  const { editServer, addServer } = useDialogs();
  return (
    <div className="server-settings">
      <ServerEntries onEdit={editServer} />
      <div className="server-overview-foot">
        <ServerListFoot onAdd={addServer} />
      </div>
    </div>
  );
}
