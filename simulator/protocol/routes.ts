import path from 'node:path';
import type { MediaLibrary } from '../media/media-library.ts';
import { nodeClasses, objectInfoOf } from '../nodes/node-registry.ts';
import type { ServerProcess } from '../server-process.ts';
import type { TelemetryModel } from '../telemetry-model.ts';
import { serverFeatures } from './client-sockets.ts';
import type { Companion } from './companion.ts';
import { emptyReply, jsonReply, type Reply } from './http-reply.ts';
import { jobDetails, jobStatuses, jobsPage } from './jobs-view.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.ts';
import { systemStats } from './system-stats.ts';
import { crystoolsGpus } from './telemetry-messages.ts';
import { viewFile } from './view-file.ts';

/** What the routes answer from. */
export interface RouteContext {
  readonly process: ServerProcess;
  readonly library: MediaLibrary;
  readonly telemetry: TelemetryModel;
  /** Whether it says that it runs on this computer. */
  readonly isHere: boolean;
  readonly crystools: boolean;
  readonly companion: Companion | null;
  readonly port: number;
}

interface RouteRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The `Range` header. */
  readonly range: string | undefined;
  /** The JSON body; rejects when there is none or it is damaged. */
  body(): Promise<Json>;
}

type Handler = (context: RouteContext, request: RouteRequest) => Reply | Promise<Reply>;

/** Method, path with `{parameters}`, and what to do. Every path but `/internal` also answers under `/api`. */
export const routes: readonly (readonly [method: string, path: string, handle: Handler])[] = [
  ['GET', '/', () => frontPage],
  ['GET', '/prompt', ({ process }) => jsonReply(process.status())],
  ['POST', '/prompt', postPrompt],
  ['GET', '/queue', getQueue],
  ['POST', '/queue', postQueue],
  ['GET', '/history', getHistory],
  ['GET', '/history/{id}', getHistoryEntry],
  ['POST', '/history', postHistory],
  ['GET', '/api/jobs', getJobs],
  ['GET', '/api/jobs/{id}', getJob],
  ['POST', '/api/jobs/cancel', postCancelJobs],
  ['POST', '/api/jobs/{id}/cancel', postCancelJob],
  ['POST', '/interrupt', postInterrupt],
  ['POST', '/free', postFree],
  ['GET', '/system_stats', (context) => jsonReply(systemStats(context))],
  ['GET', '/view', ({ library }, { query, range }) => viewFile(library, query, range)],
  ['GET', '/object_info', () => jsonReply(objectInfo([...nodeClasses.keys()]))],
  ['GET', '/object_info/{name}', (_, { params }) => jsonReply(objectInfo([params.name ?? '']))],
  ['GET', '/features', () => jsonReply(serverFeatures)],
  ['GET', '/internal/folder_paths', (context) => jsonReply(folderPaths(context))],
  ['GET', '/internal/files/{type}', getFiles],
  ['GET', '/crystools/monitor/GPU', crystools(({ telemetry }) => crystoolsGpus(telemetry.figures()))],
  ['GET', '/crystools/monitor/HDD', crystools(() => ['/'])],
  [
    'GET',
    '/comfy_monitor/info',
    ({ companion }) => (companion ? jsonReply(companion.info) : emptyReply(404)),
  ],
  ['POST', '/comfy_monitor/relay', postRelay],
];

async function postRelay({ companion }: RouteContext, request: RouteRequest): Promise<Reply> {
  const { client_id: clientId, previews, telemetry } = await objectBody(request);
  if (!companion) return emptyReply(404);
  if (typeof clientId !== 'string') return jsonReply({ error: 'client_id must be a string' }, 400);
  return companion.relayTo(clientId, { previews: previews === true, telemetry: telemetry === true })
    ? jsonReply({ protocol: 1, relaying: true })
    : jsonReply({ error: 'no socket of this client is open' }, 404);
}

async function postPrompt({ process }: RouteContext, request: RouteRequest): Promise<Reply> {
  const body = await request.body();
  const answer = process.submit(isJsonObject(body) ? body : {});
  return answer.accepted
    ? jsonReply({ prompt_id: answer.promptId, number: answer.number, node_errors: answer.nodeErrors })
    : jsonReply({ error: answer.error, node_errors: answer.nodeErrors }, 400);
}

function getQueue({ process: { queue } }: RouteContext): Reply {
  return jsonReply({ queue_running: queue.running ? [queue.running] : [], queue_pending: queue.pending });
}

async function postQueue({ process: { queue } }: RouteContext, request: RouteRequest): Promise<Reply> {
  const body = await objectBody(request);
  if (body.clear === true) queue.wipe();
  for (const id of textList(body.delete)) queue.delete(id);
  return emptyReply();
}

function getHistory({ process: { queue } }: RouteContext, { query }: RouteRequest): Reply {
  const maxItems = wholeNumber(query.get('max_items'));
  const offset = wholeNumber(query.get('offset'));
  // The real server lets Python's int() raise.
  if (Number.isNaN(maxItems) || Number.isNaN(offset)) return emptyReply(500);
  return jsonReply(queue.historyPage(maxItems, offset));
}

function getHistoryEntry({ process: { queue } }: RouteContext, { params }: RouteRequest): Reply {
  const id = params.id ?? '';
  const entry = queue.history.get(id);
  return jsonReply(entry ? { [id]: entry } : {});
}

