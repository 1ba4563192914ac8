import { type ReactNode, useEffect, useRef } from 'react';
import type { PresentedCertificate, ServerTest } from '../../../contract/server-details.ts';
import { companionStanding } from '../../../domain/companion.ts';
import { explainProblem } from '../../../domain/connection-advice.ts';
import type { ConnectionProblem, Device } from '../../../domain/server.ts';
import { type ByteUnits, formatBytes } from '../../../domain/text/format.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useUnits } from '../../ui/units.ts';
import { companionWords } from '../companion-words.ts';
import type { TestStage } from './use-connection-test.ts';
import './connection-report.css';

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
    <div className="test-report" ref={report} role="status" aria-label="Result of the connection test">
      {test.stage === 'running' && <p className="test-running">Asking {url} who it is…</p>}
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
          The connection works
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
      <Found name="ComfyUI">{found.comfyVersion ?? 'does not tell its version'}</Found>
      <Found name="Answer">after {formatRoundTrip(found.roundTrip)}</Found>
      {Object.entries(found.devices).map(([place, device]) => (
        // Devices have no id, and two may be of the same name: their place is what distinguishes them.
        <Found key={place} name={found.devices.length > 1 ? `Device ${place}` : 'Device'}>
          {deviceText(device, units)}
        </Found>
      ))}
      <Found name="Crystools">
        {found.crystools === 'present'
          ? 'Found'
          : 'Not found: GPU load and temperature cannot be shown. ComfyUI-Manager installs it as “ComfyUI-Crystools”.'}
      </Found>
      <Found name="Companion node">
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
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
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
          <summary>Technical detail</summary>
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
  const validUntil = new Date(certificate.validUntil);
  const expired = certificate.validUntil < Date.now();
  return (
    <div className="certificate">
      <p>
        {changed ? (
          <b>
            This is not the certificate that you trusted. If nobody renewed it, somebody may be in between.
          </b>
        ) : (
          'The server presents this certificate, for which no known authority vouches:'
        )}
      </p>
      <dl className="facts">
        <Found name="Made out to">{certificate.subject.replaceAll('\n', ', ') || 'nobody'}</Found>
        <Found name="SHA-256">
          <span className="fingerprint">{certificate.fingerprint}</span>
        </Found>
        <Found name="Valid until">
          {validUntil.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}
          {expired && ' – expired'}
        </Found>
      </dl>
      <p>
        Trust it only if this fingerprint is the one that the server’s own administrator tells you. From then
        on, this server is accepted with this certificate and no other.
      </p>
      <button type="button" className="button" onClick={() => onTrust(certificate.pem)}>
        {changed ? 'Trust the new certificate' : 'Trust this certificate'}
      </button>
    </div>
  );
}
