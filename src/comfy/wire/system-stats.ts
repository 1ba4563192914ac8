import { type Device, isCpuOnly } from '../../domain/server.ts';
import {
  type GpuReading,
  type MachineReading,
  unmeasuredGpu,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
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
  /** Free RAM, bytes. */
  ramFree: number | null;
  /** What was measured: RAM, and the VRAM of each device that is not the CPU. */
  reading: MachineReading;
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
    ramFree: size(system.ram_free),
    reading: {
      ...unmeasuredMachine(at),
      ramUsed: used(ramTotal, size(system.ram_free)),
      ramTotal,
      isCpuOnly: isCpuOnly(devices.map(deviceOf)),
      // What the CPU reports as VRAM is the RAM once more.
      gpus: devices.filter((device) => device.type !== 'cpu').map(gpuReading),
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

/**
 * ComfyUI counts as free what PyTorch holds without using it (`torch_vram_free`); the driver and everybody else count
 * that as used, and so do we. What the fields mean depends on the device (ComfyUI 0.27, comfy/model_management.py).
 */
function gpuReading(device: WireObject): GpuReading {
  const gpu: GpuReading = { ...unmeasuredGpu(), device: numberOf(device.index), isUsed: true };
  const [vramTotal, vramFree] = [size(device.vram_total), size(device.vram_free)];
  const vramReserved = size(device.torch_vram_total);
  const idle = Math.min(size(device.torch_vram_free) ?? 0, vramReserved ?? 0);
  switch (device.type) {
    case 'mps':
      // What stands there is the whole RAM, with all that is no work of the GPU; its name is no name.
      return {
        ...gpu,
        isIntegrated: true,
        vramTotal,
        missing: { vramUsed: 'of a Mac, ComfyUI tells only how full the RAM is' },
      };
    case 'privateuseone':
      // A size that is always the same stands there.
      return { ...gpu, missing: { vramUsed: 'with DirectML, ComfyUI does not know it' } };
    case 'xpu':
      // Other programs are not counted.
      return {
        ...gpu,
        name: textOf(device.name, maxTextLength),
        vramUsed: vramReserved ?? used(vramTotal, vramFree),
        vramTotal,
        vramCounts: 'pytorch',
        vramReserved,
      };
    default:
      return {
        ...gpu,
        name: textOf(device.name, maxTextLength),
        vramUsed: used(vramTotal, vramFree === null ? null : vramFree - idle),
        vramTotal,
        vramReserved,
      };
  }
}

function size(value: unknown): number | null {
  const bytes = numberOf(value);
  return bytes === null || bytes < 0 ? null : bytes;
}

function used(total: number | null, free: number | null): number | null {
  return total === null || free === null ? null : Math.max(0, total - free);
}
