import type { GpuSource } from './gpu-source.ts';

/** A source that may turn out to have nothing to measure. */
export interface OptionalSource extends GpuSource {
  /** False where it is not installed, or says that there is no GPU for it. */
  isThere(): boolean;
}

/** The second source runs only as long as the first has nothing to measure. */
export function firstThatMeasures(first: OptionalSource, second: GpuSource): GpuSource {
  return {
    start(pace) {
      first.start(pace);
      if (first.isThere()) second.stop();
      else second.start(pace);
    },
    stop() {
      first.stop();
      second.stop();
    },
    read: () => (first.isThere() ? first.read() : second.read()),
  };
}
