import { t } from '../../language/t.ts';
import type { FormStart } from '../session/dialogs-context.ts';
import { Modal } from '../ui/overlays/modal.tsx';
import { ServerEntries, ServerListFoot } from './server-entries.tsx';

interface ServersDialogProps {
  onAdd: () => void;
  onEdit: (serverId: string, start: FormStart) => void;
  onClose: () => void;
}

/** The list of servers in a dialog of its own. */
export function ServersDialog({ onAdd, onEdit, onClose }: ServersDialogProps) {
  return (
    <Modal title={t('servers.title')} wide onClose={onClose}>
      <ServerEntries onEdit={onEdit} />
      <footer className="modal-foot server-overview-foot">
        <ServerListFoot onAdd={onAdd} />
      </footer>
    </Modal>
  );
}
