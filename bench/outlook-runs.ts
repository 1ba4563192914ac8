import { ManualClock } from '../simulator/clock.ts';
import type { PromptGraph } from '../simulator/execution/prompt-graph.ts';
import { MediaLibrary } from '../simulator/media/media-library.ts';
import { Random } from '../simulator/random.ts';
import { ServerProcess } from '../simulator/server-process.ts';
import { type TextToImage, textToImage } from '../simulator/workflows.ts';
import { eventsBy } from '../src/comfy/testing/decoding.ts';
import { decodeMessage } from '../src/comfy/wire/decode-message.ts';
import { nodeNamesOf, readPromptGraph } from '../src/comfy/wire/entries/prompt-graph.ts';
import { jobParameters } from '../src/comfy/wire/graph/job-parameters.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import recorded from '../test/real-comfyui/runs.json' with { type: 'json' };
import { benchServer } from './bench-server.ts';

/** Runs that follow each other on one server, with everything that was heard of them and when. */
export interface Session {
  name: string;
  events: MonitorEvent[];
}

const start = 1_790_000_000_000;
/** A prompt of the simulator takes less, ms. */
const longest = 600_000;

const subjects: readonly TextToImage[] = [
  { title: 'Lake', prompt: 'a lake', seed: 0, steps: 24 },
  { title: 'Field', prompt: 'a galaxy', seed: 0, steps: 28, preview: true },
  { title: 'Cranes', prompt: 'cranes', seed: 0, batch: 4, width: 640, height: 640 },
  { title: 'Planet', prompt: 'a planet', seed: 0, steps: 18, upscale: true },
  { title: 'Fjord', prompt: 'a fjord', seed: 0, steps: 16, checkpoint: 'flux1-dev-fp8.safetensors' },
  {
    title: 'Nebula',
    prompt: 'a nebula',
    seed: 0,
    steps: 30,
    width: 512,
    height: 320,
    checkpoint: 'v1-5-pruned-emaonly-fp16.safetensors',
    ending: 'gif',
  },
];

/** What people change from one run to the next. */
const changes: ReadonlyArray<{ name: string; of: (run: number, base: TextToImage) => Partial<TextToImage> }> =
  [
    { name: 'other seeds', of: (run) => ({ seed: run }) },
    {
      name: 'other seeds and words',
      of: (run, { prompt }) => ({ seed: run, prompt: `${prompt}, take ${run}` }),
    },
    {
      name: 'other steps',
      of: (run, { steps = 20 }) => ({ seed: run, steps: run % 2 === 0 ? steps : 2 * steps }),
    },
    {
      name: 'other sizes',
      of: (run, { width = 768, height = 512 }) => ({
        seed: run,
        width: run % 3 === 2 ? 2 * width : width,
        height: run % 3 === 1 ? 2 * height : height,
      }),
    },
    { name: 'other batches', of: (run, { batch = 1 }) => ({ seed: run, batch: batch + (run % 4) }) },
    {
      name: 'other models',
      of: (run, { checkpoint }) => ({
        seed: run,
        ...(run % 2 === 1 ? { checkpoint: 'flux1-dev-fp8.safetensors' } : checkpoint ? { checkpoint } : {}),
      }),
    },
  ];

/** The simulator's workflows, each run so many times with something else in it, on a server of its own per change. */
export function simulatedSessions(runs: number): Session[] {
  return changes.map(({ name, of }, index) => {
    const prompts = Array.from({ length: runs }, (_, run) =>
      subjects.map((subject) => ({ ...subject, ...of(run, subject) })),
    );
    return {
      name,
      events: simulated(
        prompts.flat().map((options) => textToImage(options)),
        index + 1,
      ),
    };
  });
}

/** What a real ComfyUI sent, when it sent it. */
export function recordedSession(): Session {
  const described = new Map(
    Object.entries(recorded.prompts).map(([id, { title, graph }]) => [id, descriptionOf(id, title, graph)]),
  );
  const told = eventsBy();
  const events = recorded.frames.flatMap(({ at, text }) => {
    const event = told(decodeMessage(text, sourceAt(at)).event);
    if (!event) return [];
    const description = event.type === 'prompt_started' ? described.get(event.promptId) : undefined;
    return description ? [event, { ...description, at }] : [event];
  });
  return { name: 'a real ComfyUI', events };
}

/** Runs prompts one after the other on a simulated server whose time passes in an instant. */
function simulated(prompts: readonly { title: string; graph: PromptGraph }[], seed: number): MonitorEvent[] {
  const clock = new ManualClock(start);
  const events: MonitorEvent[] = [];
  const told = eventsBy();
  let described: (() => MonitorEvent) | null = null;
  const hear = (type: string, data: object): void => {
    const event = told(decodeMessage(JSON.stringify({ type, data }), sourceAt(clock.now())).event);
    if (event) events.push(event);
    if (event?.type === 'prompt_started' && described) events.push(described());
  };
  const server = new ServerProcess({
    clock,
    random: new Random(seed),
    library: new MediaLibrary(undefined, undefined),
    outbox: { send: hear, sendPreview() {}, sendText() {}, wantsPreviews: () => false },
    speed: 1,
    gpuCount: 1,
    historyLimit: 10,
  });
  for (const [index, { title, graph }] of prompts.entries()) {
    const promptId = `00000000-0000-4000-8000-${String(seed * 1_000 + index).padStart(12, '0')}`;
    described = () => ({ ...descriptionOf(promptId, title, graph), at: clock.now() });
    const answer = server.submit({ prompt: graph, client_id: 'bench', prompt_id: promptId });
    if (!answer.accepted) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
    clock.advance(longest);
  }
  return events;
}

function descriptionOf(promptId: string, title: string, graph: unknown): MonitorEvent {
  return {
    type: 'prompt_described',
    serverId: benchServer.id,
    at: start,
    promptId,
    title,
    nodeTotal: readPromptGraph(graph, {}, []).nodeTotal,
    nodeNames: nodeNamesOf(graph),
    parameters: jobParameters(graph, []),
  };
}

function sourceAt(at: number) {
  return { serverId: benchServer.id, at, hostTime: (time: number) => time };
}
