import { t } from '../../../language/t.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { Text } from '../../ui/language.tsx';

interface TrustedCertificateProps {
  /** SHA-256; null while unknown. */
  fingerprint: string | null;
  onStop: () => void;
}

/** That a server is known by a certificate of its own, and the way back. */
export function TrustedCertificate({ fingerprint, onStop }: TrustedCertificateProps) {
  return (
    <section className="certificate" aria-label={t('servers.certificate.trusted')}>
      <p>
        <Icon name="check" />{' '}
        <Text id="servers.certificate.pinned" values={{ b: (words) => <b>{words}</b> }} />
      </p>
      {fingerprint !== null && (
        <p className="certificate-print">
          SHA-256 <span className="fingerprint">{fingerprint}</span>
        </p>
      )}
      <button type="button" className="button small" onClick={onStop}>
        {t('servers.certificate.stop')}
      </button>
    </section>
  );
}
