import { linkOf, type PromptGraph, type PromptNode, promptGraphOf } from '../execution/prompt-graph.ts';
import type { InputSpec, NodeClass } from '../nodes/node-class.ts';
import { nodeClasses } from '../nodes/node-registry.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.ts';

/** The verdict on a posted prompt: what to run, or ComfyUI's 400 answer. */
export type Validation =
  | {
      readonly valid: true;
      readonly graph: PromptGraph;
      readonly outputs: readonly string[];
      readonly nodeErrors: JsonObject;
    }
  | { readonly valid: false; readonly error: JsonObject; readonly nodeErrors: JsonObject };

interface InputError extends JsonObject {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: JsonObject;
}

/**
 * Judges a prompt as validate_prompt in ComfyUI's execution.py does. Outputs that fail are left out with their
 * errors; only when none is left is the prompt refused.
 */
export function validatePrompt(prompt: Json): Validation {
  const strange = missingClassOf(prompt);
  if (strange) return { valid: false, error: strange, nodeErrors: {} };
  const graph = promptGraphOf(prompt) ?? {};
  const candidates = Object.entries(graph)
    .filter(([, node]) => nodeClasses.get(node.class_type)?.isOutput)
    .map(([id]) => id);
  if (candidates.length === 0) {
    return {
      valid: false,
      error: errorOf('prompt_no_outputs', 'Prompt has no outputs', ''),
      nodeErrors: {},
    };
  }
  const judge = new GraphJudge(graph);
  const outputs = candidates.filter((id) => judge.isSound(id));
  if (outputs.length > 0) return { valid: true, graph, outputs, nodeErrors: judge.nodeErrors(candidates) };
  const details = candidates
    .flatMap((id) => judge.errorsOf(id))
    .map(({ message, details: where }) => `${message}: ${where}`)
    .join('\n');
  return {
    valid: false,
    error: errorOf('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details),
    nodeErrors: judge.nodeErrors(candidates),
  };
}

/** An error in the shape of every ComfyUI answer about prompts. */
export function errorOf(
  type: string,
  message: string,
  details: string,
  extraInfo: JsonObject = {},
): InputError {
  return { type, message, details, extra_info: extraInfo };
}

/** The error for the first node without a class we know. */
function missingClassOf(prompt: Json): JsonObject | undefined {
  if (!isJsonObject(prompt)) {
    return errorOf('invalid_prompt', 'Prompt must be an object of nodes', '');
  }
  for (const [id, node] of Object.entries(prompt)) {
    const classType = isJsonObject(node) ? node.class_type : undefined;
    if (typeof classType === 'string' && nodeClasses.has(classType)) continue;
    const meta = isJsonObject(node) ? node._meta : undefined;
    const title = isJsonObject(meta) && typeof meta.title === 'string' ? meta.title : null;
    const message =
      typeof classType === 'string'
        ? `Node '${title ?? classType}' not found. The custom node may not be installed.`
        : `Node '${title ?? `ID #${id}`}' has no class_type. The workflow may be corrupted or a custom node is missing.`;
    return errorOf('missing_node_type', message, `Node ID '#${id}'`, {
      node_id: id,
      class_type: classType ?? null,
      node_title: title ?? (typeof classType === 'string' ? classType : null),
    });
  }
  return undefined;
}

/** Judges nodes with everything upstream of them, each once. */
class GraphJudge {
  readonly #graph: PromptGraph;
  readonly #errors = new Map<string, readonly InputError[]>();
  readonly #sound = new Map<string, boolean>();
  readonly #path: string[] = [];

  constructor(graph: PromptGraph) {
    this.#graph = graph;
  }

  isSound(id: string): boolean {
    const known = this.#sound.get(id);
    if (known !== undefined) return known;
    const node = this.#graph[id];
    const nodeClass = node && nodeClasses.get(node.class_type);
    if (!node || !nodeClass) return false;
    if (this.#path.includes(id)) return this.#blameCycle(id);
    this.#path.push(id);
    const errors: InputError[] = [];
    let upstreamIsSound = true;
    for (const [name, spec, isRequired] of inputsOf(nodeClass)) {
      const value = node.inputs[name];
      if (value === undefined) {
        if (isRequired) {
          errors.push(
            errorOf('required_input_missing', 'Required input is missing', name, { input_name: name }),
          );
        }
      } else if (isJsonArray(value)) {
        const source = this.#sourceOf(name, spec, value);
        if (typeof source !== 'string') errors.push(source);
        else if (!this.isSound(source)) upstreamIsSound = false;
      } else {
        const error = literalErrorOf(name, spec, value);
        if (error) errors.push(error);
      }
    }
    this.#path.pop();
    if (this.#sound.get(id) === false) return false;
    this.#errors.set(id, errors);
    this.#sound.set(id, upstreamIsSound && errors.length === 0);
    return upstreamIsSound && errors.length === 0;
  }

  errorsOf(id: string): readonly InputError[] {
    return this.#errors.get(id) ?? [];
  }

  /** ComfyUI's `node_errors`: the nodes at fault, and the outputs that fail because of them. */
  nodeErrors(outputs: readonly string[]): JsonObject {
    const failed = outputs.filter((id) => this.#sound.get(id) === false);
    if (failed.length === 0) return {};
    return Object.fromEntries(
      [...this.#errors]
        .filter(([, errors]) => errors.length > 0)
        .map(([id, errors]) => [
          id,
          { errors, dependent_outputs: failed, class_type: this.#graph[id]?.class_type ?? null },
        ]),
    );
  }

  /** The id a link leads to, or what is wrong with the link. */
  #sourceOf(name: string, spec: InputSpec, value: readonly Json[]): string | InputError {
    const link = linkOf(value);
    if (!link) {
      return errorOf(
        'bad_linked_input',
        'Bad linked input, must be a length-2 list of [node_id, slot_index]',
        name,
        { input_name: name, input_config: spec, received_value: value },
      );
    }
    const source: PromptNode | undefined = this.#graph[link.node];
    const received = nodeClasses.get(source?.class_type ?? '')?.outputs[link.socket]?.[0];
    if (received === undefined) {
      return errorOf('exception_during_inner_validation', 'Exception when validating inner node', link.node, {
        input_name: name,
        input_config: spec,
        exception_message: `'${link.node}'`,
        exception_type: source ? 'IndexError' : 'KeyError',
        traceback: [],
        linked_node: value,
      });
    }
    if (!fits(received, spec[0])) {
      return errorOf(
        'return_type_mismatch',
        'Return type mismatch between linked nodes',
        `${name}, received_type(${received}) mismatch input_type(${spec[0]})`,
        { input_name: name, input_config: spec, received_type: received, linked_node: value },
      );
    }
    return link.node;
  }

  #blameCycle(id: string): false {
    const cycle = [...this.#path.slice(this.#path.indexOf(id)), id];
    const nodes = [...new Set(cycle)];
    const details = cycle.map((node) => `${node} (${this.#graph[node]?.class_type})`).join(' -> ');
    for (const node of nodes) {
      this.#sound.set(node, false);
      this.#errors.set(node, [
        errorOf('dependency_cycle', 'Dependency cycle detected', details, {
          node_id: node,
          cycle_nodes: nodes,
        }),
      ]);
    }
    return false;
  }
}

function inputsOf({ required, optional = {} }: NodeClass) {
  return [
    ...Object.entries(required).map(([name, spec]) => [name, spec, true] as const),
    ...Object.entries(optional).map(([name, spec]) => [name, spec, false] as const),
  ];
}

function fits(received: string, wanted: string | readonly string[]): boolean {
  return received === '*' || wanted === '*' || received === wanted || typeof wanted !== 'string';
}

function literalErrorOf(name: string, spec: InputSpec, value: Json): InputError | undefined {
  const [type, options = {}] = spec;
  const info = { input_name: name, input_config: spec, received_value: value };
  if (typeof type !== 'string') {
    if (typeof value === 'string' && type.includes(value)) return undefined;
    const choices = `[${type.map((choice) => `'${choice}'`).join(', ')}]`;
    return errorOf('value_not_in_list', 'Value not in list', `${name}: '${value}' not in ${choices}`, info);
  }
  if (type !== 'INT' && type !== 'FLOAT') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    return errorOf(
      'invalid_input_type',
      `Failed to convert an input value to a ${type} value`,
      `${name}, ${value}, could not convert to a number`,
      info,
    );
  }
  const { min, max } = options;
  if (typeof min === 'number' && number < min) {
    return errorOf('value_smaller_than_min', `Value ${number} smaller than min of ${min}`, name, info);
  }
  if (typeof max === 'number' && number > max) {
    return errorOf('value_bigger_than_max', `Value ${number} bigger than max of ${max}`, name, info);
  }
  return undefined;
}
