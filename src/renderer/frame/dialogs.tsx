import { type ReactNode, useMemo, useState } from 'react';
import { companionStanding } from '../../domain/companion.ts';
import { t } from '../../language/t.ts';
import { CompanionDialog } from '../servers/companion-dialog.tsx';
import { ServerForm } from '../servers/form/server-form.tsx';
import { ServerSettings } from '../servers/server-settings.tsx';
import { ServersDialog } from '../servers/servers-dialog.tsx';
import { type Dialogs, DialogsContext, type FormStart } from '../session/dialogs-context.ts';
import { useServer } from '../session/session-context.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { useSettingsRequests } from '../settings/use-settings-requests.ts';

interface DialogsProviderProps {
  /** A server was added: show it. */
  onAdded: (serverId: string) => void;
  children: ReactNode;
}

interface OpenForm {
  /** Null for a new server. */
  serverId: string | null;
  start: FormStart;
}

/** Holds the dialogs above the page. A form may lie on top of the list, and both on top of the settings. */
export function DialogsProvider({ onAdded, children }: DialogsProviderProps) {
  const [listed, setListed] = useState(false);
  const [form, setForm] = useState<OpenForm | null>(null);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [companionOf, setCompanionOf] = useState<string | null>(null);
  const dialogs = useMemo<Dialogs>(
    () => ({
      openServers: () => setListed(true),
      addServer: () => setForm({ serverId: null, start: 'address' }),
      editServer: (serverId, start) => setForm({ serverId, start }),
      installCompanion: setCompanionOf,
      openSettings: () => setSettingsOpen(true),
    }),
    [],
  );
  useSettingsRequests(dialogs.openSettings);
  return (
    <DialogsContext value={dialogs}>
      {children}
      {settingsOpen && (
        <SettingsDialog start="servers" servers={<ServerSettings />} onClose={() => setSettingsOpen(false)} />
      )}
      {listed && (
        <ServersDialog
          onAdd={dialogs.addServer}
          onEdit={dialogs.editServer}
          onClose={() => setListed(false)}
        />
      )}
      {form && (
        <ServerForm
          {...form}
          onClose={() => setForm(null)}
          onDone={(serverId) => {
            setForm(null);
            if (form.serverId === null) onAdded(serverId);
          }}
        />
      )}
      {companionOf !== null && <Companion serverId={companionOf} onClose={() => setCompanionOf(null)} />}
    </DialogsContext>
  );
}

function Companion({ serverId, onClose }: { serverId: string; onClose: () => void }) {
  const name = useServer(serverId, (state) => state.server.name, t('frame.this_server'));
  const standing = useServer(serverId, (state) => companionStanding(state.facts), 'unknown');
  return <CompanionDialog serverId={serverId} serverName={name} standing={standing} onClose={onClose} />;
}
