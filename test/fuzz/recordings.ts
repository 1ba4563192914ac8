/** Real inputs that mutations begin with. */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { runMessages } from '../../bench/traffic.ts';

const trafficSchema = z.object({
  frames: z.array(z.object({ text: z.string().optional(), binary: z.string().optional() })),
  answers: z.record(z.string(), z.unknown()),
});
const traffic = trafficSchema.parse(read('../real-comfyui/traffic.json'));
const messages = z.object({ messages: z.array(z.unknown()) }).parse(read('../testing/server-messages.json'));

/** Text and binary frames in their order, as a real ComfyUI sent them. */
export const recordedFrames: readonly (string | Buffer)[] = traffic.frames.map(
  ({ text, binary }) => text ?? Buffer.from(binary ?? '', 'base64'),
);

/** One of each kind, and those of a run with many steps. */
export const otherTexts: readonly string[] = [
  ...messages.messages.map((message) => JSON.stringify(message)),
  ...runMessages('p1', 10, 8),
];

/** Answers over REST by their route. */
export const recordedAnswers: ReadonlyMap<string, unknown> = new Map(Object.entries(traffic.answers));

/** Files of every format that people save, with a prompt in them, by name. */
export const sampleFiles: ReadonlyMap<string, Buffer> = (() => {
  const folder = new URL('../../src/host/outputs/embedded/testing/samples/', import.meta.url);
  const names = readdirSync(folder).filter((name) => !name.endsWith('.md'));
  return new Map(names.sort().map((name) => [name, readFileSync(new URL(name, folder))]));
})();

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}
