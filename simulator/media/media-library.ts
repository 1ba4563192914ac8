import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { inputPictures } from '../nodes/images.ts';
import type { FileEntry } from '../nodes/node-class.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { type EmbeddedTexts, extensionOf, type MediaContent } from './media-content.ts';
import { type RenderedFile, renderFile, renderPreview } from './media-renderer.ts';

/** Files remembered; the oldest are forgotten, as if they had been deleted. */
const fileLimit = 5_000;
/** Bytes of rendered files kept for the next request. */
const renderedLimit = 48 * 1024 * 1024;
/** Pixels of the largest picture that is really made. */
const pixelLimit = 4096 * 4096;

interface StoredFile {
  readonly entry: FileEntry;
  readonly content: MediaContent;
  readonly texts: EmbeddedTexts;
}

/**
 * The server's output, temp and input folders. Files exist as descriptions and are made when first asked for;
 * with an output directory, outputs are also written to disk, before they are announced.
 */
export class MediaLibrary {
  /** Where outputs are really written, if anywhere. */
  readonly outputDirectory: string | undefined;
  readonly #film: Buffer | undefined;

  readonly #files = new Map<string, StoredFile>();
  readonly #counters = new Map<string, number>();
  readonly #rendered = new LRUCache<string, RenderedFile>({
    maxSize: renderedLimit,
    // The film of a simulator that was given none is empty, and no size may be.
    sizeCalculation: ({ bytes }) => bytes.length + 1,
  });
  readonly #underWay = new Map<string, Promise<RenderedFile>>();
  #lastRender: Promise<unknown> = Promise.resolve();

  constructor(outputDirectory?: string, film?: Buffer) {
    this.outputDirectory = outputDirectory;
    this.#film = film;
    for (const [filename, artwork] of Object.entries(inputPictures)) {
      this.#store({
        entry: { filename, subfolder: '', type: 'input' },
        content: { kind: 'picture', artwork, width: 768, height: 512 },
        texts: {},
      });
    }
  }

  /** Adds a file under the next free number of its prefix, `prefix_00001_.png`; a prefix may name a subfolder. */
  save(type: 'output' | 'temp', prefix: string, content: MediaContent, texts: EmbeddedTexts = {}): FileEntry {
    const parts = prefix
      .split(/[\\/]/)
      .map((part) => part.replaceAll(/[<>:"|?*\p{Cc}]/gu, '_').trim())
      .filter((part) => part !== '' && part !== '.' && part !== '..');
    const name = parts.pop() ?? 'ComfyUI';
    const subfolder = parts.join('/');
    const series = `${type}/${subfolder}/${name}`;
    const number = (this.#counters.get(series) ?? 0) + 1;
    this.#counters.set(series, number);
    // SaveText alone leaves out the underscore after the number.
    const end = content.kind === 'text' ? '' : '_';
    const filename = `${name}_${String(number).padStart(5, '0')}${end}${extensionOf(content)}`;
    const entry: FileEntry = { filename, subfolder, type };
    this.#store({ entry, content, texts });
    return entry;
  }

  /** Resolves when the files an `executed` output names are on disk; undefined when none are written there. */
  written(executed: JsonObject | undefined): Promise<void> | undefined {
    const { outputDirectory } = this;
    if (!outputDirectory || !executed) return undefined;
    const files = Object.values(executed)
      .flatMap((list) => (isJsonArray(list) ? list : []))
      .flatMap((item) => this.#storedFile(item) ?? [])
      .filter(({ entry }) => entry.type === 'output');
    return files.length === 0 ? undefined : this.#write(outputDirectory, files);
  }

  /** The file as it is, or undefined when there is none. */
  async file(type: string, subfolder: string, filename: string): Promise<RenderedFile | undefined> {
    const file = this.#files.get(keyOf(type, subfolder, filename));
    if (!file) return undefined;
    if (this.outputDirectory && type === 'output') {
      const onDisk = await readFile(path.join(this.outputDirectory, subfolder, filename)).catch(
        () => undefined,
      );
      if (!onDisk) return undefined;
    }
    const isHuge = 'width' in file.content && file.content.width * file.content.height > pixelLimit;
    if (isHuge) return undefined;
    return this.#render(keyOf(type, subfolder, filename), () =>
      renderFile(file.content, file.texts, this.#film),
    );
  }

  /** The file re-encoded at a quality, 1–100; files that are no pictures come as they are. */
  preview(
    type: string,
    subfolder: string,
    filename: string,
    quality: number,
  ): Promise<RenderedFile | undefined> {
    const content = this.#files.get(keyOf(type, subfolder, filename))?.content;
    const isPictured = content?.kind === 'picture' || content?.kind === 'animation';
    if (!isPictured || content.width * content.height > pixelLimit) {
      return this.file(type, subfolder, filename);
    }
    const key = `${keyOf(type, subfolder, filename)}@${quality}`;
    return this.#render(key, () => renderPreview(content, quality));
  }

  /** Names of the files directly in a folder, newest first. */
  list(type: string): string[] {
    return [...this.#files.values()]
      .filter(({ entry }) => entry.type === type && entry.subfolder === '')
      .map(({ entry }) => entry.filename)
      .reverse();
  }

  #store(file: StoredFile): void {
    const { type, subfolder, filename } = file.entry;
    this.#files.set(keyOf(type, subfolder, filename), file);
    for (const [oldest, { entry }] of this.#files) {
      if (this.#files.size <= fileLimit) break;
      if (entry.type !== 'input') this.#files.delete(oldest);
    }
  }

  #storedFile(item: Json): StoredFile | undefined {
    if (!isJsonObject(item)) return undefined;
    const { type, subfolder, filename } = item;
    return this.#files.get(keyOf(String(type), String(subfolder), String(filename)));
  }

  async #write(directory: string, files: readonly StoredFile[]): Promise<void> {
    for (const { entry, content, texts } of files) {
      const folder = path.join(directory, entry.subfolder);
      const { bytes } = await this.#render(keyOf(entry.type, entry.subfolder, entry.filename), () =>
        renderFile(content, texts, this.#film),
      );
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, entry.filename), bytes);
    }
  }

  /** One render at a time, each once, so that a page full of thumbnails does not fill the event loop. */
  #render(key: string, make: () => Promise<RenderedFile>): Promise<RenderedFile> {
    const known = this.#rendered.get(key);
    if (known) return Promise.resolve(known);
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const result = this.#lastRender.then(make).then((file) => {
      this.#rendered.set(key, file);
      return file;
    });
    this.#underWay.set(key, result);
    this.#lastRender = result.then(
      () => this.#underWay.delete(key),
      () => this.#underWay.delete(key),
    );
    return result;
  }
}

function keyOf(type: string, subfolder: string, filename: string): string {
  return `${type}/${subfolder}/${filename}`;
}
