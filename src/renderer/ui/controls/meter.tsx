import './progress-bar.css';

/** A thin bar that repeats a figure beside it; decoration for everybody who reads the figure. */
export function Meter({ fraction }: { fraction: number }) {
  return (
    <span className="meter" aria-hidden="true">
      <span className="meter-fill" style={{ transform: `scaleX(${Math.min(1, Math.max(0, fraction))})` }} />
    </span>
  );
}
