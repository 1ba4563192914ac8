import { type KeyboardEvent, type ReactNode, useContext, useId } from 'react';
import { formatMoment } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import './chart-bar.css';
import { moved, zoomed } from './chart-view.ts';
import { CrosshairContext, usePointedMoment } from './crosshair.ts';
import { placeOf } from './curve-paths.ts';
import { type JobSpan, spanAt } from './job-spans.ts';
import type { TimeRange } from './plot-points.ts';

interface ChartBarProps {
  range: TimeRange;
  isZoomed: boolean;
  /** All the time that can be shown. */
  bounds: TimeRange;
  /** What ran in that time. */
  jobs: readonly JobSpan[];
  /** What was measured at a moment, in words. */
  valuesAt: (at: number) => string;
  /** More controls. */
  children?: ReactNode;
}

const zoomStep = 0.5;
/** Keys move the crosshair by so much of what is shown; with Shift, by ten times as much. */
const keySteps = 100;

/**
 * The moment that the crosshair of all charts is at, which keys move, and what else can be done with the time shown.
 * Screen readers say the values of a moment once, when it is moved to: they are what the slider is at.
 */
export function ChartBar({ range, isZoomed, bounds, jobs, valuesAt, children }: ChartBarProps) {
  const crosshair = useContext(CrosshairContext);
  const at = usePointedMoment();
  const hint = useId();
  if (!crosshair) return null;
  const span = range.until - range.since;
  const zoomBy = (factor: number) => {
    // What ends now goes on to.
    const endsNow = range.until > bounds.until - span / 10;
    const around = at ?? (endsNow ? range.until : (range.since + range.until) / 2);
    crosshair.zoom(zoomed(range, factor, around, bounds));
  };
  const pointAt = (wanted: number) => {
    const next = Math.min(bounds.until, Math.max(bounds.since, wanted));
    crosshair.setState({ at: next });
    const beyond = Math.min(0, next - range.since) + Math.max(0, next - range.until);
    if (isZoomed ? beyond !== 0 : beyond < 0) crosshair.zoom(moved(range, beyond, bounds));
  };
  const press = (event: KeyboardEvent) => {
    const act = keyAct(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const keyAct = ({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): (() => void) | null => {
    if (ctrlKey || metaKey || altKey) return null;
    const step = Math.max(1_000, span / keySteps) * (shiftKey ? 10 : 1);
    const from = at ?? range.until;
    if (key === 'ArrowLeft' || key === 'ArrowDown') return () => pointAt(from - step);
    if (key === 'ArrowRight' || key === 'ArrowUp') return () => pointAt(from + step);
    if (key === 'PageUp') return () => pointAt(from + span / 2);
    if (key === 'PageDown') return () => pointAt(from - span / 2);
    if (key === 'Home') return () => pointAt(range.since);
    if (key === 'End') return () => pointAt(range.until);
    if (key === '+' || key === '=') return () => zoomBy(zoomStep);
    if (key === '-') return () => zoomBy(1 / zoomStep);
    if (key === '0') return crosshair.reset;
    if (key === 'Escape' && at !== null) return () => crosshair.setState({ at: null });
    return null;
  };
  const job = at === null ? null : spanAt(jobs, at);
  const jobText = job && t('machine.moment.job', { title: job.title, kind: job.kind });
  const time = at === null ? t('machine.moment.newest') : formatMoment(wallTimeOf(at));
  const place = at === null ? 100 : Math.min(100, Math.max(0, placeOf(at, range)));
  return (
    <div className="chart-bar">
      <div
        className="chart-moment"
        role="slider"
        tabIndex={0}
        aria-label={t('machine.moment.label')}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(place)}
        aria-valuetext={[time, at === null ? null : valuesAt(at), jobText]
          .filter((text) => text !== null)
          .join(', ')}
        onKeyDown={press}
        onBlur={() => crosshair.setState({ at: null })}
      >
        <span className="chart-moment-time">{time}</span>
        {jobText !== null && (
          <span className="chart-moment-job" title={jobText}>
            {jobText}
          </span>
        )}
        <span className="chart-moment-hint">{t('machine.moment.hint')}</span>
      </div>
      <span id={hint} className="visually-hidden">
        {t('machine.moment.hint')}
      </span>
      {isZoomed && (
        <button
          type="button"
          className="button small"
          aria-label={t('machine.zoom.reset')}
          onClick={crosshair.reset}
        >
          {t('machine.zoom.reset_short')}
        </button>
      )}
      <IconButton icon="plus" label={t('machine.zoom.in')} onPress={() => zoomBy(zoomStep)} />
      <IconButton icon="minus" label={t('machine.zoom.out')} onPress={() => zoomBy(1 / zoomStep)} />
      {children}
    </div>
  );
}

interface IconButtonProps {
  icon: 'plus' | 'minus';
  label: string;
  onPress: () => void;
}

function IconButton({ icon, label, onPress }: IconButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}
