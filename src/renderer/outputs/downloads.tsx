import { formatBytes } from '../../domain/text/format.ts';
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
    <section className="downloads" aria-label="Downloads">
      {downloads.map(({ id, filename, received, total }) => {
        const soFar = formatBytes(received, units);
        const amount = total === null ? soFar : `${soFar} of ${formatBytes(total, units)}`;
        return (
          <div key={id} className="download">
            <span className="download-name" title={filename}>
              Fetching {filename}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`Cancel the download of ${filename}`}
              onClick={() => {
                // It shows by what is left; a host that is gone has ended it anyway.
                void ask('cancelDownload', { id });
              }}
            >
              Cancel
            </button>
            <ProgressBar
              label={`Download of ${filename}`}
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
