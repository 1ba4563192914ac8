// First, so that the rooms' own styles come after the common ones.
import '../ui/theme.css';
import '../ui/controls/panel.css';
import '../ui/controls/button.css';
import '../ui/controls/form.css';
import '../ui/controls/server-color.css';
import { useState, useSyncExternalStore } from 'react';
import { MiniModeProvider } from '../mini/mini-mode.tsx';
import { MiniPage } from '../mini/mini-page.tsx';
import { Downloads } from '../outputs/downloads.tsx';
import { Overview } from '../overview/overview.tsx';
import { FoundServers } from '../servers/found-servers.tsx';
import { ServerList, useServerIds } from '../servers/server-list.tsx';
import { SpokenNews } from '../session/notifications/spoken-news.tsx';
import { useMonitor, usePage } from '../session/session-context.tsx';
import { shownOf, useShownServer } from '../session/shown-server.ts';
import { useHost } from '../session/use-host.ts';
import { EmptyState } from '../ui/controls/empty-state.tsx';
import { useLanguage } from '../ui/language.tsx';
import { MessagesProvider } from '../ui/overlays/messages.tsx';
import { UnitsContext } from '../ui/units.ts';
import { useWallMode, WallModeProvider } from '../wall/wall-mode.tsx';
import { WallPage } from '../wall/wall-page.tsx';
import { ActionButton } from './action-button.tsx';
import { DialogsProvider } from './dialogs.tsx';
import { shortcutFor, useShortcuts } from './keys/shortcuts.ts';
import { Notices } from './notices.tsx';
import { NotificationOffer } from './notification-offer.tsx';
import { PageActions } from './page-actions.tsx';
import { PageFailureBoundary } from './page-failure.tsx';
import { ServerView } from './server-view.tsx';
import { SkipLinks } from './top/skip-links.tsx';
import { TopBar } from './top/top-bar.tsx';
import { usePageTitle } from './use-page-title.ts';
import { useWantedJob } from './use-wanted-job.ts';
import './page.css';
import { t } from '../../language/t.ts';

/** All that the window shows; when that fails, what happened. */
export function App() {
  // All below is drawn again in another language; what stays as it is by `memo` asks for itself.
  useLanguage();
  return (
    <PageFailureBoundary>
      <Page />
    </PageFailureBoundary>
  );
}

/** The page, or in a window of its own its mini mode. */
function Page() {
  const isMini = useSyncExternalStore(onHashChange, isMiniAddress);
  const units = usePage((page) => page.preferences.charts.units);
  return (
    <UnitsContext value={units}>
      <MessagesProvider>
        {isMini ? (
          <MiniWindow />
        ) : (
          <WallModeProvider>
            <MiniModeProvider isToggleKey={isMiniKey}>
              <FullPage />
            </MiniModeProvider>
          </WallModeProvider>
        )}
      </MessagesProvider>
    </UnitsContext>
  );
}

/** The page as it is worked with, or the wall that is only looked at. */
function FullPage() {
  const { on } = useWallMode();
  if (on) return <Wall />;
  return (
    <>
      <Monitor />
      <Downloads />
    </>
  );
}

function Wall() {
  usePageTitle(null);
  return <WallPage />;
}

function isMiniKey(press: KeyboardEvent): boolean {
  return shortcutFor(press)?.do === 'mini_mode';
}

function isMiniAddress(): boolean {
  return location.hash === '#mini' || new URLSearchParams(location.search).has('mini');
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function leaveMiniAddress(): void {
  const address = new URL(location.href);
  address.searchParams.delete('mini');
  address.hash = '';
  history.replaceState(history.state, '', address);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** The mini mode in the desktop app's small window, in a pop-up, or in a tab that was sent there. */
function MiniWindow() {
  const { ask } = useHost('ignored');
  const inDesktop = usePage((page) => page.host?.desktop != null);
  usePageTitle(null);
  const back = (): void => {
    if (inDesktop) void ask('setMiniMode', { on: false });
    else if (window.opener) window.close();
    else leaveMiniAddress();
  };
  useShortcuts((pressed) => {
    if (pressed.do === 'mini_mode') back();
  });
  return <MiniPage onBack={back} />;
}

/** Which server is shown, or all of them, and what is open above it. */
function Monitor() {
  const serverIds = useServerIds();
  const [chosen, choose] = useShownServer();
  const hasDemo = useMonitor((state) => state.servers.some(({ server }) => server.demo));
  const [before, setBefore] = useState<string | null>(null);
  // A server that was shown because it was the only one stays, whoever adds another.
  const shown = shownOf(chosen ?? (before === null ? null : { serverId: before }), serverIds);
  if (shown !== null && shown !== before) setBefore(shown);
  useWantedJob(choose);
  return (
    <DialogsProvider onAdded={choose}>
      <PageTitle serverId={shown} />
      <PageActions serverIds={serverIds} serverId={shown} onSelect={choose}>
        <SkipLinks />
        <SpokenNews />
        <div className="page" data-servers={serverIds.length > 1 ? 'several' : 'one'}>
          <TopBar serverId={shown} hasDemo={hasDemo} />
          {serverIds.length > 1 && <ServerList serverIds={serverIds} selected={shown} onSelect={choose} />}
          <main>
            <Notices />
            <NotificationOffer />
            {serverIds.length === 0 ? (
              <NoServers onSelect={choose} />
            ) : shown === null ? (
              <Overview serverIds={serverIds} onSelect={choose} />
            ) : (
              <ServerView key={shown} serverId={shown} demoRuns={hasDemo} onSelect={choose} />
            )}
          </main>
        </div>
      </PageActions>
    </DialogsProvider>
  );
}

/** Apart, so that only this follows the title, which changes with every percent. */
function PageTitle({ serverId }: { serverId: string | null }) {
  usePageTitle(serverId);
  return null;
}

function NoServers({ onSelect }: { onSelect: (serverId: string) => void }) {
  const link = usePage((page) => page.link);
  if (link !== 'linked') return null;
  return (
    <div className="panel">
      <EmptyState icon="server" title={t('frame.no_servers')}>
        <p>{t('frame.no_servers.text')}</p>
        <FoundServers onAdded={onSelect} />
        <div className="empty-actions">
          <ActionButton request={{ do: 'add_server' }} className="button primary" wordOnly />
          <ActionButton request={{ do: 'start_demo' }} className="button" />
        </div>
      </EmptyState>
    </div>
  );
}
