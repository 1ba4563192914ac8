/** Builders for tests: events and servers with only what a test is about spelt out. */

import type { JobParameters } from '../jobs/job-parameters.ts';
import {
  type HistoryEntry,
  type MonitorEvent,
  type MonitorEventOf,
  type MonitorEventType,
  monitorEventSchema,
  type QueueEntry,
} from '../monitor-event.ts';
import { emptyState, type MonitorState, type ServerState, serverStateOf } from '../monitor-state.ts';
import type { ExecutedOutput } from '../outputs/executed-output.ts';
import { reduce } from '../reduce.ts';
import type { Server } from '../server.ts';
import { type GpuState, type MachineState, unknownMachine } from '../telemetry/machine-state.ts';
import type { TelemetrySample } from '../telemetry/telemetry.ts';

export const testServer: Server = {
  id: 's',
  name: 'Test',
  color: 'blue',
  url: 'http://127.0.0.1:8188',
  enabled: true,
  authentication: { kind: 'none' },
  certificate: null,
  outputFolder: null,
  demo: false,
};

type Body<T extends MonitorEventType> = Omit<MonitorEventOf<T>, 'type' | 'serverId' | 'at'>;

/** An event of server `s` at time `at` (ms). */
export function event<T extends MonitorEventType>(at: number, type: T, body: Body<T>): MonitorEvent {
  // Through the schema, so that a test cannot use an event that the bridge would refuse.
  return monitorEventSchema.parse({ serverId: testServer.id, at, type, ...body });
}

/** The state after events, starting with server `s` connected at time 0. */
export function stateAfter(...events: MonitorEvent[]): MonitorState {
  return [
    event(0, 'server_added', { server: testServer }),
    event(0, 'connection_changed', { connection: { phase: 'connected', since: 0 } }),
    ...events,
  ].reduce(reduce, emptyState);
}

/** The same, of server `s` alone. */
export function serverAfter(...events: MonitorEvent[]): ServerState {
  const server = serverStateOf(stateAfter(...events), testServer.id);
  if (!server) throw new Error('the test server is gone');
  return server;
}

export function queued(promptId: string, entry: Partial<QueueEntry> = {}): QueueEntry {
  return {
    promptId,
    queueNumber: null,
    queuedAt: null,
    startedAt: null,
    title: null,
    nodeTotal: null,
    ...entry,
  };
}

export function ended(promptId: string, entry: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    promptId,
    outcome: 'success',
    title: null,
    queueNumber: null,
    queuedAt: null,
    startedAt: null,
    finishedAt: null,
    nodeTotal: null,
    cachedNodeIds: null,
    nodeNames: {},
    outputs: [],
    error: null,
    ...entry,
  };
}

/** Parameters of which nothing is known but what is given. */
export function parametersWith(known: Partial<JobParameters> = {}): JobParameters {
  return {
    models: [],
    loras: [],
    width: null,
    height: null,
    batch: null,
    frames: null,
    seed: null,
    steps: null,
    cfg: null,
    sampler: null,
    scheduler: null,
    amounts: null,
    positive: null,
    negative: null,
    ...known,
  };
}

export function image(filename: string, at = 0): ExecutedOutput {
  return { nodeId: '9', kind: 'image', file: { filename, subfolder: '', type: 'output' }, text: null, at };
}

export function sample(at: number, gpuLoad: number | null = null): TelemetrySample {
  return {
    at,
    cpuPercent: null,
    ramUsed: null,
    ramTotal: null,
    diskUsed: null,
    diskTotal: null,
    gpus: [{ loadPercent: gpuLoad, temperatureC: null, vramUsed: null, vramTotal: null, powerWatts: null }],
  };
}

/** A GPU of which nothing is known but what is given. */
export function gpuState(known: Partial<GpuState> = {}): GpuState {
  return {
    name: null,
    isIntegrated: null,
    isUsed: null,
    goneSince: null,
    temperatureLimitC: null,
    vramCounts: 'all',
    vramOwn: null,
    vramReserved: null,
    sharedUsed: null,
    powerLimitWatts: null,
    fanPercent: null,
    coreClockMhz: null,
    memoryClockMhz: null,
    throttledBy: null,
    sources: {},
    missing: {},
    ...known,
  };
}

/** A machine with these GPUs, of which the load comes from Crystools. */
export function machineWith(...gpus: Partial<GpuState>[]): MachineState {
  const known = gpus.map((gpu) => gpuState({ sources: { loadPercent: 'crystools' }, ...gpu }));
  return { ...unknownMachine, gpus: known };
}
