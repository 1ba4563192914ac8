import { formatMoment, formatPercent } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import type { ShownLine } from '../plots/shown-lines.ts';
import { lineSummary } from './line-summary.ts';
import './summary-table.css';
import type { Plots } from '../plots/use-plots.ts';

interface SummaryTableProps {
  plots: Plots;
  lines: readonly ShownLine[];
}

/** What the curves show, in figures: for who cannot see them, or wants to know more exactly. */
export function SummaryTable({ plots, lines }: SummaryTableProps) {
  const { range, jobs } = plots;
  const rows = lines.map(({ name, points, line }) => ({ name, ...lineSummary(points, line) }));
  const time = (at: number) => formatMoment(wallTimeOf(at));
  const figure = (percent: number | null) => (percent === null ? '–' : formatPercent(percent));
  return (
    <table className="summary-table">
      <caption>
        {t('machine.table.caption', { since: time(range.since), until: time(range.until) })}
        {' · '}
        {t('machine.table.jobs', { n: jobs.length })}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('machine.table.figure')}</th>
          <th scope="col">{t('machine.table.lowest')}</th>
          <th scope="col">{t('machine.table.mean')}</th>
          <th scope="col">{t('machine.table.highest')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, lowest, mean, highest }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{figure(lowest)}</td>
            <td>{figure(mean)}</td>
            <td>{figure(highest)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
