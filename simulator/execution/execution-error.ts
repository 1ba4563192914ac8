import type { NodeFailure, NodeValue } from '../nodes/node-class.ts';
import type { JsonObject } from '../protocol/json.ts';

/** The frames of ComfyUI itself that lead every traceback. */
const serverFrames = [
  '  File "/home/comfy/ComfyUI/execution.py", line 543, in execute\n    output_data, output_ui, has_subgraph, has_pending_tasks = await get_output_data(prompt_id, unique_id, obj, input_data_all, execution_block_cb=execution_block_cb, pre_execute_cb=pre_execute_cb, v3_data=v3_data)\n',
  '  File "/home/comfy/ComfyUI/execution.py", line 342, in get_output_data\n    return_values = await _async_map_node_over_list(prompt_id, unique_id, obj, input_data_all, obj.FUNCTION, allow_interrupt=True, execution_block_cb=execution_block_cb, pre_execute_cb=pre_execute_cb, v3_data=v3_data)\n',
  '  File "/home/comfy/ComfyUI/execution.py", line 316, in _async_map_node_over_list\n    await process_inputs(input_dict, i)\n',
  '  File "/home/comfy/ComfyUI/execution.py", line 304, in process_inputs\n    result = f(**inputs)\n',
];

const outOfMemoryTips =
  'This error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.';

/** The part of `execution_error` that describes the exception (execution.py, execute). */
export function failureReport(failure: NodeFailure, inputs: Readonly<Record<string, NodeValue>>): JsonObject {
  return {
    exception_message: `${failure.message}\n${failure.outOfMemory ? outOfMemoryTips : ''}`,
    exception_type: failure.type,
    traceback: [...serverFrames, ...failure.frames],
    current_inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, [pythonText(value)]]),
    ),
  };
}

/** How Python's str() shows the value: literals stay, everything else becomes its description. */
function pythonText(value: NodeValue) {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'object' ? JSON.stringify(value.value) : value.value;
    case 'image': {
      const row = '[0.2118, 0.2471, 0.3255]';
      return `tensor([[[${row},\n          ${row},\n          ...,\n          ${row}]]])`;
    }
    case 'latent':
      return "{'samples': tensor([[[[-0.4821, 0.1177, 0.0562, ..., 0.3395]]]])}";
    case 'conditioning':
      return "[[tensor([[[-0.3921, 0.0277, -0.0540, ..., 0.4888]]]), {'pooled_output': tensor([[0.1130]])}]]";
    default:
      return `<comfy.${value.kind}.${value.kind.toUpperCase()} object at 0x7f3c2a51bd90>`;
  }
}
