import type { DiskReading, MachineReading } from '../../domain/telemetry/machine-reading.ts';

/** The computer that the monitor runs on, which may be that of a server, too. */
export interface LocalMachine {
  /** Node's name of its system, such as `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** RAM as the system counts it at this moment, bytes. `free` includes what the system can give back at once. */
  memory(): { total: number; free: number };
  /**
   * Measures it as long as anybody follows: once a second if anybody of them is in a hurry, else every four seconds.
   * Readings have no disk. GPUs are left in peace, and asleep, as long as nobody wants them. Returns what ends it; nothing
   * is left running then.
   */
  follow(
    listener: (reading: MachineReading) => void,
    isUrgent: () => boolean,
    wantsGpus?: boolean,
  ): () => void;
  /** The space of the disk with a folder; null if that cannot be told. Never rejects. */
  disk(folder: string): Promise<Pick<DiskReading, 'used' | 'total' | 'free'> | null>;
}
