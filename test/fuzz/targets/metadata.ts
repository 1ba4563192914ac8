import { deflateSync } from 'node:zlib';
import { readWorkflow } from '../../../src/comfy/wire/entries/workflow.ts';
import { promptParametersSchema } from '../../../src/contract/output-details.ts';
import { readEmbeddedTexts } from '../../../src/host/outputs/embedded/embedded-texts.ts';
import { type FileSource, sourceOf } from '../../../src/host/outputs/embedded/file-bytes.ts';
import { readPromptParameters } from '../../../src/host/outputs/provenance/prompt-parameters.ts';
import { readTextParameters } from '../../../src/host/outputs/provenance/text-parameters.ts';
import { pictureSize } from '../../../src/main/system/picture-size.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { mutateBytes, mutateJson, mutateText, noise } from '../mutations.ts';
import { sampleFiles } from '../recordings.ts';

const files = [...sampleFiles.values()];
/** Bytes and reads of a file that is so small: more is going round in circles. */
const mostRead = 64 * 2 ** 20;
const mostOpened = 45;
const mostText = 4 * 2 ** 20;

const parameters = 'a lake\nNegative prompt: blurry\nSteps: 24, Sampler: Euler a, Seed: 42, Model: dreamland';
const graph = {
  '1': {
    class_type: 'KSampler',
    inputs: { seed: 7, steps: 20, model: ['2', 0], positive: ['3', 0], negative: ['4', 0] },
  },
  '2': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'dreamland.safetensors' } },
  '3': { class_type: 'CLIPTextEncode', inputs: { text: 'a lake', clip: ['2', 1] } },
  '4': { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['3', 0], conditioning_2: ['1', 0] } },
  '9': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
};

/** Damaged files of every format: never rejects, ends, and gives texts that can be read further. */
export const filesTarget: FuzzTarget = {
  name: 'file-metadata',
  share: 12,
  async attempt(chance) {
    const given = files[chance.below(files.length)] ?? Buffer.alloc(0);
    const bytes = mutateBytes(chance, given, files);
    await pictureSize(bytes);
    const { source, spent } = counted(bytes, chance);
    const texts = await readEmbeddedTexts(source, chance.pick(['prompt', 'workflow', 'parameters']));
    mustHold(spent.opened <= mostOpened, `opened ${spent.opened} times`);
    mustHold(spent.read <= mostRead, `read ${spent.read} bytes of ${bytes.length}`);
    for (const text of [texts.prompt, texts.workflow, texts.parameters])
      mustHold(text === null || text.length <= mostText, 'a text that is too long');
    checkReadable(texts.prompt, texts.workflow, texts.parameters);
  },
};

/** What stands in a file beside its prompt costs nothing but itself, as long as it keeps to its own place. */
export const foreignChunkTarget: FuzzTarget = {
  name: 'foreign-chunks',
  share: 4,
  async attempt(chance) {
    const name = chance.pick(['core.png', 'packed.png', 'core.webp', 'core.wav']);
    const given = sampleFiles.get(name) ?? Buffer.alloc(0);
    const isPng = name.endsWith('png');
    const foreign = isPng ? pngChunk(chance) : riffChunk(chance);
    // Behind IHDR of a PNG; of the other two behind their form.
    const place = isPng ? 33 : 12;
    const bytes = Buffer.concat([given.subarray(0, place), foreign, given.subarray(place)]);
    if (!isPng) bytes.writeUInt32LE(bytes.length - 8, 4);
    const expected = await readEmbeddedTexts(sourceOf(given), 'prompt');
    const found = await readEmbeddedTexts(counted(bytes, chance).source, 'prompt');
    mustHold(
      found.prompt === expected.prompt,
      `${name} does not tell its prompt behind`,
      foreign.toString('hex'),
    );
  },
};

/** Prompts, workflows and A1111's texts with anything in them. */
export const parametersTarget: FuzzTarget = {
  name: 'prompt-parameters',
  share: 8,
  attempt(chance) {
    const json = JSON.stringify(mutateJson(chance, graph)) ?? '';
    const text = chance.chance(0.4) ? mutateText(chance, json) : json;
    checkReadable(text, text, mutateText(chance, parameters));
  },
};

function checkReadable(prompt: string | null, workflow: string | null, text: string | null): void {
  const read = [
    prompt === null ? null : readPromptParameters(prompt, '9'),
    text === null ? null : readTextParameters(text),
  ];
  for (const found of read) {
    if (found === null) continue;
    promptParametersSchema.parse(found);
    const size = JSON.stringify(found).length;
    mustHold(size <= 100_000, `parameters of ${size} characters`);
  }
  const flow = workflow === null ? null : readWorkflow(workflow);
  if (flow !== null) JSON.parse(flow);
}

/** Served whole, in ranges, or from the front only, in pieces of any size. */
function counted(
  bytes: Buffer,
  chance: Seeded,
): { source: FileSource; spent: { opened: number; read: number } } {
  const spent = { opened: 0, read: 0 };
  const inner = sourceOf(bytes, chance.pick([65_536, 65_536, 1_000, 64, 7]));
  const isFrontOnly = chance.chance(0.3);
  const isSized = chance.chance(0.7);
  const source: FileSource = {
    async open(start) {
      spent.opened += 1;
      const part = await inner.open(isFrontOnly ? 0 : start);
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for await (const chunk of part.chunks) {
          spent.read += chunk.length;
          yield chunk;
        }
      }
      return { ...part, size: isSized ? part.size : null, chunks: chunks() };
    },
  };
  return { source, spent };
}

function pngChunk(chance: Seeded): Buffer {
  const type = chance.pick(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'acTL', 'comf', 'junk']);
  const keyword = chance.pick(['prompt', 'Comment', 'workflow', 'XML:com.adobe.xmp', 'x']);
  const packed = chance.chance(0.5) ? noise(chance, chance.below(40)) : deflateSync(noise(chance, 9));
  const data = Buffer.concat([
    Buffer.from(`${keyword}\0`),
    chance.chance(0.5) ? Buffer.from([0, 0]) : Buffer.alloc(0),
    packed,
  ]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

function riffChunk(chance: Seeded): Buffer {
  const data = noise(chance, 2 * chance.below(30));
  const head = Buffer.alloc(8);
  head.write(chance.pick(['EXIF', 'LIST', 'XMP ', 'junk', 'id3 ']), 0, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
}
