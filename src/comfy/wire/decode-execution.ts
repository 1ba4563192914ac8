import type { MonitorEvent, MonitorEventOf } from '../../domain/monitor-event.ts';
import { decodeOutput } from './decode-output.ts';
import { decodeJobError } from './entries/decode-job-error.ts';
import type { MessageSource, Reading } from './message-source.ts';
import { idOf, idsOf, isObject, numberOf, textOf, type WireObject } from './wire-values.ts';

/** No graph has more nodes; a server that says so is not believed. */
const maxNodes = 10_000;

/** Longest word (characters) for what a node is busy with. */
const maxActivity = 100;

/** How long a message can take to get here, ms: connections that are silent for longer are given up. */
const longestOnTheWay = 30_000;

/** `execution_start {prompt_id, timestamp}` */
export function decodeStart(data: WireObject, source: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  if (promptId === null) return 'misunderstood';
  const startedAt = momentOf(data, source);
  const { serverId, at } = source;
  return { type: 'prompt_started', serverId, at, promptId, startedAt, ...stampOf(data) };
}

/** `execution_cached {nodes, prompt_id, timestamp}` */
export function decodeCached(data: WireObject, source: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  if (promptId === null || !Array.isArray(data.nodes)) return 'misunderstood';
  const nodeIds = idsOf(data.nodes, maxNodes);
  return { type: 'nodes_cached', serverId: source.serverId, at: source.at, promptId, nodeIds };
}

/**
 * `executing {node, display_node, prompt_id}`. Node null means that the prompt is over; older servers,
 * and newer ones greeting the submitter, leave the prompt id out.
 */
export function decodeExecuting(data: WireObject, source: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  const about = { serverId: source.serverId, at: source.at, promptId };
  if (data.node === null) return { type: 'prompt_ended', ...about };
  const nodeId = idOf(data.node);
  if (nodeId === null) return 'misunderstood';
  const displayNodeId = idOf(data.display_node) ?? nodeId;
  return { type: 'node_started', ...about, nodeId, displayNodeId };
}

/** `progress {value, max, prompt_id, node}`; older servers send value and max alone. */
export function decodeProgress(data: WireObject, source: MessageSource): Reading {
  const step = stepOf(data.value);
  const max = stepOf(data.max);
  if (step === null || max === null) return 'misunderstood';
  return {
    type: 'step_reached',
    serverId: source.serverId,
    at: source.at,
    promptId: idOf(data.prompt_id),
    nodeId: idOf(data.node),
    step,
    max,
  };
}

/** A step, or how many there are; some nodes count bytes. Null for what could not be added up. */
function stepOf(value: unknown): number | null {
  const step = numberOf(value);
  return step !== null && Math.abs(step) <= Number.MAX_SAFE_INTEGER ? step : null;
}

type RunningNode = MonitorEventOf<'node_states_reported'>['running'][number];

/** `progress_state {prompt_id, nodes}`: all nodes that are not pending, every time (ComfyUI 0.3.41 on). */
export function decodeProgressState(data: WireObject, source: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  const nodes = data.nodes;
  if (promptId === null || !isObject(nodes)) return 'misunderstood';
  const running: RunningNode[] = [];
  const finishedNodeIds: string[] = [];
  let count = 0;
  let complete = true;
  for (const id in nodes) {
    const node = nodes[id];
    if (++count > maxNodes) break;
    const nodeId = idOf(id);
    if (nodeId === null || !isObject(node)) {
      complete = false;
      continue;
    }
    const { state } = node;
    if (state === 'finished') finishedNodeIds.push(nodeId);
    else if (state === 'running') {
      const displayNodeId = idOf(node.display_node_id) ?? nodeId;
      const step = stepOf(node.value) ?? 0;
      const activity = textOf(node.activity, maxActivity);
      running.push({ nodeId, displayNodeId, step, max: stepOf(node.max) ?? 1, activity });
    }
  }
  const event: MonitorEvent = {
    type: 'node_states_reported',
    serverId: source.serverId,
    at: source.at,
    promptId,
    running,
    finishedNodeIds,
  };
  return complete ? event : { partly: event };
}

/** `executed {node, display_node, output, prompt_id}` */
export function decodeExecuted(data: WireObject, source: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  const nodeId = idOf(data.node) ?? idOf(data.display_node);
  if (promptId === null || nodeId === null) return 'misunderstood';
  const { outputs, complete } = decodeOutput(data.output, nodeId, source.at);
  const { serverId, at } = source;
  const event: MonitorEvent = { type: 'node_executed', serverId, at, promptId, nodeId, outputs };
  return complete ? event : { partly: event };
}

/** `execution_success {prompt_id, timestamp}`; absent on servers before mid-2024. */
export function decodeSuccess(data: WireObject, source: MessageSource): Reading {
  return finished(data, source, 'success');
}

/** `execution_interrupted {prompt_id, node_id, node_type, executed, timestamp}` */
export function decodeInterrupted(data: WireObject, source: MessageSource): Reading {
  return finished(data, source, 'interrupted');
}

/**
 * `execution_error`. One that only reports a blocked branch (`ExecutionBlocked`, seen with ComfyUI 0.27)
 * does not end its prompt: the other branches go on, and `execution_success` follows. It is passed on
 * as a word to people, with the prompt.
 */
export function decodeError(data: WireObject, source: MessageSource): Reading {
  if (data.exception_type !== 'ExecutionBlocked') return finished(data, source, 'error');
  const promptId = idOf(data.prompt_id);
  if (promptId === null) return 'misunderstood';
  const { message, nodeId } = decodeJobError(data);
  const { serverId, at } = source;
  return { type: 'words_said', serverId, at, promptId, nodeId, text: message };
}

function finished(
  data: WireObject,
  source: MessageSource,
  outcome: MonitorEventOf<'prompt_finished'>['outcome'],
): Reading {
  const promptId = idOf(data.prompt_id);
  if (promptId === null) return 'misunderstood';
  return {
    type: 'prompt_finished',
    serverId: source.serverId,
    at: source.at,
    promptId,
    outcome,
    finishedAt: momentOf(data, source),
    ...stampOf(data),
    error: outcome === 'error' ? decodeJobError(data) : null,
  };
}

/**
 * When something happened that is reported at once: whatever the server's clock says, no more than a moment ago. The same
 * for beginning and end, or what lies between them would be the difference of two clocks.
 */
function momentOf(data: WireObject, source: MessageSource): number | null {
  const time = timestampOf(data, source);
  if (time === null) return null;
  return time <= source.at && time >= source.at - longestOnTheWay ? time : source.at;
}

function stampOf(data: WireObject): { stamp?: number } {
  const stamp = numberOf(data.timestamp);
  return stamp === null ? {} : { stamp };
}

function timestampOf(data: WireObject, source: MessageSource): number | null {
  const timestamp = numberOf(data.timestamp);
  return timestamp === null ? null : source.hostTime(timestamp);
}
