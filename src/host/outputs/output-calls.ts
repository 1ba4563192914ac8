import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import type { ServerMonitor } from '../../comfy/server-monitor.ts';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import type { OpenResult, OutputDetails } from '../../contract/output-details.ts';
import {
  fileExtension,
  type MediaFile,
  outputKindOf,
  shownName,
} from '../../domain/outputs/executed-output.ts';
import { browserAddress } from '../../domain/server-address.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { Downloads } from './downloads.ts';
import type { FileViewer } from './file-viewer.ts';
import { OpenableFile } from './openable-file.ts';
import type { OutputCache } from './output-cache.ts';
import { findOriginalPath, findOutputFile } from './output-file.ts';
import { findWorkflow, readProvenance } from './provenance/output-provenance.ts';
import { isOpenable, proposedName } from './safe-name.ts';

/** What can be done with executed files. */
export type OutputCalls = Pick<
  CallHandlers,
  | 'openOutput'
  | 'revealOutput'
  | 'outputPath'
  | 'outputDetails'
  | 'outputWorkflow'
  | 'saveOutputAs'
  | 'copyOutputImage'
  | 'dragOutput'
  | 'openServerPage'
  | 'cancelDownload'
  | 'clearOutputCache'
>;

export interface OutputCallsOptions {
  monitorOf: (serverId: string) => ServerMonitor | undefined;
  /** The output folder that the user set for a server. */
  folderOf: (serverId: string) => string | null;
  viewer: FileViewer | null;
  downloads: Downloads;
  cacheDir: string;
  cache: OutputCache;
  log: (line: string) => void;
}

/** Bytes of a text file that are shown. */
const maxTextBytes = 256 * 1024;
/** When a file comes later (ms) than this, the mouse button is not held any more. */
const dragPatience = 1_500;

type Asked = Parameters<CallHandlers['openOutput']>[0];
type Show = (viewer: FileViewer, file: OpenableFile) => string | null | Promise<string | null>;

/** Finds executed files on this machine, or fetches them, and hands them to the user's desktop. */
export function outputCalls(options: OutputCallsOptions): OutputCalls {
  const { downloads, cache, cacheDir, log } = options;

  /** A problem in words ends it; null means that all went well. */
  async function show({ serverId, file }: Asked, present: Show): Promise<OpenResult> {
    const { viewer } = options;
    const monitor = options.monitorOf(serverId);
    if (!viewer) return refused(t('host.output.no_viewer'));
    if (!monitor) return refused(t('host.unwatched'));
    const download = downloads.begin(shownName(file));
    try {
      const { rest } = monitor;
      const { signal, progress: onProgress } = download;
      const folder = options.folderOf(serverId);
      const found = await findOutputFile({ file, rest, folder, cacheDir, log, signal, onProgress });
      if (!found.ok) return refused(found.message);
      if (!found.original) void cache.trim();
      const proven = await OpenableFile.at(found.path);
      if (!proven) return refused(t('host.output.unsafe_link', { name: shownName(file) }));
      const problem = await present(viewer, proven);
      return { opened: problem === null, message: problem };
    } finally {
      download.end();
    }
  }

  return {
    openOutput: (asked) => show(asked, (viewer, file) => viewer.open(file)),

    revealOutput: (asked) =>
      show(asked, (viewer, file) => {
        viewer.reveal(file);
        return null;
      }),

    copyOutputImage: (asked) => show(asked, (viewer, file) => viewer.copyImage(file)),

    dragOutput(asked) {
      const begunAt = performance.now();
      return show(asked, async (viewer, file) => {
        if (performance.now() - begunAt > dragPatience)
          return t('host.output.fetched', { name: shownName(asked.file) });
        await viewer.drag(file);
        return null;
      });
    },

    async saveOutputAs(asked) {
      const { viewer } = options;
      const { filename } = asked.file;
      if (!viewer) return refused(t('host.output.no_save'));
      if (!isOpenable(filename)) return refused(t('host.output.unsafe_save', { name: filename }));
      const extension = fileExtension(filename);
      const chosen = await viewer.chooseTarget({ name: proposedName(asked.file), extension });
      if (chosen === null) return { opened: false, message: null };
      return show(asked, (_, { path }) => saveCopy(path, chosen, extension, log));
    },

    async outputPath({ serverId, file }) {
      const monitor = options.monitorOf(serverId);
      if (!monitor || !options.viewer) return { path: null };
      return {
        path: await findOriginalPath({ rest: monitor.rest, folder: options.folderOf(serverId), file }),
      };
    },

    async outputDetails({ serverId, file, nodeId }) {
      const monitor = options.monitorOf(serverId);
      if (!monitor) throw new BridgeError(t('host.unwatched'));
      try {
        return await readDetails(monitor, file, nodeId);
      } catch (cause) {
        log(`reading ${shownName(file)} failed: ${causeText(cause)}`);
        throw new BridgeError(t('host.output.unread', { name: shownName(file) }));
      }
    },

    async outputWorkflow({ serverId, promptId, file }) {
      const monitor = options.monitorOf(serverId);
      if (!monitor) throw new BridgeError(t('host.unwatched'));
      return findWorkflow(monitor.rest, promptId, file, log);
    },

    async openServerPage({ serverId }) {
      const monitor = options.monitorOf(serverId);
      if (!options.viewer || !monitor) return refused(t('host.unwatched'));
      const page = browserAddress(monitor.rest.url, (text) => URL.parse(text));
      if (page === null) return refused(t('host.server.no_page'));
      await options.viewer.openPage(page);
      return { opened: true, message: null };
    },

    cancelDownload({ id }) {
      downloads.cancel(id);
    },

    clearOutputCache: async () => ({ freedBytes: await cache.clear() }),
  };
}

/** A file is saved as the medium it is: the extension says so, whatever name was chosen. */
async function saveCopy(
  path: string,
  chosen: string,
  extension: string,
  log: (line: string) => void,
): Promise<string | null> {
  const isNamed = fileExtension(chosen) === extension;
  const target = isNamed ? chosen : `${chosen}.${extension}`;
  try {
    // Overwriting was agreed to for the name that was chosen, not for a longer one.
    await copyFile(path, target, isNamed ? 0 : constants.COPYFILE_EXCL);
    return null;
  } catch (cause) {
    log(`saving ${target} failed: ${causeText(cause)}`);
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    return isTaken ? t('host.output.taken', { path: target }) : t('host.output.unwritable', { path: target });
  }
}

async function readDetails({ rest }: ServerMonitor, file: MediaFile, nodeId: string): Promise<OutputDetails> {
  const isText = outputKindOf(file.filename, 'file') === 'text';
  return isText ? readText(rest, file) : { text: null, ...(await readProvenance(rest, file, nodeId)) };
}

async function readText(rest: ComfyRest, file: MediaFile): Promise<OutputDetails> {
  const controller = new AbortController();
  try {
    const { status, headers, body } = await rest.view(file, { thumbnail: false, signal: controller.signal });
    if (status !== 200 || !body) throw new Error(`status ${status}`);
    const text = await beginningOf(body);
    return { bytes: headers.contentLength, text, parameters: null, untold: null };
  } finally {
    controller.abort();
  }
}

async function beginningOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let left = maxTextBytes;
  for await (const chunk of body) {
    const part = chunk.subarray(0, left);
    text += decoder.decode(part, { stream: true });
    left -= part.length;
    if (left === 0) return `${text}…`;
  }
  return text + decoder.decode();
}

function refused(message: string): OpenResult {
  return { opened: false, message };
}
