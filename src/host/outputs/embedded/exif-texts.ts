import { type FoundTexts, wordsOf } from './found-texts.ts';

const userComment = 0x9286;
const exifDirectory = 0x8769;
/** Windows' own tags: title, comment, author, keywords, subject, in UTF-16. */
const isWindowsTag = (tag: number) => tag >= 0x9c9b && tag <= 0x9c9f;
const tagNames: Readonly<Record<number, string>> = { 270: 'description', [userComment]: 'comment' };

/**
 * The texts of EXIF data: TIFF 6.0 with the directory of Exif 2.3. ComfyUI writes `prompt:{…}` and `workflow:{…}`
 * into `Model` and `Make`, others into whichever text tag, and A1111 its parameters into `UserComment`.
 */
export function readExif(data: Buffer, found: FoundTexts): void {
  const tiff = data.toString('latin1', 0, 4) === 'Exif' ? data.subarray(6) : data;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return;
  const isLittle = order === 'II';
  const short = (at: number) =>
    at + 2 <= tiff.length ? (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)) : 0;
  const long = (at: number) =>
    at + 4 <= tiff.length ? (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)) : 0;
  const directories = [long(4)];
  // Two at most: what an entry of the second points to is not followed.
  for (const [level, directory] of directories.entries()) {
    const count = short(directory);
    for (let index = 0; index < count; index += 1) {
      const entry = directory + 2 + index * 12;
      if (entry + 12 > tiff.length) break;
      const [tag, type, length] = [short(entry), short(entry + 2), long(entry + 4)];
      if (tag === exifDirectory && level === 0 && directories.length === 1) directories.push(long(entry + 8));
      const start = length <= 4 ? entry + 8 : long(entry + 8);
      const end = Math.min(start + length, tiff.length);
      // Bytes, ASCII, and what is defined by its tag.
      if (![1, 2, 7].includes(type) || end - start < 4 || !found.mayRead(end - start)) continue;
      const text = textOfTag(tag, tiff.subarray(start, end));
      if (text !== null) found.add(tagNames[tag] ?? 'exif', text);
    }
  }
}

function textOfTag(tag: number, bytes: Buffer): string | null {
  if (isWindowsTag(tag)) return mostReadable([bytes.toString('utf16le'), wordsOf(bytes)]);
  if (tag !== userComment) return wordsOf(bytes);
  const code = bytes.toString('latin1', 0, 8);
  const rest = bytes.subarray(8);
  if (/^unicode\0/i.test(code)) return mostReadable([...utf16(rest), wordsOf(rest)]);
  if (/^jis\0/i.test(code)) return mostReadable([wordsOf(rest), new TextDecoder('iso-2022-jp').decode(rest)]);
  return wordsOf(/^(ascii\0|\0{8})/i.test(code) ? rest : bytes);
}

/** Writers take the byte order of their machine, of the file, or of neither. */
function utf16(bytes: Buffer): string[] {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return [even.toString('utf16le'), Buffer.from(even).swap16().toString('utf16le')];
}

/** All that matters here has words of ASCII; read the wrong way they are something else. */
function mostReadable(readings: readonly string[]): string | null {
  let best: string | null = null;
  let most = -1;
  for (const reading of readings) {
    let letters = 0;
    for (let at = 0; at < reading.length; at += 1) {
      const code = reading.charCodeAt(at);
      if (code === 0) letters -= 1;
      else if (code >= 0x20 && code < 0x7f) letters += 1;
    }
    if (letters > most) [best, most] = [reading, letters];
  }
  return best?.replace(/^\ufeff/, '') ?? null;
}
