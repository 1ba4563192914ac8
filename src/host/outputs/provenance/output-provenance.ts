import type { ComfyRest } from '../../../comfy/rest/comfy-rest.ts';
import { readWorkflow } from '../../../comfy/wire/entries/workflow.ts';
import type { PromptParameters, Untold } from '../../../contract/output-details.ts';
import { type MediaFile, shownName } from '../../../domain/outputs/executed-output.ts';
import { causeText } from '../../../domain/text/cause-text.ts';
import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';
import { type EmbeddedTexts, readEmbeddedTexts } from '../embedded/embedded-texts.ts';
import type { FilePart, FileSource } from '../embedded/file-bytes.ts';
import { readPromptParameters } from './prompt-parameters.ts';
import { readTextParameters } from './text-parameters.ts';

/** How long reading one file may take, ms. */
const patience = 20_000;

/** What a file says about how it was made, or why that is not known; its size in bytes, if the server says it. */
export interface Provenance {
  bytes: number | null;
  parameters: PromptParameters | null;
  untold: Untold | null;
}

/** Reads how an executed file was made, as seen from the node that saved it. Rejects if it cannot be had. */
export async function readProvenance(rest: ComfyRest, file: MediaFile, nodeId: string): Promise<Provenance> {
  return withFile(rest, file, async (source) => {
    const texts = await readEmbeddedTexts(source, 'prompt');
    const parameters = parametersOf(texts, nodeId);
    return { bytes: source.size, parameters, untold: parameters ? null : whyUntold(texts) };
  });
}

/** The graph knows the nodes; the text of parameters says what its saver found out. */
function parametersOf({ prompt, parameters }: EmbeddedTexts, nodeId: string): PromptParameters | null {
  const graph = prompt === null ? null : readPromptParameters(prompt, nodeId);
  const text = parameters === null ? null : readTextParameters(parameters);
  if (!graph || !text) return graph ?? text;
  return {
    node: graph.node,
    seed: graph.seed ?? text.seed,
    steps: graph.steps ?? text.steps,
    model: graph.model ?? text.model,
    prompt: graph.prompt ?? text.prompt,
  };
}

function whyUntold({ prompt, workflow, parameters, unread }: EmbeddedTexts): Untold {
  if (prompt !== null || parameters !== null) return 'unreadable';
  return unread ?? (workflow === null ? 'silent' : 'workflow-only');
}

/** A workflow as ComfyUI's page takes it, or why there is none. */
export interface FoundWorkflow {
  workflow: string | null;
  message: string | null;
}

/** The workflow that made an output: from the history or, as that forgets, from its file. Never rejects. */
export async function findWorkflow(
  rest: ComfyRest,
  promptId: string,
  file: MediaFile | null,
  log: (line: string) => void,
): Promise<FoundWorkflow> {
  let isHistoryRead = true;
  const known = await rest.workflowOf(promptId).catch((cause: unknown) => {
    log(`the workflow of ${promptId} could not be read: ${causeText(cause)}`);
    isHistoryRead = false;
    return null;
  });
  if (known !== null) return { workflow: known, message: null };
  if (!file) return { workflow: null, message: noWorkflow(isHistoryRead, null, null) };
  const texts = await withFile(rest, file, (source) => readEmbeddedTexts(source, 'workflow')).catch(
    (cause: unknown) => {
      log(`reading ${shownName(file)} failed: ${causeText(cause)}`);
      return null;
    },
  );
  const embedded = texts?.workflow == null ? null : readWorkflow(texts.workflow);
  if (embedded !== null) return { workflow: embedded, message: null };
  const found = texts === null ? 'unreachable' : texts.workflow === null ? texts.unread : 'unreadable';
  return { workflow: null, message: noWorkflow(isHistoryRead, shownName(file), found) };
}

const unreadTexts = {
  unreachable: 'host.workflow.unreachable',
  unreadable: 'host.workflow.unreadable',
  'unknown-format': 'host.workflow.unknown_format',
  damaged: 'host.workflow.damaged',
  'too-large': 'host.workflow.too_large',
} as const satisfies Record<string, TextKey>;

/** Says what was not found, and where it could not be looked for. Null in place of `found`: the file was read and is silent. */
function noWorkflow(
  isHistoryRead: boolean,
  filename: string | null,
  found: keyof typeof unreadTexts | null,
): string {
  if (isHistoryRead && found === null)
    return filename === null
      ? t('host.workflow.nowhere')
      : t('host.workflow.nowhere_file', { name: filename });
  const history = isHistoryRead ? t('host.workflow.history_silent') : t('host.workflow.history_unread');
  const file = t(found === null ? 'host.workflow.silent' : unreadTexts[found]);
  const why = filename === null ? history : t('host.workflow.both', { history, name: filename, file });
  return !isHistoryRead || found === 'unreachable'
    ? t('host.workflow.unknown_again', { why })
    : t('host.workflow.unknown', { why });
}

interface ServedFile extends FileSource {
  /** Bytes of the file, once it was opened; null if the server does not say. */
  size: number | null;
}

/** Lets a file of the server be read in parts, and ends what is still open. */
async function withFile<T>(
  rest: ComfyRest,
  file: MediaFile,
  read: (source: ServedFile) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('it takes too long')), patience);
  try {
    return await read(servedFile(rest, file, controller.signal));
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function servedFile(rest: ComfyRest, file: MediaFile, signal: AbortSignal): ServedFile {
  let version: string | null = null;
  const source: ServedFile = {
    size: null,
    async open(start): Promise<FilePart> {
      const range = start === 0 ? null : `bytes=${start}-`;
      const { status, headers, body } = await rest.view(file, { thumbnail: false, range, signal });
      // Nothing stands there.
      if (status === 416) return { start, size: source.size, chunks: nothing() };
      if ((status !== 200 && status !== 206) || !body) throw new Error(`status ${status}`);
      if (version !== null && headers.version !== version)
        throw new Error('it was changed while it was read');
      version = headers.version;
      const whole = status === 200 ? headers.contentLength : sizeOf(headers.contentRange);
      source.size ??= whole;
      return { start: status === 200 ? 0 : startOf(headers.contentRange), size: whole, chunks: body };
    },
  };
  return source;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** `bytes 100-999/1000` */
function sizeOf(contentRange: string | null): number | null {
  const size = /\/(\d{1,15})$/.exec(contentRange ?? '')?.[1];
  return size === undefined ? null : Number(size);
}

function startOf(contentRange: string | null): number {
  const start = /^bytes (\d{1,15})-/.exec(contentRange ?? '')?.[1];
  if (start === undefined) throw new Error('a part of it came without its place');
  return Number(start);
}