async function postHistory({ process: { queue } }: RouteContext, request: RouteRequest): Promise<Reply> {
  const body = await objectBody(request);
  if (body.clear === true) queue.wipeHistory();
  for (const id of textList(body.delete)) queue.deleteHistory(id);
  return emptyReply();
}

function getJobs({ process: { queue } }: RouteContext, { query }: RouteRequest): Reply {
  const refuse = (error: string) => jsonReply({ error }, 400);
  const asked = (query.get('status') ?? '')
    .split(',')
    .map((status) => status.trim().toLowerCase())
    .filter((status) => status !== '');
  const known: readonly string[] = jobStatuses;
  const unknown = asked.filter((status) => !known.includes(status));
  if (unknown.length > 0) {
    const valid = jobStatuses.join(', ');
    return refuse(`Invalid status value(s): ${unknown.join(', ')}. Valid values: ${valid}`);
  }
  const sortBy = (query.get('sort_by') ?? 'created_at').toLowerCase();
  if (sortBy !== 'created_at' && sortBy !== 'execution_duration') {
    return refuse("sort_by must be 'created_at' or 'execution_duration'");
  }
  const order = (query.get('sort_order') ?? 'desc').toLowerCase();
  if (order !== 'asc' && order !== 'desc') return refuse("sort_order must be 'asc' or 'desc'");
  const limit = wholeNumber(query.get('limit'));
  if (Number.isNaN(limit)) return refuse('limit must be an integer');
  if (limit !== undefined && limit <= 0) return refuse('limit must be a positive integer');
  const offset = wholeNumber(query.get('offset')) ?? 0;
  if (Number.isNaN(offset)) return refuse('offset must be an integer');
  return jsonReply(
    jobsPage(queue, {
      statuses: asked.length > 0 ? asked : jobStatuses,
      workflowId: query.get('workflow_id') ?? undefined,
      sortBy,
      descending: order === 'desc',
      offset: Math.max(0, offset),
      limit,
    }),
  );
}

function getJob({ process: { queue } }: RouteContext, { params }: RouteRequest): Reply {
  const job = jobDetails(queue, params.id ?? '');
  return job ? jsonReply(job) : jsonReply({ error: 'Job not found' }, 404);
}

function postCancelJob({ process }: RouteContext, { params }: RouteRequest): Reply {
  return jsonReply({ cancelled: process.cancel(params.id ?? '') });
}

async function postCancelJobs({ process }: RouteContext, request: RouteRequest): Promise<Reply> {
  const ids = (await objectBody(request)).job_ids;
  if (!isJsonArray(ids)) return jsonReply({ error: 'job_ids must be a list' }, 400);
  const cancelled = textList(ids).map((id) => process.cancel(id));
  return jsonReply({ cancelled: cancelled.includes(true) });
}

async function postInterrupt({ process }: RouteContext, request: RouteRequest): Promise<Reply> {
  const body = await objectBody(request);
  process.interrupt(body.prompt_id);
  return emptyReply();
}

async function postFree({ process }: RouteContext, request: RouteRequest): Promise<Reply> {
  const { unload_models: models, free_memory: memory } = await objectBody(request);
  if (models === true || memory === true) process.worker.requestFree(models === true, memory === true);
  return emptyReply();
}

function getFiles({ library }: RouteContext, { params }: RouteRequest): Reply {
  const type = params.type ?? '';
  if (!['output', 'input', 'temp'].includes(type)) return jsonReply({ error: 'Invalid directory type' }, 400);
  return jsonReply(library.list(type).map((name) => `${name} [${type}]`));
}

function crystools(answer: (context: RouteContext) => unknown): Handler {
  return (context) => (context.crystools ? jsonReply(answer(context)) : emptyReply(404));
}

function objectInfo(names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const nodeClass = nodeClasses.get(name);
      return nodeClass ? [[name, objectInfoOf(nodeClass)]] : [];
    }),
  );
}

/** The body as an object; a missing or damaged one counts as empty, as /interrupt allows it. */
async function objectBody(request: RouteRequest): Promise<JsonObject> {
  const body = await request.body().catch(() => ({}));
  return isJsonObject(body) ? body : {};
}

function textList(value: Json | undefined): string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A number written in decimal digits; undefined when absent, NaN when something else. */
function wholeNumber(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** Model folders; the output folder shows only as the place where checkpoints are saved. */
function folderPaths({ library: { outputDirectory } }: RouteContext): JsonObject {
  const models = '/home/comfy/ComfyUI/models';
  const saved = (kind: string) => (outputDirectory ? [path.join(outputDirectory, kind)] : []);
  return {
    checkpoints: [`${models}/checkpoints`, ...saved('checkpoints')],
    loras: [`${models}/loras`, ...saved('loras')],
    vae: [`${models}/vae`, ...saved('vae')],
    upscale_models: [`${models}/upscale_models`],
    custom_nodes: ['/home/comfy/ComfyUI/custom_nodes'],
  };
}

const frontPage: Reply = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>ComfyUI (simulated)</title>
<style>body{font:16px/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>
<h1>Simulated ComfyUI</h1><p>This server behaves like ComfyUI, but has no editor and no model.
Its answers can be read at <a href="/queue">/queue</a>, <a href="/history">/history</a>,
<a href="/object_info">/object_info</a> and <a href="/system_stats">/system_stats</a>.</p></html>`,
};
