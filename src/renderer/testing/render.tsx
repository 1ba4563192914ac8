import { act, render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { App } from '../frame/app.tsx';
import { startPageSession } from '../session/page-session.ts';
import { SessionProvider } from '../session/session-context.tsx';
import { MessagesProvider } from '../ui/overlays/messages.tsx';
import { createFakeHost, type FakeHost, type FakeHostOptions } from './fake-host.ts';

export interface Page {
  readonly host: FakeHost;
  readonly user: UserEvent;
  /** Does something to the host and lets the page follow. */
  after(change: (host: FakeHost) => void): Promise<void>;
}

/** The whole page, linked to a host. */
export function renderPage(options?: FakeHostOptions): Promise<Page> {
  return renderLinked(<App />, options);
}

/** A part of the page, linked to a host. */
export function renderPart(part: ReactElement, options?: FakeHostOptions): Promise<Page> {
  return renderLinked(<MessagesProvider>{part}</MessagesProvider>, options);
}

async function renderLinked(content: ReactElement, options?: FakeHostOptions): Promise<Page> {
  const host = createFakeHost(options);
  const session = startPageSession(host.transport, (problem) => {
    throw new Error(problem);
  });
  // The first snapshot arrives within this.
  await act(async () => {
    render(<SessionProvider session={session}>{content}</SessionProvider>);
  });
  return {
    host,
    user: userEvent.setup(),
    after: (change) => act(async () => change(host)),
  };
}
