import { mediaUrl } from '../../contract/media-url.ts';
import { type Job, jobElapsed } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { type ExecutedOutput, isTemporary, outputName } from '../../domain/outputs/executed-output.ts';
import { formatDuration } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { usePage } from '../session/session-context.tsx';
import { useOpenOutput } from '../session/use-open-output.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { expectedText } from './expected-text.ts';
import { JobFacts } from './facts/job-facts.tsx';
import { JobStateIcon, JobStateWord } from './job-state.tsx';
import { useShowJob } from './use-show-job.ts';
import './last-result.css';

/** What came of the last job, in the place of the running one while there is none. */
export function LastResult({ serverId, job }: { serverId: string; job: Job }) {
  const show = useShowJob(serverId);
  const open = useOpenOutput(serverId);
  const { promptId } = job;
  const title = jobTitle(job);
  const output = mainOutput(job);
  const expected = expectedText(job);
  const elapsed = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  return (
    <article
      className="running-job last-result"
      data-prominent="true"
      aria-label={t('jobs.last_result', { title })}
    >
      {output ? (
        <button
          type="button"
          className="running-preview"
          aria-label={t('jobs.view_output', { name: outputName(output) })}
          onClick={() => show.output(promptId, output)}
        >
          <OutputPicture serverId={serverId} promptId={promptId} output={output} />
        </button>
      ) : (
        <div className="running-preview">
          <span className="last-result-state">
            <JobStateIcon state={job.state} />
          </span>
        </div>
      )}
      <div className="running-body">
        <header className="running-head">
          <h3 title={title}>{title}</h3>
        </header>
        <p className="last-result-facts">
          <JobStateWord state={job.state} />
          {elapsed !== null && <span>{t('jobs.took', { duration: formatDuration(elapsed) })}</span>}
          {expected !== null && <span>{expected}</span>}
          {job.finishedAt !== null && <TimeAgo at={job.finishedAt} />}
        </p>
        <JobFacts parameters={job.parameters} />
        {job.error && (
          <p className="last-result-error">
            {job.error.exceptionType !== null && <b>{job.error.exceptionType}: </b>}
            {job.error.message}
          </p>
        )}
        <div className="last-result-actions">
          {output && (
            <button type="button" className="button" onClick={() => show.output(promptId, output)}>
              <Icon name="eye" />
              {t('jobs.view')}
            </button>
          )}
          {output?.file && (
            <button type="button" className="button" onClick={() => open(promptId, output)}>
              <Icon name="open" />
              {t('jobs.open')}
            </button>
          )}
          {job.error && (
            <button type="button" className="button" onClick={() => show.job(promptId)}>
              <Icon name="alert" />
              {t('jobs.why_failed')}
            </button>
          )}
        </div>
      </div>
    </article>
  );
}

/** The output that stands for a job: its first image, else whatever came first; previews only where nothing was saved. */
export function mainOutput(job: Job): ExecutedOutput | null {
  const saved = job.outputs.filter((output) => !isTemporary(output));
  const shown = saved.length > 0 ? saved : job.outputs;
  return shown.find(({ kind }) => kind === 'image') ?? shown[0] ?? null;
}

function OutputPicture({
  serverId,
  promptId,
  output,
}: {
  serverId: string;
  promptId: string;
  output: ExecutedOutput;
}) {
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const { kind, file, text, at } = output;
  if (file && mediaBase !== null && (kind === 'image' || kind === 'animation'))
    return (
      <img src={mediaUrl(mediaBase, serverId, { file, promptId, at }, 'thumbnail')} alt="" decoding="async" />
    );
  if (text !== null) return <span className="last-result-text">{text.slice(0, 400)}</span>;
  return (
    <span className="running-preview-none">
      <Icon name={kind === 'video' ? 'film' : kind === 'audio' ? 'wave' : 'file'} />
      {outputName(output)}
    </span>
  );
}
