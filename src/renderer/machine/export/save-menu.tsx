import { useRef, useState } from 'react';
import type { NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import type { TelemetrySeries } from '../../../domain/telemetry/telemetry.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { Menu } from '../../ui/overlays/menu.tsx';
import type { ShownLine } from '../plots/shown-lines.ts';
import type { Plots } from '../plots/use-plots.ts';
import { chartPicture } from './chart-picture.ts';
import { fileName, saveFile } from './save-file.ts';
import { telemetryCsv } from './telemetry-csv.ts';

interface SaveMenuProps {
  /** Name of the server. */
  server: string;
  series: TelemetrySeries;
  plots: Plots;
  lines: readonly ShownLine[];
  gpus: readonly NamedGpu[];
}

/** Saves what the charts show: as a picture, or all figures of that time. */
export function SaveMenu({ server, series, plots, lines, gpus }: SaveMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const open = () => {
    const box = button.current?.getBoundingClientRect();
    if (box) setAt({ x: box.left, y: box.bottom + 4 });
  };
  const savePicture = async () => {
    const picture = await chartPicture(server, plots, lines, button.current ?? document.body);
    if (picture) saveFile(fileName(server, plots.range.until, 'png'), picture);
  };
  const saveFigures = () => {
    const csv = telemetryCsv(series, plots.range, gpus, wallTimeOf);
    saveFile(fileName(server, plots.range.until, 'csv'), new Blob([csv], { type: 'text/csv' }));
  };
  const label = t('machine.export.button');
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        onClick={open}
      >
        <Icon name="save" />
      </button>
      {at && (
        <Menu
          label={label}
          at={at}
          groups={[
            [
              { label: t('machine.export.picture'), icon: 'image', run: () => void savePicture() },
              {
                label: t('machine.export.table'),
                icon: 'lines',
                hint: t('machine.export.table_hint'),
                run: saveFigures,
              },
            ],
          ]}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}
