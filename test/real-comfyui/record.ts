/**
 * Records what a real ComfyUI (with `monitor_probe.py` and, if possible, Crystools) sends to the
 * submitter of four prompts: one that runs, the same again from the cache, one that fails, one that is
 * interrupted. `node test/real-comfyui/record.ts URL > test/real-comfyui/traffic.json`
 */
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { PromptGraph } from '../../simulator/execution/prompt-graph.ts';
import { promptAround } from '../../simulator/testing/prompts.ts';

/** One frame as it came; binary ones in base64. */
export type RecordedFrame = { text: string } | { binary: string };

/** What was recorded. */
export interface RecordedTraffic {
  comfyVersion: string;
  promptIds: { steps: string; cached: string; failing: string; interrupted: string };
  frames: RecordedFrame[];
  /** Answers of REST routes after the last prompt. */
  answers: Record<string, unknown>;
}

const base = process.argv[2];
if (base === undefined) throw new Error('usage: node test/real-comfyui/record.ts URL');
// Where ComfyUI is installed is left out.
const text = JSON.stringify(await record(base), null, 1);
console.log(text.replaceAll(/\/[\w./-]*\/(?=ComfyUI\/|venv\/)/g, '/opt/'));

async function record(url: string): Promise<RecordedTraffic> {
  const clientId = randomUUID();
  const frames: RecordedFrame[] = [];
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?clientId=${clientId}`);
  const waiting = new Set<() => void>();
  socket.on('message', (data, isBinary) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    frames.push(isBinary ? { binary: bytes.toString('base64') } : { text: bytes.toString('utf8') });
    for (const look of waiting) look();
  });
  await new Promise((done, failed) => socket.once('open', done).once('error', failed));
  socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));

  /** Waits for a text frame that has all of these in it. */
  const frame = (...parts: string[]) =>
    new Promise<void>((done) => {
      const look = (): void => {
        const found = frames.some((one) => 'text' in one && parts.every((part) => one.text.includes(part)));
        if (!found) return;
        waiting.delete(look);
        done();
      };
      waiting.add(look);
      look();
    });
  const get = async (route: string): Promise<unknown> => (await fetch(`${url}${route}`)).json();
  const post = (route: string, body: object) =>
    fetch(`${url}${route}`, { method: 'POST', body: JSON.stringify(body) });
  const submit = async (prompt: PromptGraph): Promise<string> => {
    const answer: unknown = await (await post('/prompt', { prompt, client_id: clientId })).json();
    const id: unknown = Reflect.get(Object(answer), 'prompt_id');
    if (typeof id !== 'string') throw new Error(`refused: ${JSON.stringify(answer)}`);
    return id;
  };

  const seed = Date.now() % 1_000_000;
  const steps = await submit(stepsPrompt({ seed }));
  await frame('execution_success', steps);
  const cached = await submit(stepsPrompt({ seed }));
  await frame('execution_success', cached);
  const failing = await submit(
    promptAround({ class_type: 'ProbeRaise', inputs: { text: 'failed on purpose' } }, 'never'),
  );
  await frame('execution_error', failing);
  const interrupted = await submit(stepsPrompt({ seed: seed + 1, steps: 100 }));
  await frame('"progress"', interrupted);
  await post('/interrupt', { prompt_id: interrupted });
  await frame('execution_interrupted', interrupted);
  await frame('"status"', '"queue_remaining": 0');

  const stats = await get('/system_stats');
  const answers: Record<string, unknown> = {
    '/system_stats': stats,
    '/queue': await get('/queue'),
    '/history': await get('/history?max_items=4'),
    '/api/jobs': await get('/api/jobs?status=completed,failed,cancelled&limit=4'),
  };
  socket.close();
  const system: unknown = Reflect.get(Object(stats), 'system');
  const comfyVersion = String(Reflect.get(Object(system), 'comfyui_version'));
  return { comfyVersion, promptIds: { steps, cached, failing, interrupted }, frames, answers };
}

/** Takes `steps` steps of 0.1 s, with previews. Another seed is another prompt: nothing of it is cached. */
function stepsPrompt({ steps = 5, seed }: { steps?: number; seed: number }): PromptGraph {
  return promptAround(
    { class_type: 'ProbeSteps', inputs: { steps, delay: 0.1, seed }, _meta: { title: 'Slow steps' } },
    'Save the probe',
    'probe',
  );
}
