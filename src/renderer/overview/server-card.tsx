import { memo } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import { explainProblem } from '../../domain/connection-advice.ts';
import {
  type Clocks,
  endText,
  leftBesideText,
  progressText,
  queueText,
} from '../../domain/glance/glance-words.ts';
import type { GpuGlance } from '../../domain/glance/gpu-glance.ts';
import type { JobGlance } from '../../domain/glance/job-glance.ts';
import type { PictureGlance } from '../../domain/glance/server-glance.ts';
import { isReached } from '../../domain/server.ts';
import { formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { ConnectionDot, useStanding } from '../session/connection-status.tsx';
import { JobCountList } from '../session/glance/job-count-list.tsx';
import { useGlance } from '../session/glance/use-glance.ts';
import { usePage } from '../session/session-context.tsx';
import { useActions } from '../session/use-actions.ts';
import { useNow, wallTimeOf } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Meter } from '../ui/controls/meter.tsx';
import { useLanguage } from '../ui/language.tsx';

interface ServerCardProps {
  serverId: string;
  onSelect: (serverId: string) => void;
}

/** One server: how it stands, what it runs and until when, its GPUs each by itself, and what it made last. */
export function ServerCard({ serverId, onSelect }: ServerCardProps) {
  const glance = useGlance(serverId);
  const standing = useStanding(serverId);
  const platform = usePage((page) => page.host?.platform ?? null);
  const now = useNow();
  const { run } = useActions();
  if (!glance) return null;
  const { server, job, counts, problem, last, picture } = glance;
  const clocks = { now, wall: wallTimeOf(now) };
  const queue = queueText(glance.queue, clocks);
  const isThere = isReached(standing.phase);
  return (
    <article className="server-card" data-color={server.color} aria-label={server.name}>
      <header className="server-card-head">
        <span className="server-color" aria-hidden="true" />
        <h3>
          <button type="button" className="server-card-open" onClick={() => onSelect(serverId)}>
            {server.name}
          </button>
        </h3>
        <span className="server-card-state">
          <ConnectionDot phase={standing.phase} />
          {standing.word}
        </span>
        <button
          type="button"
          className="icon-button server-card-page"
          aria-label={t('overview.open_comfyui', { server: server.name })}
          title={t('actions.open_server')}
          onClick={() => void run({ do: 'open_server', serverId })}
        >
          <Icon name="open" />
        </button>
      </header>
      <div className="server-card-body">
        <div className="server-card-words">
          {problem ? (
            <p className="server-card-problem">
              <Icon name="alert" />
              {explainProblem(problem, server.url, platform).what}
            </p>
          ) : job && isThere ? (
            <Running job={job} clocks={clocks} />
          ) : (
            <p className="server-card-quiet">
              {isThere ? (
                <>
                  <b>
                    {counts.inQueue === null ? t('glance.idle') : t('glance.in_queue', { n: counts.inQueue })}
                  </b>
                  {last && (
                    <span className="server-card-title">{t('overview.last', { title: last.title })}</span>
                  )}
                </>
              ) : (
                <b>{standing.word}</b>
              )}
            </p>
          )}
          <JobCountList counts={counts} />
          {queue !== null && <p className="server-card-queue">{queue}</p>}
        </div>
        {picture && <Picture serverId={serverId} {...picture} />}
      </div>
      {isThere && glance.gpus.length > 0 && (
        <ul className="server-card-gpus" aria-label={t('overview.gpus', { server: server.name })}>
          {glance.gpus.map(({ worst, ...gpu }) => (
            <Gpu key={gpu.place} {...gpu} {...worst} />
          ))}
        </ul>
      )}
    </article>
  );
}

function Running({ job, clocks }: { job: JobGlance; clocks: Clocks }) {
  const done = endText(job, clocks);
  const left = leftBesideText(job);
  const progress = progressText(job);
  return (
    <>
      <p className="server-card-when">
        <b>{done ?? progress ?? t('glance.busy')}</b>
        {left !== null && <span>{left}</span>}
        {done !== null && progress !== null && <span className="server-card-percent">{progress}</span>}
      </p>
      {job.outlook.fraction !== null && <Meter fraction={job.outlook.fraction} />}
      <p className="server-card-title" title={job.title}>
        {job.title}
      </p>
    </>
  );
}

type GpuProps = Omit<GpuGlance, 'worst'> & GpuGlance['worst'];

/** Apart, with plain values, so that one GPU's new figure does not draw seven others. */
const Gpu = memo(function Gpu({ title, model, loadPercent, vramPercent, temperatureC, ...worst }: GpuProps) {
  useLanguage();
  return (
    <li className="server-card-gpu">
      <span className="server-card-gpu-name" title={model ?? undefined}>
        {title}
        {model !== null && <small> {model}</small>}
      </span>
      <Figure
        name={t('overview.load')}
        value={loadPercent === null ? null : formatPercent(loadPercent)}
        isWorst={worst.load}
        fraction={loadPercent}
      />
      <Figure
        name={t('overview.vram')}
        value={vramPercent === null ? null : formatPercent(vramPercent)}
        isWorst={worst.vram}
        fraction={vramPercent}
      />
      <Figure
        name={t('overview.temperature')}
        value={temperatureC === null ? null : `${temperatureC} °C`}
        isWorst={worst.temperature}
        fraction={null}
      />
    </li>
  );
});

interface FigureProps {
  name: string;
  value: string | null;
  isWorst: boolean;
  /** Percent 0–100 for its bar; null for none. */
  fraction: number | null;
}

function Figure({ name, value, isWorst, fraction }: FigureProps) {
  return (
    <span className="server-card-figure" data-worst={isWorst || undefined} title={name}>
      <span className="visually-hidden">{name} </span>
      {value ?? '–'}
      {isWorst && <span className="visually-hidden"> {t('overview.highest')}</span>}
      {fraction !== null && <Meter fraction={fraction / 100} />}
    </span>
  );
}

function Picture({ serverId, promptId, output }: { serverId: string } & PictureGlance) {
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  if (mediaBase === null || !output.file) return null;
  return (
    <img
      className="server-card-picture"
      src={mediaUrl(mediaBase, serverId, { file: output.file, promptId, at: output.at }, 'thumbnail')}
      alt={t('overview.newest')}
      decoding="async"
      loading="lazy"
    />
  );
}
