import type { Job } from '../jobs/job.ts';
import { jobTitle } from '../jobs/job-titles.ts';
import { type JobOutlook, jobOutlook } from '../jobs/outlook/job-outlook.ts';
import { stepHeadline } from '../jobs/outlook/outlook-text.ts';
import type { ServerState } from '../monitor-state.ts';

/** What runs: its name, how far it is and when it will be done. */
export interface JobGlance {
  promptId: string;
  title: string;
  outlook: JobOutlook;
  /** `step 12 of 30`, of the node that runs; null where no steps are reported. */
  steps: string | null;
}

export function jobGlance(server: ServerState, job: Job, now: number): JobGlance {
  return {
    promptId: job.promptId,
    title: jobTitle(job),
    outlook: jobOutlook(server, job, now),
    steps: stepHeadline(job),
  };
}
