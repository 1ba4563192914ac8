import {
  type ExecutedOutput,
  fileExtension,
  type MediaFile,
  maxTextLength,
  type OutputKind,
  outputKindOf,
} from '../shared/executed-output.ts';
import { harmless, isObject, listOf, type WireObject } from './wire-values.ts';

/** More than one node ever shows; a job keeps fewer (`limits.outputsPerJob`) and counts the rest. */
const maxOutputs = 1_000;
/** Of all texts of one node together, characters. */
const maxTexts = 100_000;
const maxKeys = 50;
const maxPathLength = 1_024;

/** What a node's `output` holds; `complete` is false if a part of it could not be understood. */
export interface OutputReading {
  outputs: ExecutedOutput[];
  complete: boolean;
}

/**
 * Reads the `output` of an `executed` message, or of a node in the history: an object of lists by kind
 * (`images`, `gifs`, `video`, `audio`, `text`, `3d`, whatever custom nodes add), or null.
 */
export function decodeOutput(output: unknown, nodeId: string, at: number): OutputReading {
  const reading: OutputReading = { outputs: [], complete: true };
  if (output === null || output === undefined) return reading;
  if (!isObject(output)) return { outputs: [], complete: false };
  const animated = isAnimated(output);
  let textLeft = maxTexts;
  let keys = 0;
  for (const key in output) {
    if (++keys > maxKeys) break;
    const value = output[key];
    if (key === 'animated') continue;
    const known = kindsByKey.has(key);
    for (const entry of Array.isArray(value) ? listOf(value, maxOutputs) : [value]) {
      if (reading.outputs.length >= maxOutputs) return reading;
      if (key === 'text' && isText(entry)) {
        const text = harmless(String(entry), Math.min(maxTextLength, textLeft));
        textLeft -= text.length;
        if (text !== '') reading.outputs.push({ nodeId, kind: 'text', file: null, text, at });
        continue;
      }
      const file = fileOf(entry, key);
      if (file) reading.outputs.push({ nodeId, kind: kindOf(file, key, animated), file, text: null, at });
      else if (known || isFileLike(entry)) reading.complete = false;
    }
  }
  return reading;
}

/** What the well-known keys stand for when the file name does not say. */
const kindsByKey: ReadonlyMap<string, OutputKind> = new Map([
  ['images', 'image'],
  ['gifs', 'animation'],
  ['video', 'video'],
  ['videos', 'video'],
  ['audio', 'audio'],
  ['text', 'text'],
  ['3d', 'model3d'],
]);

function kindOf(file: MediaFile, key: string, animated: boolean): OutputKind {
  // An .mp4 or .webm can hold sound alone; then the node knows better than the name.
  if (key === 'audio') return 'audio';
  const kind = outputKindOf(file.filename, kindsByKey.get(key) ?? 'file');
  // Animated WebP and PNG have the extensions of still images.
  return kind === 'image' && (animated || key === 'gifs') ? 'animation' : kind;
}

function fileOf(entry: unknown, key: string): MediaFile | null {
  if (typeof entry === 'string') return bareFile(entry, key);
  if (!isObject(entry)) return null;
  const { filename, subfolder = '', type = 'output' } = entry;
  if (typeof filename !== 'string' || (typeof subfolder !== 'string' && subfolder !== null)) return null;
  if (type !== 'output' && type !== 'temp' && type !== 'input') return null;
  return boundedFile(filename, subfolder ?? '', type);
}

/** 3D nodes name their file in a bare string, below the output folder: `3d/mesh.glb`. */
function bareFile(path: string, key: string): MediaFile | null {
  if (path.length > 2 * maxPathLength || path.includes('\n')) return null;
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const filename = path.slice(slash + 1);
  const isModel = outputKindOf(filename, 'file') === 'model3d';
  if (!isModel && (key !== '3d' || fileExtension(filename) === '')) return null;
  return boundedFile(filename, slash === -1 ? '' : path.slice(0, slash), 'output');
}

function boundedFile(filename: string, subfolder: string, type: MediaFile['type']): MediaFile | null {
  if (filename === '' || filename.length > maxPathLength || subfolder.length > maxPathLength) return null;
  return { filename, subfolder, type };
}

function isFileLike(entry: unknown): boolean {
  return isObject(entry) && 'filename' in entry;
}

function isText(entry: unknown): entry is string | number | boolean {
  return typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean';
}

/** `animated: [true]` beside `images` marks animated WebP and PNG. */
function isAnimated(output: WireObject): boolean {
  const { animated } = output;
  return Array.isArray(animated) ? animated[0] === true : animated === true;
}
