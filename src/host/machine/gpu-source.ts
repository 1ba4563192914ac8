import type { GpuReading } from '../../domain/telemetry/machine-reading.ts';

/** Measures the GPUs of one kind while it runs. */
export interface GpuSource {
  /** Begins, or goes on at another pace: ms from one measurement to the next. */
  start(pace: number): void;
  /** Ends everything that it runs. It may be started again. */
  stop(): void;
  /** The newest figures, in the order of the source. Never rejects, and takes at most a few seconds. */
  read(): Promise<GpuReading[]>;
}
