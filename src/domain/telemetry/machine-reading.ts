/** Why a GPU runs slower than it could: its power limit, a brake of the power supply, heat, or its own protection. */
export const throttleReasons = ['power_limit', 'power_brake', 'heat', 'hardware'] as const;
export type ThrottleReason = (typeof throttleReasons)[number];

/**
 * The figures of a GPU. Load and fan in percent 0–100, temperatures in °C, memory in bytes, power in watts, clocks in
 * MHz. `vramUsed` is what all programs together hold, as the driver counts it; `vramOwn` is held by ComfyUI's process,
 * `vramReserved` by its PyTorch, which is less. `sharedUsed` is memory of the computer that the driver uses as VRAM.
 * `temperatureLimitC` is where the card slows down by itself.
 */
export const gpuFigures = [
  'loadPercent',
  'temperatureC',
  'temperatureLimitC',
  'vramUsed',
  'vramTotal',
  'vramOwn',
  'vramReserved',
  'sharedUsed',
  'powerWatts',
  'powerLimitWatts',
  'fanPercent',
  'coreClockMhz',
  'memoryClockMhz',
] as const;
export type GpuFigure = (typeof gpuFigures)[number];

/** What one source says of one GPU. Null means "not measured", never zero. */
export interface GpuReading extends Record<GpuFigure, number | null> {
  /** The driver's id, such as `GPU-6f2c…` or `MIG-…`, and the PCI address, such as `0000:01:00.0`: the same in all sources. */
  uuid: string | null;
  pciAddress: string | null;
  /** As people know it, such as `NVIDIA GeForce RTX 4090`. */
  name: string | null;
  /** Part of the processor: its VRAM is RAM. */
  isIntegrated: boolean | null;
  /** The number by which ComfyUI's PyTorch knows it; null if ComfyUI does not compute on it, or nobody says. */
  device: number | null;
  /** Whether ComfyUI computes on it; null if nobody says. */
  isUsed: boolean | null;
  /** The driver does not find it any more, and the source remembers it; figures are missing then. */
  isLost: boolean;
  /** What `vramUsed` counts: what all programs hold, or what ComfyUI's PyTorch does where nobody tells more. */
  vramCounts: 'all' | 'pytorch';
  /** Empty if it runs as fast as it can; null if nobody says. */
  throttledBy: ThrottleReason[] | null;
  /** Why a figure is missing that this source otherwise measures, in a few words; `all` is about the whole GPU. */
  missing: Partial<Record<GpuFigure | 'throttledBy' | 'all', string>>;
}

/** Space of a disk, bytes. */
export interface DiskReading {
  used: number;
  total: number;
  /** What ComfyUI may still write, where that is told: the system keeps some of the rest back. */
  free: number | null;
  /** A folder on it; null if that is not known. */
  path: string | null;
  /** Whether ComfyUI's outputs are on it. */
  holdsOutputs: boolean;
}

/** What one source measured of a machine at one moment. Percent 0–100, sizes in bytes, null for "not measured". */
export interface MachineReading {
  /** ms since the epoch, host clock. */
  at: number;
  cpuPercent: number | null;
  ramUsed: number | null;
  ramTotal: number | null;
  swapUsed: number | null;
  swapTotal: number | null;
  disk: DiskReading | null;
  /** Whether ComfyUI says that it computes on the processor alone. */
  isCpuOnly: boolean;
  /** In the order of the source, which may change from one reading to the next. */
  gpus: GpuReading[];
}

/** A GPU of which nothing is known yet. */
export function unmeasuredGpu(): GpuReading {
  return {
    uuid: null,
    pciAddress: null,
    name: null,
    isIntegrated: null,
    device: null,
    isUsed: null,
    loadPercent: null,
    temperatureC: null,
    temperatureLimitC: null,
    vramUsed: null,
    vramTotal: null,
    vramOwn: null,
    vramReserved: null,
    sharedUsed: null,
    powerWatts: null,
    powerLimitWatts: null,
    fanPercent: null,
    coreClockMhz: null,
    memoryClockMhz: null,
    isLost: false,
    vramCounts: 'all',
    throttledBy: null,
    missing: {},
  };
}

/** A machine of which nothing was measured at `at`, ms. */
export function unmeasuredMachine(at: number): MachineReading {
  return {
    at,
    cpuPercent: null,
    ramUsed: null,
    ramTotal: null,
    swapUsed: null,
    swapTotal: null,
    disk: null,
    isCpuOnly: false,
    gpus: [],
  };
}
