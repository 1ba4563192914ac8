import type { ReactNode } from 'react';
import { endedCount } from '../../domain/glance/glance-words.ts';
import type { JobCounts } from '../../domain/glance/job-counts.ts';
import { formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Meter } from '../ui/controls/meter.tsx';
import { ProgressBar } from '../ui/controls/progress-bar.tsx';
import type { MiniFigure, MiniJob, MiniModel } from './mini-model.ts';
import './mini.css';

interface MiniViewProps {
  model: MiniModel | null;
  /** The monitor itself is gone: nothing of this holds any more. */
  isLost: boolean;
  /** Address of what is made now, or was made last; null for none. */
  picture: string | null;
  /** The buttons. */
  children: ReactNode;
}

/**
 * The small window: the job with its progress, the machine, the counts, in letters that grow with it; in a tall one
 * also each GPU and a picture. Dragged by whatever is no button.
 */
export function MiniView({ model, isLost, picture, children }: MiniViewProps) {
  const job = isLost ? null : (model?.job ?? null);
  return (
    <main className="mini" aria-label={t('mini.title')} data-color={model?.server.color}>
      <div className="mini-body">
        <header className="mini-head">
          {model?.several && <span className="server-color" aria-hidden="true" />}
          <h1 title={job?.title}>{job?.title ?? headline(model, isLost)}</h1>
          {job && <b className="mini-percent">{job.percent ?? '–'}</b>}
          <span className="mini-buttons">{children}</span>
        </header>
        {job ? (
          <>
            <ProgressBar
              label={job.title}
              value={job.fraction === null ? null : Math.floor(job.fraction * 100)}
              max={100}
              text={spoken(job)}
            />
            <p className="mini-line">
              <span className="mini-node">{job.node}</span>
              {job.steps && <span className="mini-steps">{job.steps}</span>}
              <b
                className="mini-end"
                title={job.basis === null ? undefined : t('mini.whole_prompt', { basis: job.basis })}
              >
                {job.time}
              </b>
            </p>
          </>
        ) : (
          <>
            {/* An empty bar, so that nothing moves when a job begins or ends. */}
            <div className="progress" aria-hidden="true" />
            <p className="mini-line">{model && !isLost && <Quiet {...model} />}</p>
          </>
        )}
        {model && !isLost && <Figures {...model} />}
        {model && !isLost && <More model={model} picture={picture} />}
      </div>
    </main>
  );
}

function Figures({ server, several, gpu, vram, temperature, counts }: MiniModel) {
  return (
    <dl className="mini-figures">
      {several && (
        <div className="mini-server">
          <dt className="visually-hidden">{t('mini.server')}</dt>
          <dd>{server.name}</dd>
        </div>
      )}
      <Figure label={t('mini.gpu')} figure={gpu} />
      <Figure label={t('mini.vram')} figure={vram} />
      {temperature && (
        <div className="mini-temperature" title={temperature.words ?? undefined}>
          <dt className="visually-hidden">{t('mini.temperature')}</dt>
          <dd>{temperature.value}</dd>
        </div>
      )}
      <Counts {...counts} />
    </dl>
  );
}

/** What waits, and what failed today; the running one is all the rest of the window. */
function Counts({ waiting, inQueue, failed }: JobCounts) {
  return (
    <>
      {failed > 0 && (
        <div className="mini-failed">
          <dt>{t('mini.failed')}</dt>
          <dd>{failed}</dd>
        </div>
      )}
      <div className="mini-waiting">
        <dt>{inQueue === null ? t('mini.waiting') : t('mini.in_queue')}</dt>
        <dd>{inQueue ?? waiting ?? '–'}</dd>
      </div>
    </>
  );
}

function Figure({ label, figure }: { label: string; figure: MiniFigure | null }) {
  return (
    <div title={figure?.words ?? undefined}>
      <dt>{label}</dt>
      <dd>
        {figure?.value ?? '–'}
        {figure?.hint != null && <span className="mini-hint"> · {figure.hint}</span>}
      </dd>
    </div>
  );
}

/** What only a tall window has room for. */
function More({ model: { queueEnd, gpus, counts }, picture }: { model: MiniModel; picture: string | null }) {
  return (
    <div className="mini-more">
      <div className="mini-more-words">
        <p className="mini-queue">
          {queueEnd !== null && <span>{queueEnd}</span>}
          {counts.done !== null && (
            <span>{t('glance.done_today', { n: endedCount(counts.done, counts) })}</span>
          )}
        </p>
        {gpus.length > 0 && (
          <ul className="mini-gpus" aria-label={t('mini.gpus')}>
            {gpus.map(({ place, title, loadPercent, vramPercent, temperatureC, worst }) => (
              <li key={place} className="mini-gpu" data-worst={worst.load || undefined}>
                <span>{title}</span>
                <b>{loadPercent === null ? '–' : formatPercent(loadPercent)}</b>
                <Meter fraction={(loadPercent ?? 0) / 100} />
                <b>{vramPercent === null ? '–' : formatPercent(vramPercent)}</b>
                <Meter fraction={(vramPercent ?? 0) / 100} />
                <span>{temperatureC === null ? '' : `${temperatureC} °C`}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {/* Not fetched while there is no room for it. */}
      {picture !== null && (
        <img className="mini-picture" src={picture} alt={t('mini.picture')} loading="lazy" />
      )}
    </div>
  );
}

function Quiet({ server, isConnected, last }: MiniModel) {
  if (!isConnected) return <span className="mini-node">{server.name}</span>;
  if (!last) return t('mini.nothing_yet');
  return (
    <>
      {last.failed && <Icon name="alert" />}
      <span className="mini-node" data-failed={last.failed || undefined}>
        {last.text}
      </span>
    </>
  );
}

/** How far the whole job is, for those who cannot see the bar. */
function spoken({ percent, time, basis }: MiniJob): string | null {
  if (basis === null || time === null) return percent;
  return percent === null ? time : t('mini.spoken', { percent, time });
}

function headline(model: MiniModel | null, isLost: boolean): string {
  if (isLost) return t('mini.lost');
  return model?.state ?? t('frame.no_server');
}
