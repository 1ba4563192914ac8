import type { JsonObject } from '../protocol/json.ts';
import * as images from './images.ts';
import * as loaders from './loaders.ts';
import * as media from './media.ts';
import type { NodeClass } from './node-class.ts';
import * as sampling from './sampling.ts';
import * as troubles from './troubles.ts';

/** Every node class the simulated server knows, by name. */
export const nodeClasses: ReadonlyMap<string, NodeClass> = new Map(
  [
    loaders.checkpointLoader,
    loaders.textEncoder,
    loaders.upscaleModelLoader,
    sampling.emptyLatent,
    sampling.sampler,
    sampling.decoder,
    images.emptyImage,
    images.imageLoader,
    images.upscaler,
    images.imageSaver,
    images.imagePreview,
    images.imageSize,
    media.videoCombiner,
    media.webmSaver,
    media.emptyAudio,
    media.audioSaver,
    media.textSource,
    media.textPreview,
    media.textSaver,
    troubles.failingNode,
    troubles.blockingNode,
    troubles.slowNode,
    troubles.tickingNode,
  ].map((nodeClass) => [nodeClass.name, nodeClass]),
);

/** One class as `/object_info` describes it (server.py, node_info). */
export function objectInfoOf(nodeClass: NodeClass): JsonObject {
  const { required, optional, outputs } = nodeClass;
  return {
    input: { required, ...(optional ? { optional } : {}) },
    input_order: {
      required: Object.keys(required),
      ...(optional ? { optional: Object.keys(optional) } : {}),
    },
    is_input_list: false,
    output: outputs.map(([type]) => type),
    output_is_list: outputs.map(() => false),
    output_name: outputs.map(([, name]) => name),
    name: nodeClass.name,
    display_name: nodeClass.displayName,
    description: nodeClass.description ?? '',
    python_module: nodeClass.pythonModule ?? 'nodes',
    category: nodeClass.category,
    output_node: nodeClass.isOutput ?? false,
    has_intermediate_output: false,
    search_aliases: [],
  };
}
