import type { ReactNode } from 'react';
import { Icon } from '../ui/controls/icon.tsx';
import { ProgressBar } from '../ui/controls/progress-bar.tsx';
import type { MiniFigure, MiniJob, MiniModel } from './mini-model.ts';
import './mini.css';

interface MiniViewProps {
  model: MiniModel | null;
  /** The monitor itself is gone: nothing of this holds any more. */
  isLost: boolean;
  /** The buttons. */
  children: ReactNode;
}

/** The strip: the job with its progress, the machine, the queue. Dragged by whatever is no button. */
export function MiniView({ model, isLost, children }: MiniViewProps) {
  const job = isLost ? null : (model?.job ?? null);
  return (
    <main className="mini" aria-label="Mini mode" data-color={model?.server.color}>
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
            {job.steps && <span>{job.steps}</span>}
            <span className="mini-end" title={job.basis === null ? undefined : `Whole prompt: ${job.basis}`}>
              {job.time}
            </span>
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
    </main>
  );
}

function Figures({ server, several, gpu, vram, temperature, queue }: MiniModel) {
  return (
    <dl className="mini-figures">
      {several && (
        <div className="mini-server">
          <dt className="visually-hidden">Server</dt>
          <dd>{server.name}</dd>
        </div>
      )}
      <Figure label="GPU" figure={gpu} />
      <Figure label="VRAM" figure={vram} />
      {temperature && (
        <div className="mini-temperature" title={temperature.words ?? undefined}>
          <dt className="visually-hidden">Temperature</dt>
          <dd>{temperature.value}</dd>
        </div>
      )}
      <div>
        <dt>Queue</dt>
        <dd>{queue ?? '–'}</dd>
      </div>
    </dl>
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

function Quiet({ server, isConnected, last }: MiniModel) {
  if (!isConnected) return <span className="mini-node">{server.name}</span>;
  if (!last) return 'Nothing has run yet';
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
  return basis === null || time === null
    ? percent
    : [percent, time].filter((part) => part !== null).join(', ');
}

function headline(model: MiniModel | null, isLost: boolean): string {
  if (isLost) return 'The monitor itself is not running any more';
  return model?.state ?? 'No server is watched';
}
