import { Icon } from '../../ui/controls/icon.tsx';

interface TrustedCertificateProps {
  /** SHA-256; null while unknown. */
  fingerprint: string | null;
  onStop: () => void;
}

/** That a server is known by a certificate of its own, and the way back. */
export function TrustedCertificate({ fingerprint, onStop }: TrustedCertificateProps) {
  return (
    <section className="certificate" aria-label="Trusted certificate">
      <p>
        <Icon name="check" /> <b>Its own certificate is pinned.</b> The server is accepted with this one and
        no other.
      </p>
      {fingerprint !== null && (
        <p className="certificate-print">
          SHA-256 <span className="fingerprint">{fingerprint}</span>
        </p>
      )}
      <button type="button" className="button small" onClick={onStop}>
        Stop trusting
      </button>
    </section>
  );
}
