import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import type { QueueSource } from './queue-reader.ts';

/** As much of REST as says something about jobs. */
export type JobSource = QueueSource & Pick<ComfyRest, 'endedJobs' | 'history' | 'historyOf'>;

/** What a read found out, without the time and the server it is about. */
export type JobFinding = DistributiveOmit<
  Extract<
    MonitorEvent,
    {
      type:
        | 'queue_read'
        | 'history_read'
        | 'prompt_described'
        | 'prompt_finished'
        | 'prompt_requeued'
        | 'prompt_vanished';
    }
  >,
  'serverId' | 'at'
>;

/** One read of what became of the jobs: where its findings go, and what breaks it off. */
export interface Reading {
  report: (finding: JobFinding) => void;
  signal: AbortSignal;
}

/** `Omit` for each member of a union. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
