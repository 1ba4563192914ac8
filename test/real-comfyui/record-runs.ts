/**
 * Records when a real ComfyUI (with `monitor_probe.py`) sent what to the submitter of two kinds of prompts that run
 * several times, with other seeds, steps and sizes: by these the estimates are judged.
 * `node test/real-comfyui/record-runs.ts URL > test/real-comfyui/runs.json`
 */
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { PromptGraph, PromptNode } from '../../simulator/execution/prompt-graph.ts';

/** What was recorded: the graphs by prompt id, and the frames with the time at which they came, ms. */
interface RecordedRuns {
  comfyVersion: string;
  prompts: Record<string, { title: string; graph: PromptGraph }>;
  frames: { at: number; text: string }[];
}

const base = process.argv[2];
if (base === undefined) throw new Error('usage: node test/real-comfyui/record-runs.ts URL');
console.log(JSON.stringify(await record(base), null, 1));

async function record(url: string): Promise<RecordedRuns> {
  const clientId = randomUUID();
  const frames: RecordedRuns['frames'] = [];
  const prompts: RecordedRuns['prompts'] = {};
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?clientId=${clientId}`);
  const told = /"type": "(execut|progress)/;
  let look = (_text: string): void => {};
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : String(data);
    if (!told.test(text)) return;
    frames.push({ at: Date.now(), text });
    look(text);
  });
  await new Promise((done, failed) => socket.once('open', done).once('error', failed));
  const ask = async (route: string, body?: object): Promise<object> => {
    const options = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return Object(await (await fetch(`${url}${route}`, options)).json());
  };
  for (let run = 0; run < 6; run += 1) {
    for (const [title, graph] of [
      ['Steps', steps(run)],
      ['Large', large(run)],
    ] as const) {
      const promptId = randomUUID();
      const over = new Promise<void>((done) => {
        look = (text) => text.includes('execution_success') && text.includes(promptId) && done();
      });
      prompts[promptId] = { title, graph };
      const answer = await ask('/prompt', { prompt: graph, client_id: clientId, prompt_id: promptId });
      if (!('prompt_id' in answer)) throw new Error(`refused: ${JSON.stringify(answer)}`);
      await over;
    }
  }
  socket.close();
  const comfyVersion = String(
    Reflect.get(Object(Reflect.get(await ask('/system_stats'), 'system')), 'comfyui_version'),
  );
  return { comfyVersion, prompts, frames };
}

/** Steps of a fifth of a second, of which every third run has twice as many. */
function steps(run: number): PromptGraph {
  return {
    '1': node('EmptyImage', { width: 512, height: 512, batch_size: 1, color: 0 }),
    '2': probe(run, run % 3 === 2 ? 20 : 10, 0.2),
    '3': node('SaveImage', { images: ['2', 0], filename_prefix: 'steps' }),
  };
}

/** Mostly nodes without steps; every third run is larger. */
function large(run: number): PromptGraph {
  const side = run % 3 === 2 ? 2048 : 1536;
  return {
    '1': node('EmptyImage', { width: 256, height: 256, batch_size: 1, color: run }),
    '2': probe(run, 6, 0.15),
    '3': node('ImageScale', {
      image: ['2', 0],
      upscale_method: 'lanczos',
      width: side,
      height: side,
      crop: 'disabled',
    }),
    '4': node('ImageBlur', { image: ['3', 0], blur_radius: 12, sigma: 4 }),
    '5': node('SaveImage', { images: ['4', 0], filename_prefix: 'large' }),
  };
}

function probe(run: number, count: number, delay: number): PromptNode {
  return node('ProbeSteps', { image: ['1', 0], steps: count, delay, seed: run });
}

function node(classType: string, inputs: PromptNode['inputs']): PromptNode {
  return { class_type: classType, inputs };
}
