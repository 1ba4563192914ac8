import {
  type ExecutedOutput,
  fileExtension,
  type MediaFile,
  maxTextLength,
  type OutputKind,
  outputKindOf,
} from '../../domain/outputs/executed-output.ts';
import { harmless, isObject, listOf, type WireObject } from './wire-values.ts';

/** More than one node ever shows; a job keeps fewer (`limits.outputsPerJob`) and counts the rest. */
const maxOutputs = 1_000;
/** Of all texts of one node together, characters. */
const maxTexts = 100_000;
const maxKeys = 50;
const maxPathLength = 1_024;
/** Lists in lists. */
const maxDepth = 4;

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
    for (const entry of entriesOf(value)) {
      if (reading.outputs.length >= maxOutputs) return reading;
      if (isText(entry) && (textKey.test(key) || (!known && isWords(entry)))) {
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

/** Keys under which nodes show words to people: `text`, `string`, `tags`, `value`, `output_text`, … */
const textKey =
  /^(\w+_)?(text|string|tag|value|caption|prompt|message|response|answer|description|markdown|summary|transcript|lyric)s?$/i;

/** Under any other key: words with spaces between them are for people, codes and data are not. */
function isWords(entry: string | number | boolean): boolean {
  return typeof entry === 'string' && /\p{L}\s+\p{L}/u.test(entry.slice(0, 1_000)) && !/^data:/i.test(entry);
}

/**
 * The entries of a value: of a list, those of the lists in it too. A list of single characters is a text that a node
 * gave where a list was due.
 */
function entriesOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  if (isSplitText(value)) return [value.slice(0, maxTexts).join('')];
  return listOf(value, maxOutputs).flatMap((entry) => {
    if (!Array.isArray(entry)) return [entry];
    if (isSplitText(entry)) return [entry.slice(0, maxTexts).join('')];
    return listOf(entry, maxOutputs).flat(maxDepth).slice(0, maxOutputs);
  });
}

function isSplitText(list: readonly unknown[]): boolean {
  return (
    list.length > 1 &&
    list.slice(0, maxTexts).every((entry) => typeof entry === 'string' && [...entry.slice(0, 3)].length === 1)
  );
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
  const kindOfKey = kindsByKey.get(key) ?? 'file';
  // EXR, PSD and others stand among images, too, and no page can show them.
  const isUnknown = kindOfKey === 'image' && fileExtension(file.filename) !== '';
  const kind = outputKindOf(file.filename, isUnknown ? 'file' : kindOfKey);
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
  return boundedFile(path, '', 'output');
}

/** Some nodes put the folder in front of the name; `/view` wants it apart. */
function boundedFile(path: string, folder: string, type: MediaFile['type']): MediaFile | null {
  if (path.length > 2 * maxPathLength) return null;
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const filename = path.slice(slash + 1);
  const subfolder = [folder, slash === -1 ? '' : path.slice(0, slash)]
    .filter((part) => part !== '')
    .join('/');
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
