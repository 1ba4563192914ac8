import { readExif } from './exif-texts.ts';
import { FileBytes, type FileSource, Unread } from './file-bytes.ts';
import { type EmbeddedKey, FoundTexts, maxText, wordsOf } from './found-texts.ts';
import { readGif } from './pictures/gif-texts.ts';
import { readJpeg } from './pictures/jpeg-texts.ts';
import { readPng } from './pictures/png-texts.ts';
import { readId3 } from './recordings/id3-texts.ts';
import { readMatroska } from './recordings/matroska-texts.ts';
import { readMp4 } from './recordings/mp4-texts.ts';
import { readFlac, readOgg } from './recordings/vorbis-texts.ts';
import { readRiff } from './riff-texts.ts';
import { readXml } from './xmp-texts.ts';

/** What a file says about how it was made. */
export interface EmbeddedTexts {
  /** The prompt as it ran: JSON, as ComfyUI wrote it. */
  prompt: string | null;
  /** The workflow as ComfyUI's editor showed it: JSON. */
  workflow: string | null;
  /** Prompt and settings as text, the way of Stable Diffusion web UI (A1111). */
  parameters: string | null;
  /**
   * Null if all of the file was looked at that can say it, or what was wanted was found. Otherwise the file may say
   * more: it is of a format that is not known, damaged, or too large.
   */
  unread: 'unknown-format' | 'damaged' | 'too-large' | null;
}

/**
 * Reads what savers embed into pictures, videos, sounds and 3D models, as far as it takes to find what is wanted.
 * Bounded in bytes, memory and pieces, whatever is in the file; rejects only with what the source rejects with.
 */
export async function readEmbeddedTexts(source: FileSource, wanted: EmbeddedKey): Promise<EmbeddedTexts> {
  const bytes = new FileBytes(source);
  const found = new FoundTexts(wanted);
  let unread: EmbeddedTexts['unread'] = null;
  try {
    const read = readerOf(await bytes.peek(16));
    if (read) await read(bytes, found);
    else unread = 'unknown-format';
  } catch (cause) {
    if (!(cause instanceof Unread)) throw cause;
    unread = cause.why;
  } finally {
    await bytes.close().catch(() => {});
  }
  if (unread === null && found.isCut) unread = 'too-large';
  const { prompt, workflow, parameters } = found;
  return { prompt, workflow, parameters, unread: found.isEnough ? null : unread };
}

type Reader = (bytes: FileBytes, found: FoundTexts) => Promise<void>;

/** Formats are recognised by how a file begins, whatever it is called. */
function readerOf(start: Buffer): Reader | null {
  const latin = start.toString('latin1');
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return readPng;
  if (latin.startsWith('\xff\xd8')) return readJpeg;
  if (/^RIFF.{4}(WEBP|WAVE|AVI )/s.test(latin)) return readRiff;
  if (/^GIF8[79]a/.test(latin)) return readGif;
  if (/^.{4}(ftyp|moov|mdat|free|skip|wide)/s.test(latin)) return readMp4;
  if (latin.startsWith('\x1a\x45\xdf\xa3')) return readMatroska;
  if (latin.startsWith('fLaC')) return readFlac;
  if (latin.startsWith('OggS')) return readOgg;
  if (latin.startsWith('ID3')) return readTagged;
  // MPEG audio without tags.
  if (start[0] === 0xff && ((start[1] ?? 0) & 0xe0) === 0xe0) return async () => {};
  if (/^(II\*\0|MM\0\*)/.test(latin)) return readTiff;
  if (latin.startsWith('glTF')) return readGlb;
  if (/^(\xef\xbb\xbf)?\s*\{/.test(latin)) return readJsonFile;
  if (/^(\xef\xbb\xbf)?\s*<(svg|\?xml|!DOC|!--)/i.test(latin)) return readSvg;
  return null;
}

/** Sound of MPEG, or FLAC in files of careless writers. */
async function readTagged(bytes: FileBytes, found: FoundTexts): Promise<void> {
  await readId3(bytes, found);
  if (found.isEnough || (await bytes.peek(4)).toString('latin1') !== 'fLaC') return;
  await readFlac(bytes, found);
}

async function readTiff(bytes: FileBytes, found: FoundTexts): Promise<void> {
  const whole = await all(bytes, 4 * maxText);
  readExif(whole, found);
}

/** glTF 2.0 in its binary form: JSON comes first. ComfyUI writes into `asset.extras`. */
async function readGlb(bytes: FileBytes, found: FoundTexts): Promise<void> {
  const length = (await bytes.take(20)).readUInt32LE(12);
  if (found.mayRead(length)) found.add('json', wordsOf(await bytes.take(length)));
}

async function readJsonFile(bytes: FileBytes, found: FoundTexts): Promise<void> {
  const text = await all(bytes, maxText);
  if (found.mayRead(text.length)) found.add('json', wordsOf(text).replace(/^\ufeff/, ''));
}

async function readSvg(bytes: FileBytes, found: FoundTexts): Promise<void> {
  readXml(await all(bytes, maxText), found);
}

async function all(bytes: FileBytes, max: number): Promise<Buffer> {
  const whole = await bytes.peek(max + 1 > 16 * 2 ** 20 ? 16 * 2 ** 20 : max + 1);
  if (whole.length > max) throw new Unread('too-large');
  return whole;
}
