// First: every schema is made with it.
import './frame/no-code-generation.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './frame/app.tsx';
import { findDesktopTransport } from './session/link/desktop-transport.ts';
import { bridgeAddress, createWebTransport } from './session/link/web-transport.ts';
import { startWebNotifier } from './session/notifications/web-notifier.ts';
import { watchPageErrors } from './session/page-errors.ts';
import { startPageSession } from './session/page-session.ts';
import { SessionProvider } from './session/session-context.tsx';
import { followAppearance } from './settings/appearance.ts';
import { followLanguage } from './settings/page-language.ts';
import { drawing } from './ui/clock.ts';
import { attention, onSeenChange } from './ui/seen.ts';

function webTransport() {
  const transport = createWebTransport(bridgeAddress(location.href));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') transport.hurry();
  });
  window.addEventListener('online', () => transport.hurry());
  return transport;
}

const session = startPageSession(findDesktopTransport(window) ?? webTransport(), (problem) =>
  console.warn(problem),
);
watchPageErrors(window, session.reportError);
followAppearance(session.page);
const speaking = followLanguage(session.page, session.reportError);
startWebNotifier(session);
const tellAttention = () => session.setAttention(attention());
onSeenChange(tellAttention);
for (const change of ['focus', 'blur']) window.addEventListener(change, tellAttention);
tellAttention();
// Time and news are drawn together: drawing twice costs twice.
session.monitor.subscribe(drawing);

// Waiting for the next attempt makes no sense when the network is only now there.
window.addEventListener('online', () => {
  session.bridge.call('reconnectAll', undefined).catch(() => {});
});

const root = document.getElementById('root');
if (root) void speaking.then(() => draw(root));

function draw(place: HTMLElement): void {
  createRoot(place, {
    // What not even the boundary in the page can show.
    onUncaughtError: (cause) => {
      console.error(cause);
      session.reportError(cause);
    },
  }).render(
    <StrictMode>
      <SessionProvider session={session}>
        <App />
      </SessionProvider>
    </StrictMode>,
  );
}
