import { z } from 'zod';
import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import { safeParse } from '../../../domain/text/safe-parse.ts';
import { type Found, putFigure, readableName } from '../gpu-figures.ts';

/** A whole number in a text, because JSON's numbers hold only 53 bits. */
const numberText = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(Number);
const lineSchema = z.object({
  adapters: z
    .array(
      z
        .object({
          luid: z.string().regex(/^-?\d{1,20}$/),
          name: z.string(),
          vendor: z.number(),
          vram: numberText.nullable().catch(null),
        })
        .nullable()
        .catch(null),
    )
    .max(256),
  memory: z
    .array(z.object({ name: z.string(), dedicated: numberText, shared: numberText }).nullable().catch(null))
    .max(1_000),
  engines: z.array(z.object({ name: z.string(), load: numberText }).nullable().catch(null)).max(20_000),
});
const errorSchema = z.object({ error: z.string() });

/** Microsoft's own adapters are software, such as `Microsoft Basic Render Driver`. */
const microsoft = 0x1414;

/** What a line of the script says: the GPUs, an error, or nothing that can be read. */
export type CounterLine = { gpus: GpuReading[] } | { error: string } | null;

/** Reads a line of the script in `counter-script.ts`. */
export function readCounterLine(line: string): CounterLine {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  const error = safeParse(errorSchema, json).data;
  if (error) return { error: readableName(error.error) ?? 'unknown' };
  const said = safeParse(lineSchema, json).data;
  if (!said) return null;

  const memory = new Map<string, { dedicated: number; shared: number }>();
  for (const entry of said.memory) {
    const luid = luidIn(entry?.name ?? '');
    if (!entry || luid === null) continue;
    const sum = memory.get(luid) ?? { dedicated: 0, shared: 0 };
    memory.set(luid, { dedicated: sum.dedicated + entry.dedicated, shared: sum.shared + entry.shared });
  }
  const loads = loadsOf(said.engines);
  const gpus = new Map<string, GpuReading>();
  for (const adapter of said.adapters) {
    if (!adapter || adapter.vendor === microsoft) continue;
    const luid = luidText(BigInt(adapter.luid));
    const used = memory.get(luid);
    // Entries of drivers that were replaced stay in the list: counters tell which adapters there are.
    if (!used || gpus.has(luid)) continue;
    const gpu = unmeasuredGpu();
    gpu.name = readableName(adapter.name);
    putFigure(gpu, 'vramTotal', adapter.vram === null || adapter.vram === 0 ? null : adapter.vram);
    putFigure(gpu, 'vramUsed', used.dedicated);
    putFigure(gpu, 'sharedUsed', used.shared);
    putFigure(gpu, 'loadPercent', Math.min(100, loads.get(luid) ?? 0));
    const why: Found = { why: 'Windows does not tell it' };
    for (const figure of ['temperatureC', 'powerWatts', 'coreClockMhz'] as const) putFigure(gpu, figure, why);
    gpus.set(luid, gpu);
  }
  return { gpus: [...gpus.values()] };
}

/** Load by adapter: that of its busiest kind of engine, all programs together, as the task manager shows it. */
function loadsOf(engines: readonly ({ name: string; load: number } | null)[]): Map<string, number> {
  const sums = new Map<string, Map<string, number>>();
  for (const engine of engines) {
    const luid = luidIn(engine?.name ?? '');
    if (!engine || luid === null) continue;
    const [, kind = ''] = /_eng_(\d{1,4})_/.exec(engine.name) ?? [];
    const kinds = sums.get(luid) ?? new Map<string, number>();
    kinds.set(kind, (kinds.get(kind) ?? 0) + engine.load);
    sums.set(luid, kinds);
  }
  return new Map([...sums].map(([luid, kinds]) => [luid, Math.max(...kinds.values())]));
}

/** `…luid_0x00000000_0x0000A1B2_phys_0…`: the upper and the lower half of the adapter's number. */
function luidIn(name: string): string | null {
  const [, upper, lower] = /luid_0x([\da-f]{1,8})_0x([\da-f]{1,8})_/i.exec(name.slice(0, 300)) ?? [];
  if (upper === undefined || lower === undefined) return null;
  return luidText((BigInt(`0x${upper}`) << 32n) | BigInt(`0x${lower}`));
}

function luidText(luid: bigint): string {
  return BigInt.asUintN(64, luid).toString(16);
}
