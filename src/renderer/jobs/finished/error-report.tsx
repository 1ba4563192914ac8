import { useState } from 'react';
import type { Job, JobError } from '../../../domain/jobs/job.ts';
import { jobTitle, nodeTitle } from '../../../domain/jobs/job-titles.ts';
import { t } from '../../../language/t.ts';
import { CopyButton } from '../../ui/controls/copy-button.tsx';
import { Icon } from '../../ui/controls/icon.tsx';
import { ScrollBox } from '../../ui/controls/scroll-box.tsx';
import { Modal } from '../../ui/overlays/modal.tsx';
import { useUnits } from '../../ui/units.ts';
import './error-report.css';
import { energyDetails } from '../energy-text.ts';
import { peakText } from '../peak-text.ts';

interface ErrorProps {
  job: Job;
  error: JobError;
}

/** What went wrong in a job, in the little room of its list; on request with more. */
export function ErrorReport({ job, error }: ErrorProps) {
  const [large, setLarge] = useState(false);
  const text = errorText(job, error, peakText(job, useUnits()));
  return (
    <div className="error-report">
      <ErrorText job={job} error={error} />
      <div className="error-actions">
        <CopyButton text={text} label={t('jobs.copy_error')} />
        <button type="button" className="button small" aria-haspopup="dialog" onClick={() => setLarge(true)}>
          <Icon name="expand" />
          {t('jobs.open_large')}
        </button>
      </div>
      {large && <ErrorDialog job={job} error={error} text={text} onClose={() => setLarge(false)} />}
    </div>
  );
}

interface ErrorDialogProps extends ErrorProps {
  /** What is copied. */
  text: string;
  onClose: () => void;
}

function ErrorDialog({ job, error, text, onClose }: ErrorDialogProps) {
  return (
    <Modal title={t('jobs.why_title', { title: jobTitle(job) })} wide onClose={onClose}>
      <div className="error-large">
        <ErrorText job={job} error={error} />
      </div>
      <footer className="modal-foot">
        <CopyButton text={text} label={t('jobs.copy_error')} />
      </footer>
    </Modal>
  );
}

/** The node comes first: a message can be so long that nothing after it is ever seen. */
function ErrorText({ job, error }: ErrorProps) {
  const where = nodeOf(job, error);
  return (
    <>
      {where !== null && (
        <p className="error-where">
          {t('jobs.in_the_node', {
            node: where,
            id: error.nodeId ?? '',
            type: error.nodeType !== null && error.nodeType !== where ? error.nodeType : 'none',
          })}
        </p>
      )}
      <ScrollBox className="error-message" label={t('jobs.message')}>
        {error.exceptionType !== null && <b>{error.exceptionType}: </b>}
        {error.message}
      </ScrollBox>
      {error.traceback.length > 0 && (
        <ScrollBox className="error-trace" label={t('jobs.traceback')}>
          <pre>{error.traceback.join('\n')}</pre>
        </ScrollBox>
      )}
    </>
  );
}

function nodeOf(job: Job, error: JobError): string | null {
  return error.nodeId === null ? null : nodeTitle(job, error.nodeId);
}

/** The error as text for a bug report. */
function errorText(job: Job, error: JobError, peak: string | null): string {
  const where = nodeOf(job, error);
  const energy = energyDetails(job);
  return [
    `${jobTitle(job)} (${job.promptId})`,
    ...(where === null
      ? []
      : [
          t('jobs.report_node', {
            node: where,
            id: error.nodeId ?? '',
            type: error.nodeType ?? t('jobs.type_unknown'),
          }),
        ]),
    ...(peak === null ? [] : [t('jobs.report_peak', { peak })]),
    ...(energy === null ? [] : [t('jobs.report_energy', { energy })]),
    `${error.exceptionType ?? t('jobs.error')}: ${error.message}`,
    ...error.traceback.map((line) => line.trimEnd()),
  ].join('\n');
}
