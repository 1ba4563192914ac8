import type { Device } from '../../domain/server.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { exactTextOf, isObject, listOf, numberOf, textOf, type WireObject } from './wire-values.ts';

const maxDevices = 64;
const maxArguments = 200;
/** Characters. */
const maxTextLength = 300;
const maxPathLength = 4_096;

/** What `/system_stats` says; sizes in bytes, null where the server does not say. */
export interface SystemStats {
  comfyVersion: string | null;
  os: string | null;
  pythonVersion: string | null;
  pytorchVersion: string | null;
  /** ComfyUI's command line. Often begins with a relative `main.py`. */
  argv: string[];
  devices: Device[];
  /** What can be charted: RAM, and the VRAM of each device that is not the CPU. */
  sample: TelemetrySample;
}

/** Reads the answer of `/system_stats`, or gives null if it is none. `at` is now, ms. */
export function decodeSystemStats(answer: unknown, at: number): SystemStats | null {
  if (!isObject(answer) || !isObject(answer.system)) return null;
  const { system } = answer;
  const devices = listOf(answer.devices, maxDevices).filter(isObject);
  const ramTotal = size(system.ram_total);
  return {
    comfyVersion: textOf(system.comfyui_version, maxTextLength),
    os: textOf(system.os, maxTextLength),
    pythonVersion: textOf(system.python_version, maxTextLength),
    pytorchVersion: textOf(system.pytorch_version, maxTextLength),
    argv: listOf(system.argv, maxArguments).flatMap((argument) => exactTextOf(argument, maxPathLength) ?? []),
    devices: devices.map(deviceOf),
    sample: {
      at,
      cpuPercent: null,
      ramUsed: used(ramTotal, size(system.ram_free)),
      ramTotal,
      diskUsed: null,
      diskTotal: null,
      // What the CPU reports as VRAM is the RAM once more.
      gpus: devices.filter((device) => device.type !== 'cpu').map(gpuSample),
    },
  };
}

function deviceOf(device: WireObject): Device {
  return {
    name: textOf(device.name, maxTextLength) ?? 'unknown device',
    type: textOf(device.type, maxTextLength) ?? 'unknown',
    index: numberOf(device.index),
    vramTotal: size(device.vram_total),
  };
}

function gpuSample(device: WireObject): TelemetrySample['gpus'][number] {
  const vramTotal = size(device.vram_total);
  const vramUsed = used(vramTotal, size(device.vram_free));
  return { loadPercent: null, temperatureC: null, vramUsed, vramTotal };
}

function size(value: unknown): number | null {
  const bytes = numberOf(value);
  return bytes === null || bytes < 0 ? null : bytes;
}

function used(total: number | null, free: number | null): number | null {
  return total === null || free === null ? null : Math.max(0, total - free);
}
