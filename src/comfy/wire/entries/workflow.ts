import { parseJson } from '../json.ts';
import { isObject, listOf, objectOf } from '../wire-values.ts';

/** The longest workflow (characters) that is handed on; large ones have some hundred thousand. */
const maxLength = 8 * 2 ** 20;

/**
 * The workflow of a `/history` entry, as text that ComfyUI's page loads when it is pasted; null if the
 * prompt came without one, as from scripts. Editors send it along in `extra_data.extra_pnginfo`.
 */
export function workflowOfEntry(entry: unknown): string | null {
  const [, , , extraData] = listOf(objectOf(entry).prompt, 5);
  return pasteable(objectOf(objectOf(extraData).extra_pnginfo).workflow);
}

/** The same for a workflow that was embedded into a file; null if the text is none. Never throws. */
export function readWorkflow(json: string): string | null {
  try {
    return pasteable(parseJson(json));
  } catch {
    return null;
  }
}

/** ComfyUI's page takes a pasted text for a workflow only if it has a version, nodes and `extra`. */
function pasteable(workflow: unknown): string | null {
  if (!isObject(workflow) || !Array.isArray(workflow.nodes) || workflow.nodes.length === 0) return null;
  const { version, extra } = workflow;
  const text = JSON.stringify({
    ...workflow,
    version: typeof version === 'number' && version > 0 ? version : 0.4,
    extra: isObject(extra) ? extra : {},
  });
  return text.length > maxLength ? null : text;
}
