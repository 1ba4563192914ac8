import { z } from 'zod';
import { clip } from '../text/clip.ts';
import { plainText } from '../text/plain-text.ts';

/** The kinds of executed output that we tell apart, each with its own thumbnail or icon. */
const outputKinds = ['image', 'animation', 'video', 'audio', 'text', 'model3d', 'file'] as const;
export type OutputKind = (typeof outputKinds)[number];

/** A file that `/view` serves: `filename`, `subfolder` and folder `type` as ComfyUI names them. */
export const mediaFileSchema = z.object({
  filename: z.string().min(1).max(1024),
  subfolder: z.string().max(1024),
  type: z.enum(['output', 'temp', 'input']),
});
export type MediaFile = z.infer<typeof mediaFileSchema>;

/** One thing an output node produced: a file, or a text of at most `maxTextLength` characters. */
export const executedOutputSchema = z.object({
  nodeId: z.string(),
  kind: z.enum(outputKinds),
  file: mediaFileSchema.nullable(),
  text: z.string().nullable(),
  /** When we learnt of it, ms since the epoch, host clock. */
  at: z.number(),
  /** True if its node ran, and so most likely wrote the file; that of a cached node is of an earlier run. */
  written: z.literal(true).optional(),
});
export type ExecutedOutput = z.infer<typeof executedOutputSchema>;

/** Characters. */
export const maxTextLength = 10_000;

/** Identifies an output within its job; equal keys mean the same file or text. */
export function outputKey(output: ExecutedOutput): string {
  const { file } = output;
  return file ? mediaFileKey(file) : `text/${output.nodeId}/${output.text ?? ''}`;
}

/** Equal for what lies at the same place on the server. */
export function mediaFileKey({ type, subfolder, filename }: MediaFile): string {
  return `${type}/${subfolder}/${filename}`;
}

/** A file's name as it is shown. */
export function shownName({ filename }: MediaFile): string {
  return plainText(filename);
}

/** What a person calls the output: its file name, or the beginning of its text. */
export function outputName(output: ExecutedOutput): string {
  if (output.file) return shownName(output.file);
  return clip((output.text ?? '').trim(), 40);
}

/** `temp` files are previews that ComfyUI throws away at its next start. */
export function isTemporary(output: ExecutedOutput): boolean {
  return output.file?.type === 'temp';
}

const extensionKinds: ReadonlyMap<string, OutputKind> = new Map([
  ...(['png', 'jpg', 'jpeg', 'webp', 'bmp', 'avif', 'tif', 'tiff'] as const).map(
    (e) => [e, 'image'] as const,
  ),
  ...(['gif', 'apng'] as const).map((e) => [e, 'animation'] as const),
  ...(['mp4', 'webm', 'mov', 'mkv', 'avi', 'm4v'] as const).map((e) => [e, 'video'] as const),
  ...(['wav', 'mp3', 'flac', 'ogg', 'opus', 'm4a', 'aac'] as const).map((e) => [e, 'audio'] as const),
  ...(['glb', 'gltf', 'obj', 'ply', 'stl', 'fbx', 'usdz', 'splat', 'spz'] as const).map(
    (e) => [e, 'model3d'] as const,
  ),
  ...(['txt', 'json', 'md', 'csv', 'srt', 'vtt'] as const).map((e) => [e, 'text'] as const),
]);

/** The extension of a file name in lower case, without the dot; empty if there is none. */
export function fileExtension(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot > 0 ? filename.slice(dot + 1).toLowerCase() : '';
}

/** The kind a file's extension stands for; `fallback` for extensions we do not know. */
export function outputKindOf(filename: string, fallback: OutputKind): OutputKind {
  return extensionKinds.get(fileExtension(filename)) ?? fallback;
}
