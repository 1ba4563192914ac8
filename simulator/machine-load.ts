import type { Activity } from './nodes/node-class.ts';

/** What the simulated machine is busy with at a moment: all that telemetry needs to know. */
export interface MachineLoad {
  readonly activity: Activity;
  /** The GPU the running prompt works on. */
  readonly gpu: number;
  /** Bytes of model weights kept in the memory of each GPU. */
  readonly residentBytes: readonly number[];
}
