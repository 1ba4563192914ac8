import type { Artwork } from '../media/artwork.ts';
import type { MediaContent } from '../media/media-content.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Random } from '../random.ts';

/** What flows along a link between two simulated nodes: a description, never pixels. */
export type NodeValue =
  | { readonly kind: 'model'; readonly name: string; readonly bytes: number; readonly secondsPerStep: number }
  | { readonly kind: 'clip' }
  | { readonly kind: 'vae' }
  | { readonly kind: 'upscaler' }
  | { readonly kind: 'conditioning'; readonly prompt: string }
  | { readonly kind: 'latent'; readonly images: ImageBatch }
  | { readonly kind: 'image'; readonly images: ImageBatch }
  | { readonly kind: 'audio'; readonly seed: number; readonly seconds: number }
  | { readonly kind: 'literal'; readonly value: Json }
  /** An ExecutionBlocker: nodes that receive it do not run; the first one tells the message. */
  | { readonly kind: 'blocked'; readonly message?: string };

/** Images of one size; `artworks` has one entry per image. */
export interface ImageBatch {
  readonly width: number;
  readonly height: number;
  readonly artworks: readonly Artwork[];
}

/** What a node keeps the machine busy with; the telemetry follows it. */
export type Activity = 'idle' | 'reading model' | 'encoding' | 'sampling' | 'decoding' | 'saving';

/** One step of a node's work. */
export interface Tick {
  /** How long the step takes, in ms at speed 1. */
  readonly ms: number;
  /** What a progress bar of the node shows after the step. */
  readonly progress?: { readonly value: number; readonly max: number };
  /** A preview of the picture in the making; fraction 0–1 of how far it has come. */
  readonly preview?: { readonly images: ImageBatch; readonly fraction: number };
}

/** A Python exception. */
export interface NodeFailure {
  /** Full name as ComfyUI reports it: `ValueError`, `torch.OutOfMemoryError`, … */
  readonly type: string;
  readonly message: string;
  /** The lines of the traceback that lie inside the node, without line ends. */
  readonly frames: readonly string[];
  /** Models are unloaded after it, as ComfyUI does when the GPU's memory ran out. */
  readonly outOfMemory?: boolean;
}

/** Everything a node is going to do, known before it starts. */
export interface NodeWork {
  readonly activity: Activity;
  readonly ticks: readonly Tick[];
  /** One value per output. */
  readonly outputs: readonly NodeValue[];
  /** What an `executed` message shows: images, text, … */
  readonly executed?: JsonObject;
  /** Text the node shows on itself while it works. */
  readonly announces?: string;
  /** Raised after the last tick. */
  readonly failure?: NodeFailure;
  /** Video memory the model on the GPU takes from now on, in bytes. */
  readonly modelBytes?: number;
}

/** One call of a node: its inputs, and the server around it. */
export interface NodeCall {
  readonly nodeId: string;
  /** The values of the node's inputs, links followed. */
  readonly inputs: Readonly<Record<string, NodeValue>>;
  readonly random: Random;
  /** Registers a file among the server's outputs and gives its entry, as `executed` shows it. */
  save(folder: 'output' | 'temp', prefix: string, content: MediaContent): FileEntry;
}

/** A file as ComfyUI's messages name it. */
export interface FileEntry extends JsonObject {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: 'output' | 'temp' | 'input';
}

/** Type and options of an input, as `/object_info` lists them; a list of strings is a choice. */
export type InputSpec =
  | readonly [type: string | readonly string[]]
  | readonly [type: string | readonly string[], options: JsonObject];

/** A node class the simulated server knows. */
export interface NodeClass {
  readonly name: string;
  readonly displayName: string;
  readonly category: string;
  readonly description?: string;
  /** `nodes` for ComfyUI's own, `custom_nodes.…` for packs. */
  readonly pythonModule?: string;
  readonly required: Readonly<Record<string, InputSpec>>;
  readonly optional?: Readonly<Record<string, InputSpec>>;
  readonly outputs: readonly (readonly [type: string, name: string])[];
  readonly isOutput?: boolean;
  /** True for nodes that never take their result from the cache. */
  readonly alwaysRuns?: boolean;
  run(call: NodeCall): NodeWork;
}

/** Reads a number input; the validation before has made sure it is one. */
export function numberOf(call: NodeCall, name: string, fallback: number): number {
  const value = call.inputs[name];
  return value?.kind === 'literal' && typeof value.value === 'number' ? value.value : fallback;
}

/** Reads a text input. */
export function textOf(call: NodeCall, name: string, fallback = ''): string {
  const value = call.inputs[name];
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : fallback;
}

/** The image batch of an IMAGE or LATENT input; a small grey one when it is something else. */
export function imagesOf(call: NodeCall, name: string): ImageBatch {
  const value = call.inputs[name];
  if (value?.kind === 'image' || value?.kind === 'latent') return value.images;
  return { width: 64, height: 64, artworks: [{ kind: 'colour', rgb: 0x808080 }] };
}

/** Work of a single step. */
export function atOnce(activity: Activity, ms: number, outputs: readonly NodeValue[]): NodeWork {
  return { activity, ticks: [{ ms }], outputs };
}
