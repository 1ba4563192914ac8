import { useNow } from '../clock.ts';
import './progress-bar.css';

interface ProgressBarProps {
  /** What progresses. */
  label: string;
  /** Null when unknown: the bar is then indeterminate. */
  value: number | null;
  max: number;
  /** The value in words. */
  text: string | null;
  tone?: 'strong' | 'quiet';
  /** It is not known whether it goes on: an unknown value is then shown without movement. */
  still?: boolean;
}

/** A progress bar with values for assistive technology; indeterminate while the value is unknown. */
export function ProgressBar({ label, value, max, text, tone = 'strong', still = false }: ProgressBarProps) {
  const fraction = value === null || max <= 0 ? null : Math.min(1, Math.max(0, value / max));
  return (
    <div
      className="progress"
      data-tone={tone}
      data-indeterminate={fraction === null || undefined}
      data-still={still || undefined}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={fraction === null || value === null ? undefined : value}
      aria-valuetext={text ?? undefined}
    >
      {fraction === null && !still ? (
        <Wandering />
      ) : (
        <div
          className="progress-fill"
          style={fraction === null ? undefined : { transform: `scaleX(${fraction})` }}
        />
      )}
    </div>
  );
}

/** Places that the fill goes through, one a second. */
const places = 5;

/**
 * Something goes on, but how far it is, is not known. It takes a step each second: an animation would be drawn sixty times a
 * second, which on a machine without a free GPU costs more than all the rest of the page.
 */
function Wandering() {
  const place = Math.floor(useNow() / 1_000) % places;
  return <div className="progress-fill" data-place={place} />;
}
