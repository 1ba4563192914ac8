import { useEffect, useState } from 'react';
import { t } from '../../../language/t.ts';
import { Icon } from './icon.tsx';

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 2_000);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('failed'),
    );
  };
  const words = { copied: t('frame.copied'), failed: t('frame.copy_by_hand') };
  return (
    <button type="button" className="button small" onClick={copy}>
      <Icon name={result === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{result === null ? label : words[result]}</span>
    </button>
  );
}
