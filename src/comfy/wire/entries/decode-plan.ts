import type { MonitorEvent } from '../../../domain/monitor-event.ts';
import type { MessageSource, Reading } from '../message-source.ts';
import { countOf, idOf, isObject, type WireObject } from '../wire-values.ts';
import { nodeNamesOf } from './prompt-graph.ts';

/**
 * `comfy_monitor.plan {prompt_id, total, to_run, cached, nodes: {id: {class_type, title}}}`, from our
 * companion node: what a prompt that starts consists of, without reading its graph.
 */
export function decodePlan(data: WireObject, { serverId, at }: MessageSource): Reading {
  const promptId = idOf(data.prompt_id);
  const nodeTotal = countOf(data.total);
  if (promptId === null || nodeTotal === null || !isObject(data.nodes)) return 'misunderstood';
  const nodes = Object.entries(data.nodes).map(([id, node]) => {
    const { class_type, title } = isObject(node) ? node : {};
    return [id, { class_type, _meta: { title } }] as const;
  });
  const event: MonitorEvent = {
    type: 'prompt_described',
    serverId,
    at,
    promptId,
    title: null,
    nodeTotal,
    nodesToRun: countOf(data.to_run),
    nodeNames: nodeNamesOf(Object.fromEntries(nodes)),
  };
  return event;
}
