// First, so that the rooms' own styles come after the common ones.
import './ui/theme.css';
import './ui/controls.css';
import { useEffect, useState } from 'react';
import { useMonitor, usePage } from './bridge/session-context.tsx';
import { pageTitle } from './jobs/page-title.ts';
import { NotificationOffer } from './notifications/notification-offer.tsx';
import { DialogsProvider } from './servers/dialogs.tsx';
import { useDialogs } from './servers/dialogs-context.ts';
import { FoundServers } from './servers/found-servers.tsx';
import { Notices } from './servers/notices.tsx';
import { ServerList, useServerIds } from './servers/server-list.tsx';
import { ServerView } from './servers/server-view.tsx';
import { TopBar } from './servers/top-bar.tsx';
import { useServerCalls } from './servers/use-server-calls.ts';
import { Downloads } from './ui/downloads.tsx';
import { EmptyState } from './ui/empty-state.tsx';
import { MessagesProvider } from './ui/messages.tsx';
import { UnitsContext } from './ui/units.ts';

/** The page: which server is shown, and what is open above it. */
export function App() {
  return (
    <MessagesProvider>
      <Monitor />
      <Downloads />
    </MessagesProvider>
  );
}

function Monitor() {
  const serverIds = useServerIds();
  const [chosen, setChosen] = useState<string | null>(null);
  const demoServerId = useMonitor(
    (state) => state.servers.find((server) => server.server.demo)?.server.id ?? null,
  );
  const shown = chosen !== null && serverIds.includes(chosen) ? chosen : (serverIds[0] ?? null);
  const title = useMonitor((state) => pageTitle(state, shown));
  useEffect(() => {
    document.title = title;
  }, [title]);
  useWantedJob(setChosen);
  const units = usePage((page) => page.preferences.charts.units);

  return (
    <UnitsContext value={units}>
      <DialogsProvider onAdded={setChosen}>
        <div className="page" data-servers={serverIds.length > 1 ? 'several' : 'one'}>
          <TopBar serverId={shown} demoServerId={demoServerId} onSelect={setChosen} />
          {serverIds.length > 1 && <ServerList serverIds={serverIds} selected={shown} onSelect={setChosen} />}
          <main>
            <Notices />
            <NotificationOffer />
            {shown === null ? (
              <NoServers onSelect={setChosen} />
            ) : (
              <ServerView
                key={shown}
                serverId={shown}
                demoRuns={demoServerId !== null}
                onSelect={setChosen}
              />
            )}
          </main>
        </div>
      </DialogsProvider>
    </UnitsContext>
  );
}

function NoServers({ onSelect }: { onSelect: (serverId: string) => void }) {
  const link = usePage((page) => page.link);
  const calls = useServerCalls();
  const { addServer } = useDialogs();
  if (link !== 'linked') return null;
  return (
    <div className="panel">
      <EmptyState icon="server" title="No server is watched">
        <p>Add the address of a ComfyUI, or look around with the built-in demo.</p>
        <FoundServers onAdded={onSelect} />
        <div className="empty-actions">
          <button type="button" className="button primary" onClick={addServer}>
            Add server
          </button>
          <button type="button" className="button" onClick={() => calls.startDemo(onSelect)}>
            Try the demo
          </button>
        </div>
      </EmptyState>
    </div>
  );
}

/** Shows the job that the host asks for, for example because its notification was clicked. */
function useWantedJob(show: (serverId: string) => void): void {
  const wanted = usePage((page) => page.wantedJob);
  useEffect(() => {
    if (!wanted) return;
    show(wanted.serverId);
    // The server's view may only now be rendered.
    const frame = requestAnimationFrame(() => {
      const job = document.getElementById(`job-${wanted.promptId}`);
      job?.scrollIntoView({ block: 'center' });
      job?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, show]);
}
