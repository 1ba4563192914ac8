import type { Presence, ServerFacts } from '../../domain/server.ts';
import type { GpuReading, MachineReading } from '../../domain/telemetry/machine-reading.ts';
import type { GpuState, MachineState, TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import { hostNow } from '../host-clock.ts';
import type { ComfyRest } from '../rest/comfy-rest.ts';
import { PacedRead } from '../rest/paced-read.ts';
import type { MachineMeasured } from '../wire/message-source.ts';
import type { SystemStats } from '../wire/system-stats.ts';
import type { LocalReadings } from './local-readings.ts';
import type { MixedTelemetry, TelemetryMixer } from './telemetry-mixer.ts';

/** Between polls, ms: `/system_stats` touches the GPU driver. */
const pollEvery = 2_000;
/** The same where others measure, and this only adds to it, or nobody looks, ms. */
const addingPollEvery = 10_000;
/** The others measure once a second unless set otherwise; after so long they are silent, ms. */
const silentAfter = 3_000;
/** A companion that measures has said so by then, ms; before, measuring here would be for nothing. */
const settledAfter = 1_500;
/** Readings of this computer after which it is clear whether they add anything to what the companion measures. */
const readingsToTry = 3;
/** Crystools that says nothing for so long after the connection is not there, ms. */
const absentAfter = 5_000;

export interface TelemetryReaderOptions {
  rest: ComfyRest;
  /** What was put together before, in an earlier connection to this server. */
  mixer: TelemetryMixer;
  /** This computer, if the server may run on it. */
  local: LocalReadings | null;
  onTelemetry: (telemetry: MixedTelemetry) => void;
  onFacts: (facts: Partial<ServerFacts>) => void;
  /** Hears of every failure, and with null when the server could be read again. */
  onProblem: (error: unknown) => void;
}

/**
 * Brings together what measures a server's machine: messages of the companion and of Crystools, this computer where the
 * server runs on it, and `/system_stats`, which is read once at connect, for facts about the server, and then every
 * two seconds as long as nobody else speaks or nobody else measures what it does.
 */
export class TelemetryReader {
  readonly #options: TelemetryReaderOptions;
  readonly #reads: PacedRead;
  #silence: NodeJS.Timeout | null = null;
  #absence: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  /** Whether anybody but `/system_stats` speaks; unknown for the first seconds of a connection. */
  #others: 'unknown' | 'speak' | 'silent' = 'unknown';
  /** Crystools was seen at this server, maybe silent now. */
  #crystools: Presence = 'unknown';
  /** How late messages may be heard, ms. */
  #hold = 0;
  /** How `/system_stats` is needed while others speak. */
  #need: 'none' | 'adds' | 'alone' = 'none';
  /** GPUs whose load the companion measures, and whether that are all that ComfyUI may compute on. */
  #companionLoads = { count: 0, areAll: true };
  /** Readings of this computer that told no more loads than the companion does. */
  #vainReadings = 0;

  constructor(options: TelemetryReaderOptions) {
    this.#options = options;
    this.#reads = new PacedRead({
      read: (signal) => this.#read(signal),
      minGap: () => this.#pollEvery,
      onFailure: options.onProblem,
    });
  }

  start(): void {
    this.stop();
    this.#others = 'unknown';
    this.#crystools = 'unknown';
    this.#need = 'none';
    this.#vainReadings = 0;
    this.#options.local?.forget();
    this.#options.mixer.forget('companion', 'local', 'crystools', 'system_stats');
    this.#await(silentAfter);
    this.#absence = setTimeout(() => {
      this.#crystools = 'absent';
      this.#options.onFacts({ crystools: 'absent' });
    }, absentAfter + this.#hold);
    this.#settling = setTimeout(() => {
      this.#settling = null;
      this.#measureHere();
    }, settledAfter);
    this.#reads.start();
  }

  stop(): void {
    this.#reads.stop();
    this.#options.local?.stop();
    for (const timer of [this.#silence, this.#absence, this.#settling]) if (timer) clearTimeout(timer);
    this.#silence = null;
    this.#absence = null;
    this.#settling = null;
  }

  /** Says that messages are kept for up to `ms` before they are heard: that is no silence. */
  setHold(ms: number): void {
    this.#hold = ms;
    this.#options.mixer.setHold(ms);
    this.#options.local?.setUrgent(ms === 0);
  }

  /** A source on the server sent what it measured; the message may have been kept for a while since. */
  measured({ source, reading }: MachineMeasured): void {
    if (source === 'crystools') this.#crystoolsSpoke();
    this.#take(source, reading);
  }

  get #pollEvery(): number {
    if (this.#others !== 'speak') return pollEvery;
    return this.#need === 'adds' || this.#hold > 0 ? addingPollEvery : pollEvery;
  }

  #crystoolsSpoke(): void {
    if (this.#absence) clearTimeout(this.#absence);
    this.#absence = null;
    if (this.#crystools === 'present') return;
    this.#crystools = 'present';
    this.#options.onFacts({ crystools: 'present' });
  }

  #take(source: TelemetrySource, reading: MachineReading): void {
    const { mixer, onTelemetry } = this.#options;
    const mixed = mixer.take(source, reading);
    if (source !== 'system_stats') {
      this.#others = 'speak';
      // One that is slow and goes on does not hide that the one which sets the pace fell silent.
      if (mixed || !this.#silence) this.#await(Math.max(silentAfter, mixer.patienceWith(source)));
      if (source === 'companion') this.#companionLoads = loadsIn(reading);
      if (source === 'local') this.#judgeLocal(reading);
      else this.#measureHere();
    }
    if (!mixed) return;
    onTelemetry(mixed);
    if (this.#others !== 'speak') return;
    this.#need = needOf(mixed.machine);
    if (this.#need === 'alone' || (this.#need === 'adds' && this.#hold === 0)) this.#reads.request();
  }

  /**
   * Measures this computer if the server runs on it, and its companion does not: nothing has to be measured twice. The
   * companion cannot ask macOS and Windows for the load of every GPU, though, which are asked here then.
   */
  #measureHere(): void {
    const { mixer, local } = this.#options;
    if (!local || this.#settling) return;
    const isInVain = this.#companionLoads.areAll || this.#vainReadings >= readingsToTry;
    if (isInVain && mixer.speaks('companion', hostNow())) {
      local.stop();
      return;
    }
    local.follow({
      take: (reading) => this.#take('local', reading),
      leave: () => mixer.forget('local'),
    });
  }

  #judgeLocal(reading: MachineReading): void {
    if (!this.#options.mixer.speaks('companion', hostNow())) return;
    const adds = loadsIn(reading).count > this.#companionLoads.count;
    this.#vainReadings = adds ? 0 : this.#vainReadings + 1;
  }

  #await(patience: number): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#silence = null;
      this.#others = 'silent';
      this.#reads.request();
    }, patience + this.#hold);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { rest, local, onFacts, onProblem } = this.#options;
    const stats = await rest.systemStats({ signal });
    signal.throwIfAborted();
    onProblem(null);
    onFacts(factsOf(stats));
    this.#take('system_stats', stats.reading);
    local?.judge(stats);
    this.#measureHere();
    if (this.#others === 'silent') this.#reads.request();
  }
}

function loadsIn({ gpus }: MachineReading): { count: number; areAll: boolean } {
  const count = gpus.filter(({ loadPercent }) => loadPercent !== null).length;
  const isExcused = (gpu: GpuReading) => gpu.isUsed === false || gpu.isLost || gpu.missing.all !== undefined;
  const areAll = gpus.length > 0 && gpus.every((gpu) => gpu.loadPercent !== null || isExcused(gpu));
  return { count, areAll };
}

/** Whether `/system_stats` alone tells RAM or VRAM, or adds what PyTorch holds where nobody knows ComfyUI's share. */
function needOf({ sources, gpus }: MachineState): 'none' | 'adds' | 'alone' {
  const isIt = (source: TelemetrySource | undefined) => source === 'system_stats';
  if (isIt(sources.ram) || gpus.some((gpu) => isIt(gpu.sources.vramUsed))) return 'alone';
  const isUnshared = ({ sources: of }: GpuState) =>
    of.vramOwn === undefined && (of.vramReserved === undefined || isIt(of.vramReserved));
  return gpus.some((gpu) => gpu.isUsed !== false && gpu.goneSince === null && isUnshared(gpu))
    ? 'adds'
    : 'none';
}

/** What a server says of itself besides figures. */
export function factsOf({
  comfyVersion,
  os,
  pythonVersion,
  pytorchVersion,
  devices,
  argv,
}: SystemStats): Pick<ServerFacts, 'comfyVersion' | 'customNodesOff'> & Partial<ServerFacts> {
  const customNodesOff = argv.includes('--disable-all-custom-nodes');
  return {
    comfyVersion,
    os,
    pythonVersion,
    pytorchVersion,
    devices,
    ...(customNodesOff ? { customNodesOff } : {}),
  };
}
