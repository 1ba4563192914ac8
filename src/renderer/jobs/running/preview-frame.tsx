import { useState } from 'react';
import { t } from '../../../language/t.ts';
import { Icon } from '../../ui/controls/icon.tsx';

/**
 * The newest preview that has arrived. The next one is asked for only then: frames that come faster than
 * they can be fetched would otherwise push each other out, and nothing would ever be seen.
 */
export function PreviewFrame({ address }: { address: string | null }) {
  const [asked, setAsked] = useState(address);
  const [stage, setStage] = useState<'fetching' | 'shown' | 'failed'>('fetching');
  if (asked !== address && (asked === null || stage !== 'fetching')) {
    setAsked(address);
    setStage('fetching');
  }
  return (
    <div className="running-preview">
      {asked === null || stage === 'failed' ? (
        <span className="running-preview-none">
          <Icon name="image" />
          {t(asked === null ? 'jobs.no_preview_yet' : 'jobs.no_preview')}
        </span>
      ) : (
        <img
          fetchPriority="high"
          src={asked}
          alt={t('jobs.newest_preview')}
          decoding="async"
          onLoad={() => setStage('shown')}
          onError={() => setStage('failed')}
        />
      )}
    </div>
  );
}
