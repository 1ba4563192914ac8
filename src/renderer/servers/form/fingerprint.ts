import { useEffect, useState } from 'react';

/** SHA-256 of a certificate (PEM) in hexadecimal pairs, as browsers show it; null while unknown. */
export function useFingerprint(pem: string | null): string | null {
  const [known, setKnown] = useState<{ pem: string; fingerprint: string } | null>(null);
  useEffect(() => {
    if (pem === null) return;
    let current = true;
    fingerprintOf(pem).then(
      (fingerprint) => {
        if (current) setKnown({ pem, fingerprint });
      },
      // Not a certificate: the host refuses it, and says so.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [pem]);
  return known !== null && known.pem === pem ? known.fingerprint : null;
}

export async function fingerprintOf(pem: string): Promise<string> {
  const base64 = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END/.exec(pem)?.[1] ?? '';
  const bytes = Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
