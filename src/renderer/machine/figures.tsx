import { type TelemetrySample, usedFraction } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatPercent } from '../../domain/text/format.ts';
import { Meter } from '../ui/controls/meter.tsx';

export interface Figure {
  label: string;
  value: string | null;
  /** 0–1, for the small bar below the value. */
  fraction: number | null;
  note: string | null;
  /** Needs a row of its own. */
  wide?: boolean;
}

/** CPU, GPU temperatures and disk, as far as they were measured; without a GPU it has no temperature. */
export function figuresOf(sample: TelemetrySample, units: ByteUnits = 'binary', cpuOnly = false): Figure[] {
  const temperature = temperatures(sample);
  const several = sample.gpus.length > 1;
  const disk = usedFraction(sample.diskUsed, sample.diskTotal);
  return [
    {
      label: 'CPU',
      value: sample.cpuPercent === null ? null : formatPercent(sample.cpuPercent),
      fraction: sample.cpuPercent === null ? null : sample.cpuPercent / 100,
      note: null,
    },
    // One that ComfyUI does not use can still be measured.
    ...(cpuOnly && temperature === null
      ? []
      : [
          {
            label: several ? 'GPU temperatures' : 'GPU temperature',
            value: temperature,
            fraction: null,
            note: null,
            wide: several,
          },
        ]),
    {
      label: 'Disk',
      value: disk === null ? null : formatPercent(disk * 100),
      fraction: disk,
      note:
        sample.diskUsed === null || sample.diskTotal === null
          ? null
          : `${formatBytes(sample.diskUsed, units)} of ${formatBytes(sample.diskTotal, units)}`,
    },
  ];
}

/** Figures without a history; a stale one is marked as what it was. */
export function Figures({ figures, stale }: { figures: Figure[]; stale: boolean }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, fraction, note, wide }) => (
        <div key={label} className="figure" data-wide={wide || undefined}>
          <dt>{label}</dt>
          <dd>
            <span className="figure-value">{stale || value === null ? '–' : value}</span>
            {stale && value !== null ? (
              <span className="figure-note">was {value}</span>
            ) : (
              note !== null && <span className="figure-note">{note}</span>
            )}
            {fraction !== null && !stale && <Meter fraction={fraction} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function temperatures(sample: TelemetrySample): string | null {
  const measured = sample.gpus.map((gpu) => gpu.temperatureC);
  if (measured.every((value) => value === null)) return null;
  return `${measured.map((value) => (value === null ? '–' : String(Math.round(value)))).join(' · ')} °C`;
}
