import { useState } from 'react';
import { homepage as home } from '../../../package.json';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import type { SectionProps } from './section-props.ts';

const platforms: Readonly<Record<string, string>> = { win32: 'Windows', darwin: 'macOS', linux: 'Linux' };

/** What this is, and what helps to report what is wrong with it. */
export function AboutSettings({ host, ask, attempt }: SectionProps) {
  return (
    <>
      <dl className="facts about-facts">
        <div>
          <dt>{t('settings.about.version')}</dt>
          <dd>
            {host.desktop
              ? t('settings.about.version.desktop', { version: host.appVersion })
              : t('settings.about.version.browser', { version: host.appVersion })}
          </dd>
        </div>
        {host.runsOn !== undefined && (
          <div>
            <dt>{t('settings.about.runs_on')}</dt>
            <dd>{host.runsOn}</dd>
          </div>
        )}
        <div>
          <dt>{t('settings.about.system')}</dt>
          <dd>{platforms[host.platform] ?? host.platform}</dd>
        </div>
        {!host.desktop ? (
          <div>
            <dt>{t('settings.about.desktop')}</dt>
            <dd>{t('settings.about.desktop.text')}</dd>
          </div>
        ) : (
          !host.desktop.findsUpdates && (
            <div>
              <dt>{t('settings.about.updates')}</dt>
              <dd>{t('settings.about.updates.text')}</dd>
            </div>
          )
        )}
        <div>
          <dt>{t('settings.about.licence')}</dt>
          <dd>{t('settings.about.licence.text')}</dd>
        </div>
        <div>
          <dt>{t('settings.about.home')}</dt>
          <dd className="about-address">{home}</dd>
        </div>
        <div>
          <dt>{t('settings.about.bug')}</dt>
          <dd className="about-address">{home}/issues</dd>
        </div>
      </dl>
      <div className="setting">
        <div className="setting-text">
          <p>{t('settings.about.diagnostics')}</p>
          <p className="setting-hint">{t('settings.about.diagnostics.hint')}</p>
        </div>
        <div className="setting-control">
          <CopyDiagnostics ask={ask} attempt={attempt} />
        </div>
      </div>
      {host.desktop && (
        <div className="setting">
          <div className="setting-text">
            <p>{t('settings.about.logs')}</p>
          </div>
          <div className="setting-control">
            <button type="button" className="button" onClick={() => void ask('openLogs', undefined)}>
              {t('settings.about.logs.open')}
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
        <span aria-live="polite">{copied ? t('settings.about.copied') : t('settings.about.copy')}</span>
      </button>
      {text !== null && (
        <textarea
          className="input diagnostics"
          aria-label={t('settings.about.diagnostics')}
          readOnly
          rows={8}
          value={text}
        />
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
        <p>{t('settings.about.licences')}</p>
      </div>
      <div className="setting-control">
        <button
          type="button"
          className="button"
          aria-expanded={text !== null}
          onClick={() => (text === null ? void show() : setText(null))}
        >
          {text === null ? t('settings.about.show') : t('settings.about.hide')}
        </button>
      </div>
      {text !== null && (
        <textarea
          className="input licences"
          aria-label={t('settings.about.licences.label')}
          readOnly
          rows={14}
          value={text}
        />
      )}
    </div>
  );
}
