import { type ReactNode, useEffect, useRef } from 'react';
import type { PresentedCertificate, ServerTest } from '../../../contract/server-details.ts';
import { companionStanding } from '../../../domain/companion.ts';
import { explainProblem } from '../../../domain/connection-advice.ts';
import type { ConnectionProblem, Device } from '../../../domain/server.ts';
import { type ByteUnits, dateLocale, formatBytes, formatDecimal } from '../../../domain/text/format.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useUnits } from '../../ui/units.ts';
import { companionWords } from '../companion-words.ts';
import type { TestStage } from './use-connection-test.ts';
import './connection-report.css';
import { t } from '../../../language/t.ts';

interface ConnectionReportProps {
  test: TestStage;
  /** The address that was tested. */
  url: string;
  /** Of the host, whose network it is; null if not known. */
  platform: string | null;
  /** The certificate that is trusted already (PEM). */
  trusted: string | null;
  onTrust: (pem: string) => void;
}

/** How a connection test goes and what it found. */
export function ConnectionReport({ test, url, platform, trusted, onTrust }: ConnectionReportProps) {
  const report = useRef<HTMLDivElement>(null);
  const { stage } = test;
  useEffect(() => {
    // Below a long form it would be out of sight.
    if (stage === 'done' || stage === 'failed') report.current?.scrollIntoView({ block: 'nearest' });
  }, [stage]);
  return (
    <div className="test-report" ref={report} role="status" aria-label={t('servers.test.result')}>
      {test.stage === 'running' && <p className="test-running">{t('servers.test.asking', { url })}</p>}
      {test.stage === 'failed' && <Failure what={test.message} />}
      {test.stage === 'done' &&
        (test.result.ok ? (
          <Success found={test.result} url={url} platform={platform} />
        ) : (
          <Problem
            problem={test.result.problem}
            certificate={test.result.certificate}
            url={url}
            platform={platform}
            trusted={trusted}
            onTrust={onTrust}
          />
        ))}
    </div>
  );
}

interface SuccessProps {
  found: Extract<ServerTest, { ok: true }>;
  url: string;
  platform: string | null;
}

function Success({ found, url, platform }: SuccessProps) {
  const { socket } = found;
  if (!socket)
    return (
      <section className="test-result" data-ok="true">
        <h3>
          <span className="test-mark">
            <Icon name="check" />
          </span>
          {t('servers.test.works')}
        </h3>
        <FoundFacts found={found} />
      </section>
    );
  const { what, why, next } = explainProblem(socket, url, platform);
  return (
    <Failure what={what} why={why} next={next} detail={detailOf(socket)}>
      <FoundFacts found={found} />
    </Failure>
  );
}

function FoundFacts({ found }: Pick<SuccessProps, 'found'>) {
  const standing = companionStanding(found);
  const units = useUnits();
  return (
    <dl className="facts">
      <Found name="ComfyUI">{found.comfyVersion ?? t('servers.test.no_version')}</Found>
      <Found name={t('servers.test.answer')}>
        {t('servers.test.answer.after', { time: formatRoundTrip(found.roundTrip) })}
      </Found>
      {Object.entries(found.devices).map(([place, device]) => (
        // Devices have no id, and two may be of the same name: their place is what distinguishes them.
        <Found
          key={place}
          name={found.devices.length > 1 ? t('servers.device.number', { place }) : t('servers.device')}
        >
          {deviceText(device, units)}
        </Found>
      ))}
      <Found name="Crystools">
        {found.crystools === 'present' ? t('servers.found') : t('servers.test.no_crystools')}
      </Found>
      <Found name={t('servers.companion')}>
        {companionWords(standing, found.companionVersion, found.canRunCompanion)}
      </Found>
    </dl>
  );
}

function Found({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function deviceText(device: Device, units: ByteUnits): string {
  return device.vramTotal === null ? device.name : `${device.name} (${formatBytes(device.vramTotal, units)})`;
}

function formatRoundTrip(ms: number): string {
  return ms < 1_000
    ? t('servers.milliseconds', { milliseconds: Math.max(1, Math.round(ms)) })
    : t('time.seconds', { seconds: formatDecimal(ms / 1_000, 1) });
}

interface ProblemProps {
  problem: ConnectionProblem;
  certificate: PresentedCertificate | null;
  url: string;
  platform: string | null;
  trusted: string | null;
  onTrust: (pem: string) => void;
}

function Problem({ problem, certificate, url, platform, trusted, onTrust }: ProblemProps) {
  const { what, why, next } = explainProblem(problem, url, platform);
  const offered = certificate !== null && certificate.pem !== trusted ? certificate : null;
  return (
    <Failure what={what} why={offered ? null : why} next={offered ? null : next} detail={detailOf(problem)}>
      {offered && <OfferedCertificate certificate={offered} changed={trusted !== null} onTrust={onTrust} />}
    </Failure>
  );
}

interface FailureProps {
  what: string;
  why?: string | null;
  next?: string | null;
  detail?: string;
  children?: ReactNode;
}

function Failure({ what, why = null, next = null, detail = '', children }: FailureProps) {
  return (
    <section className="test-result" data-ok="false">
      <h3>
        <span className="test-mark">
          <Icon name="alert" />
        </span>
        {what}
      </h3>
      {why !== null && <p>{why}</p>}
      {next !== null && <p className="test-next">{next}</p>}
      {children}
      {detail !== '' && (
        <details className="problem-detail">
          <summary>{t('servers.technical')}</summary>
          <code>{detail}</code>
        </details>
      )}
    </section>
  );
}

function detailOf({ status, detail }: ConnectionProblem): string {
  return status === null ? detail : `HTTP ${status}: ${detail}`;
}

interface OfferedCertificateProps {
  certificate: PresentedCertificate;
  /** Another one is trusted: this is no first meeting. */
  changed: boolean;
  onTrust: (pem: string) => void;
}

/** A certificate without an authority that vouches for it, and the deliberate step of trusting it. */
function OfferedCertificate({ certificate, changed, onTrust }: OfferedCertificateProps) {
  const validUntil = new Date(certificate.validUntil).toLocaleDateString(dateLocale(), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const expired = certificate.validUntil < Date.now();
  return (
    <div className="certificate">
      <p>{changed ? <b>{t('servers.certificate.changed')}</b> : t('servers.certificate.presented')}</p>
      <dl className="facts">
        <Found name={t('servers.certificate.subject')}>
          {certificate.subject.replaceAll('\n', ', ') || t('servers.certificate.nobody')}
        </Found>
        <Found name="SHA-256">
          <span className="fingerprint">{certificate.fingerprint}</span>
        </Found>
        <Found name={t('servers.certificate.until')}>
          {expired ? t('servers.certificate.expired', { date: validUntil }) : validUntil}
        </Found>
      </dl>
      <p>{t('servers.certificate.advice')}</p>
      <button type="button" className="button" onClick={() => onTrust(certificate.pem)}>
        {changed ? t('servers.certificate.trust_new') : t('servers.certificate.trust')}
      </button>
    </div>
  );
}
