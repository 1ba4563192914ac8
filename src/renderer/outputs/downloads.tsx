import { formatBytes } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { usePage } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { ProgressBar } from '../ui/controls/progress-bar.tsx';
import { useUnits } from '../ui/units.ts';
import './downloads.css';

/** The downloads that take their time, each with its progress and a way to end it. */
export function Downloads() {
  const { ask } = useHost('ignored');
  const units = useUnits();
  const downloads = usePage((page) => page.downloads);
  if (downloads.length === 0) return null;
  return (
    <section className="downloads" aria-label={t('outputs.downloads')}>
      {downloads.map(({ id, filename, received, total }) => {
        const soFar = formatBytes(received, units);
        const amount =
          total === null
            ? soFar
            : t('outputs.download.amount', { received: soFar, total: formatBytes(total, units) });
        return (
          <div key={id} className="download">
            <span className="download-name" title={filename}>
              {t('outputs.download', { filename })}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={t('outputs.download.cancel.named', { filename })}
              onClick={() => {
                // It shows by what is left; a host that is gone has ended it anyway.
                void ask('cancelDownload', { id });
              }}
            >
              {t('outputs.download.cancel')}
            </button>
            <ProgressBar
              label={t('outputs.download.progress', { filename })}
              value={total === null ? null : received}
              max={total ?? 1}
              text={amount}
            />
            <span className="download-amount">{amount}</span>
          </div>
        );
      })}
    </section>
  );
}
