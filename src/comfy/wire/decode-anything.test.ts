import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobErrorSchema } from '../../domain/jobs/job.ts';
import { historyEntrySchema, monitorEventSchema, queueEntrySchema } from '../../domain/monitor-event.ts';
import { eventsBy, source } from '../testing/decoding.ts';
import { decodeBinary } from './decode-binary.ts';
import { decodeMessage } from './decode-message.ts';
import { decodeHistory } from './entries/decode-history.ts';
import { decodeJob } from './entries/decode-job.ts';
import { decodeJobs } from './entries/decode-jobs.ts';
import { decodeQueue } from './entries/decode-queue.ts';
import { decodeSystemStats } from './system-stats.ts';

const types = [
  'status',
  'execution_start',
  'execution_cached',
  'executing',
  'progress',
  'progress_state',
  'executed',
  'execution_success',
  'execution_error',
  'execution_interrupted',
  'crystools.monitor',
  'comfy_monitor.telemetry',
  'feature_flags',
  'logs',
  'notification',
];

/** The names that decoders look for, so that nonsense gets past their doors. */
const keys = fc.constantFrom(
  ...['prompt_id', 'node', 'display_node', 'nodes', 'output', 'value', 'max', 'timestamp', 'status', 'state'],
  ...['exec_info', 'queue_remaining', 'images', 'text', '3d', 'filename', 'subfolder', 'type', 'animated'],
  ...['cpu_percent', 'ram', 'swap', 'disk', 'used', 'total', 'path', 'missing', 'throttled_by', 'power'],
  ...['gpus', 'cpu_utilization', 'vram_used', 'entries', 'm', 'traceback', 'exception_message', 'messages'],
  ...[
    'prompt',
    'outputs',
    'queue_running',
    'queue_pending',
    'class_type',
    'inputs',
    '_meta',
    'title',
    '1',
    '2',
  ],
  ...[
    'system',
    'devices',
    'argv',
    'extra_pnginfo',
    'workflow',
    'name',
    'create_time',
    '__proto__',
    'toString',
  ],
);

const leaf = fc.oneof(
  fc.constantFrom(null, true, '', '1', 'p', 'a.png', 'output', 'running', 'finished', 'error', -1, 0, 1.5),
  fc.double(),
  fc.string({ unit: 'binary' }),
);

/** Objects and lists of nonsense, as they come out of `JSON.parse`. */
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 8 }),
  ),
})).value;

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');
const hostTime = (serverTime: number) => serverTime;

describe('whatever a server sends', () => {
  it('in a text is nothing, misunderstood, or an event that the rest of the monitor accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), anything, (type, data) => {
        const { event, misunderstood } = decodeMessage(JSON.stringify({ type, data }), source);
        const told = eventsBy()(event);
        if (told) monitorEventSchema.parse(told);
        if (misunderstood) expect(misunderstood).toMatchObject({ kind: type });
      }),
      { numRuns: 2_000 },
    );
  });

  it('in bytes is nothing, misunderstood, an event or a preview', () => {
    const frame = fc
      .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5), fc.constantFrom(0, 1, 2, 9, 2 ** 31), fc.uint8Array())
      .map(([type, length, rest]) => {
        const head = Buffer.alloc(8);
        head.writeUInt32BE(type, 0);
        head.writeUInt32BE(length, 4);
        return Buffer.concat([head, rest]);
      });
    fc.assert(
      fc.property(fc.oneof(frame, fc.uint8Array().map(Buffer.from)), (bytes) => {
        const { event } = decodeBinary(bytes, source);
        if (event) monitorEventSchema.parse(event);
      }),
      { numRuns: 2_000 },
    );
  });

  it('over REST is nothing, or something that the rest of the monitor accepts', () => {
    const item = fc.tuple(leaf, leaf, anything, anything, anything);
    const queue = fc.record({ queue_running: fc.array(item), queue_pending: fc.array(item) });
    const entries = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.record({ prompt: item, outputs: anything, status: anything }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(fc.oneof(queue, anything), fc.oneof(entries, anything), (queued, history) => {
        const answer = decodeQueue(json(queued), hostTime);
        for (const entry of [...(answer?.running ?? []), ...(answer?.pending ?? [])])
          queueEntrySchema.parse(entry);
        for (const entry of decodeHistory(json(history), 0, hostTime) ?? []) historyEntrySchema.parse(entry);
        decodeSystemStats(json(queued), 0);
      }),
    );
  });

  it('about jobs is nothing, or something that the rest of the monitor accepts', () => {
    const status = fc.oneof(
      fc.constantFrom('pending', 'in_progress', 'completed', 'failed', 'cancelled'),
      leaf,
    );
    const job = fc.record(
      {
        id: leaf,
        status,
        priority: leaf,
        create_time: leaf,
        execution_start_time: leaf,
        execution_end_time: leaf,
        execution_error: anything,
        outputs: anything,
        execution_status: anything,
        workflow: fc.oneof(fc.record({ prompt: anything, extra_data: anything }), anything),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(job, anything)), job, (jobs, single) => {
        const answer = decodeJobs(json({ jobs }), hostTime);
        for (const entry of [...(answer?.running ?? []), ...(answer?.pending ?? [])])
          queueEntrySchema.parse(entry);
        for (const { error } of answer?.finished ?? []) jobErrorSchema.nullable().parse(error);
        const one = decodeJob(json(single), 0, hostTime);
        if (one?.entry) historyEntrySchema.parse(one.entry);
      }),
    );
  });
});
