/** Messages of one sampler run, as a server sends them: per step `progress_state` and `progress`, telemetry. */
export function runMessages(promptId: string, steps: number, nodes: number): string[] {
  const text = (type: string, data: object) => JSON.stringify({ type, data });
  const nodeState = (id: number, value: number, max: number, state: string) => ({
    value,
    max,
    state,
    node_id: String(id),
    prompt_id: promptId,
    display_node_id: String(id),
    parent_node_id: null,
    real_node_id: String(id),
  });
  const telemetry = {
    cpu_utilization: 13.6,
    ram_total: 137_189_629_952,
    ram_used: 22_640_160_768,
    ram_used_percent: 16.5,
    hdd_total: 1_098_540_642_304,
    hdd_used: 736_551_907_328,
    hdd_used_percent: 67,
    device_type: 'cuda',
    gpus: [
      {
        gpu_utilization: 97,
        gpu_temperature: 71,
        vram_total: 25_757_220_864,
        vram_used: 18_439_340_032,
        vram_used_percent: 71.59,
      },
    ],
  };
  const timestamp = 1_790_000_000_000;
  const before = Array.from({ length: nodes - 2 }, (_, n) => n + 1);
  const sampler = nodes - 1;
  const finished = Object.fromEntries(before.map((id) => [id, nodeState(id, 1, 1, 'finished')]));
  return [
    text('status', { status: { exec_info: { queue_remaining: 3 } } }),
    text('execution_start', { prompt_id: promptId, timestamp }),
    text('execution_cached', { nodes: before.slice(0, 3).map(String), prompt_id: promptId, timestamp }),
    ...before.map((id) =>
      text('executing', { node: String(id), display_node: String(id), prompt_id: promptId }),
    ),
    text('executing', { node: String(sampler), display_node: String(sampler), prompt_id: promptId }),
    ...Array.from({ length: steps }, (_, n) => [
      text('progress_state', {
        prompt_id: promptId,
        nodes: { ...finished, [sampler]: nodeState(sampler, n + 1, steps, 'running') },
      }),
      text('progress', { value: n + 1, max: steps, prompt_id: promptId, node: String(sampler) }),
      ...(n % 10 === 0 ? [text('crystools.monitor', telemetry)] : []),
    ]).flat(),
    text('executed', {
      node: String(nodes),
      display_node: String(nodes),
      output: { images: [{ filename: `${promptId}_00001_.png`, subfolder: 'bench', type: 'output' }] },
      prompt_id: promptId,
    }),
    text('execution_success', { prompt_id: promptId, timestamp: timestamp + 20_000 }),
    text('executing', { node: null, prompt_id: promptId }),
  ];
}
