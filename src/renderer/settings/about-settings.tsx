import { useState } from 'react';
import { homepage as home } from '../../../package.json';
import { Icon } from '../ui/controls/icon.tsx';
import type { SectionProps } from './section-props.ts';

const platforms: Readonly<Record<string, string>> = { win32: 'Windows', darwin: 'macOS', linux: 'Linux' };

/** What this is, and what helps to report what is wrong with it. */
export function AboutSettings({ host, ask, attempt }: SectionProps) {
  return (
    <>
      <dl className="facts about-facts">
        <div>
          <dt>Version</dt>
          <dd>
            {host.appVersion}, {host.desktop ? 'desktop app' : 'in the browser'}
          </dd>
        </div>
        {host.runsOn !== undefined && (
          <div>
            <dt>Runs on</dt>
            <dd>{host.runsOn}</dd>
          </div>
        )}
        <div>
          <dt>System</dt>
          <dd>{platforms[host.platform] ?? host.platform}</dd>
        </div>
        {!host.desktop ? (
          <div>
            <dt>Desktop app</dt>
            <dd>It can also start at login, stay in the tray and update itself.</dd>
          </div>
        ) : (
          !host.desktop.findsUpdates && (
            <div>
              <dt>Updates</dt>
              <dd>Not looked for by the app itself: new versions come the way it was installed.</dd>
            </div>
          )
        )}
        <div>
          <dt>Licence</dt>
          <dd>
            MIT. Built on Electron, React, Recharts, Zustand, Zod, ws and undici (MIT), and the typeface Inter
            (SIL OFL 1.1).
          </dd>
        </div>
        <div>
          <dt>Home</dt>
          <dd className="about-address">{home}</dd>
        </div>
        <div>
          <dt>Report a bug</dt>
          <dd className="about-address">{home}/issues</dd>
        </div>
      </dl>
      <div className="setting">
        <div className="setting-text">
          <p>Diagnostics</p>
          <p className="setting-hint">
            Versions, servers with their state, settings and the last lines of the log. Without logins and
            tokens; read it before you send it.
          </p>
        </div>
        <div className="setting-control">
          <CopyDiagnostics ask={ask} attempt={attempt} />
        </div>
      </div>
      {host.desktop && (
        <div className="setting">
          <div className="setting-text">
            <p>Log files</p>
          </div>
          <div className="setting-control">
            <button type="button" className="button" onClick={() => void ask('openLogs', undefined)}>
              Open folder
            </button>
          </div>
        </div>
      )}
      <Licences ask={ask} />
    </>
  );
}

/** Copies what is only gathered when it is asked for; where copying is forbidden, the text is shown. */
function CopyDiagnostics({ ask, attempt }: Pick<SectionProps, 'ask' | 'attempt'>) {
  const [copied, setCopied] = useState(false);
  const [text, setText] = useState<string | null>(null);

  const copy = async () => {
    const reply = await ask('getDiagnostics', undefined);
    if (!reply.ok) return;
    const report = reply.value;
    await navigator.clipboard.writeText(report.text).then(
      () => {
        setCopied(true);
        setText(null);
      },
      () => setText(report.text),
    );
  };
  return (
    <>
      <button type="button" className="button" onClick={() => void attempt(copy())}>
        <Icon name={copied ? 'check' : 'copy'} />
        <span aria-live="polite">{copied ? 'Copied' : 'Copy diagnostics'}</span>
      </button>
      {text !== null && (
        <textarea className="input diagnostics" aria-label="Diagnostics" readOnly rows={8} value={text} />
      )}
    </>
  );
}

/** The licences in full, for those who want to read them. */
function Licences({ ask }: Pick<SectionProps, 'ask'>) {
  const [text, setText] = useState<string | null>(null);
  const show = async () => {
    const reply = await ask('getLicences', undefined);
    if (reply.ok) setText(reply.value.text);
  };
  return (
    <div className="setting">
      <div className="setting-text">
        <p>Licences of all parts</p>
      </div>
      <div className="setting-control">
        <button
          type="button"
          className="button"
          aria-expanded={text !== null}
          onClick={() => (text === null ? void show() : setText(null))}
        >
          {text === null ? 'Show' : 'Hide'}
        </button>
      </div>
      {text !== null && (
        <textarea className="input licences" aria-label="Licences" readOnly rows={14} value={text} />
      )}
    </div>
  );
}
