import { describe, expect, it } from 'vitest';
import { unmeasuredGpu, unmeasuredMachine } from '../../domain/telemetry/machine-reading.ts';
import { decoded, eventOf, receivedAt, source } from '../testing/decoding.ts';
import { decodeMessage, maxSampleLength } from './decode-message.ts';

const hour = 3_600_000;
const about = { serverId: 's', at: receivedAt };

/** As ComfyUI and Crystools write them: Python puts spaces after colons and commas, and `.0` to floats. */
describe('the messages of a ComfyUI server, byte for byte', () => {
  it.each([
    [
      'crystools.monitor',
      '{"type": "crystools.monitor", "data": {"cpu_utilization": 13.6, "ram_total": 137189629952, "ram_used": 22640160768, "ram_used_percent": 16.5, "hdd_total": 1098540642304, "hdd_used": 736551907328, "hdd_used_percent": 67.0, "device_type": "cuda", "gpus": [{"gpu_utilization": 21, "gpu_temperature": 48, "vram_total": 25757220864, "vram_used": 2439340032, "vram_used_percent": 9.470509434538348}]}}',
      {
        type: 'machine_measured',
        source: 'crystools',
        reading: {
          ...unmeasuredMachine(receivedAt),
          cpuPercent: 13.6,
          ramUsed: 22640160768,
          ramTotal: 137189629952,
          disk: { used: 736551907328, total: 1098540642304, free: null, path: null, holdsOutputs: false },
          gpus: [
            {
              ...unmeasuredGpu(),
              loadPercent: 21,
              temperatureC: 48,
              vramUsed: 2439340032,
              vramTotal: 25757220864,
            },
          ],
        },
      },
    ],
    [
      'progress',
      '{"type": "progress", "data": {"value": 20, "max": 20, "prompt_id": "dbed14bc-92a6-4af4-a0fa-45c537285433", "node": "13"}}',
      {
        type: 'step_reached',
        promptId: 'dbed14bc-92a6-4af4-a0fa-45c537285433',
        nodeId: '13',
        step: 20,
        max: 20,
      },
    ],
    [
      'executed',
      '{"type": "executed", "data": {"node": "9", "display_node": "9", "output": {"images": [{"filename": "Flux_00134_.png", "subfolder": "Flux", "type": "output"}]}, "prompt_id": "45ba6caf-801e-4236-8855-c6822a80d778"}}',
      {
        type: 'node_executed',
        promptId: '45ba6caf-801e-4236-8855-c6822a80d778',
        nodeId: '9',
        outputs: [
          {
            nodeId: '9',
            kind: 'image',
            file: { filename: 'Flux_00134_.png', subfolder: 'Flux', type: 'output' },
            text: null,
            at: receivedAt,
          },
        ],
      },
    ],
    [
      'execution_interrupted',
      '{"type": "execution_interrupted", "data": {"prompt_id": "45ba6caf-801e-4236-8855-c6822a80d778", "node_id": "13", "node_type": "KSampler", "executed": ["4", "5"], "timestamp": 1799996395000}}',
      {
        type: 'prompt_finished',
        promptId: '45ba6caf-801e-4236-8855-c6822a80d778',
        outcome: 'interrupted',
        finishedAt: 1799996395000 + hour,
        stamp: 1799996395000,
        error: null,
      },
    ],
    [
      'execution_start',
      '{"type": "execution_start", "data": {"prompt_id": "7c01b1e6-5bc7-4506-ba19-9c174a92fe71", "timestamp": 1799996399806}}',
      {
        type: 'prompt_started',
        promptId: '7c01b1e6-5bc7-4506-ba19-9c174a92fe71',
        startedAt: 1799996399806 + hour,
        stamp: 1799996399806,
      },
    ],
    [
      'execution_cached',
      '{"type": "execution_cached", "data": {"nodes": [], "prompt_id": "7c01b1e6-5bc7-4506-ba19-9c174a92fe71", "timestamp": 1725179499816}}',
      { type: 'nodes_cached', promptId: '7c01b1e6-5bc7-4506-ba19-9c174a92fe71', nodeIds: [] },
    ],
    [
      'status',
      '{"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": "75bc2eef-d322-4982-ba30-be86a0209d26"}}',
      { type: 'queue_length_changed', length: 0 },
    ],
    [
      'executing',
      '{"type": "executing", "data": {"node": "10", "display_node": "10", "prompt_id": "45ba6caf-801e-4236-8855-c6822a80d778"}}',
      {
        type: 'node_started',
        promptId: '45ba6caf-801e-4236-8855-c6822a80d778',
        nodeId: '10',
        displayNodeId: '10',
      },
    ],
    [
      'execution_success',
      '{"type": "execution_success", "data": {"prompt_id": "7c01b1e6-5bc7-4506-ba19-9c174a92fe71", "timestamp": 1799996399456}}',
      {
        type: 'prompt_finished',
        promptId: '7c01b1e6-5bc7-4506-ba19-9c174a92fe71',
        outcome: 'success',
        finishedAt: 1799996399456 + hour,
        stamp: 1799996399456,
        error: null,
      },
    ],
  ])('%s', (_type, text, event) => {
    const told = event.type === 'machine_measured' ? event : { ...about, ...event };
    expect(decodeMessage(text, source)).toEqual({ event: told, misunderstood: null });
  });
});

describe('a message', () => {
  it('of a type that we do not know is ignored without a word: extensions send what they like', () => {
    for (const type of ['cup.queue', 'pysssss/update', 'assets.scan', '', '__proto__', 'constructor'])
      expect(decoded(type, { anything: 1 })).toEqual({ event: null, misunderstood: null });
    expect(decodeMessage('{"type":"cup.queue"}', source)).toEqual({ event: null, misunderstood: null });
  });

  it('of such a type is not even read', () => {
    const noJson = ['{"type": "manager-queue", "data": ', '{"type":"x"}}}}'];
    for (const text of noJson)
      expect(decodeMessage(text, source)).toEqual({ event: null, misunderstood: null });
  });

  it('may name its type last', () => {
    const text = '{"data": {"status": {"exec_info": {"queue_remaining": 2}}}, "type": "status"}';
    expect(decodeMessage(text, source).event).toMatchObject({ type: 'queue_length_changed', length: 2 });
  });

  it('may carry fields that we do not know', () => {
    expect(eventOf('status', { status: { exec_info: { queue_remaining: 3, new: 1 }, x: 2 }, y: 3 })).toEqual({
      ...about,
      type: 'queue_length_changed',
      length: 3,
    });
  });

  it.each([
    ['not JSON', 'hello'],
    ['not JSON', ''],
    ['not JSON', '{"type":"status","data":{"status":'],
    ['no type', '[]'],
    ['no type', 'null'],
    ['no type', '"status"'],
    ['no type', '{"data":{}}'],
    ['no type', '{"type":7,"data":{}}'],
    ['status', '{"type":"status"}'],
    ['status', '{"type":"status","data":null}'],
    ['status', '{"type":"status","data":[]}'],
    ['status', '{"type":"status","data":{"status":{"exec_info":{}}}}'],
    ['status', '{"type":"status","data":{"status":{"exec_info":{"queue_remaining":-1}}}}'],
    ['status', '{"type":"status","data":{"status":{"exec_info":{"queue_remaining":NaN}}}}'],
  ])('that cannot be understood is reported as "%s": %s', (kind, text) => {
    expect(decodeMessage(text, source)).toEqual({ event: null, misunderstood: { kind, sample: text } });
  });

  it('that cannot be understood is quoted with its first 200 characters, no half ones', () => {
    const sample = (text: string) => decodeMessage(text, source).misunderstood?.sample;
    expect(sample('x'.repeat(1_000_000))).toBe('x'.repeat(maxSampleLength));
    expect(sample(`${'x'.repeat(maxSampleLength - 1)}😀😀`)).toBe('x'.repeat(maxSampleLength - 1));
  });

  it('may hold the NaN and Infinity of Python where we do not look, and where we do', () => {
    const text =
      '{"type":"progress","data":{"value":3,"max":10,"loss":NaN,"range":[-Infinity,Infinity],"node":"3"}}';
    expect(decodeMessage(text, source).event).toMatchObject({ type: 'step_reached', step: 3, max: 10 });
    const useless = '{"type":"progress","data":{"value":NaN,"max":10,"node":"3"}}';
    expect(decodeMessage(useless, source)).toMatchObject({
      event: null,
      misunderstood: { kind: 'progress' },
    });
  });

  it('with half a character in a file name gives a name that can be put into a URL', () => {
    const text =
      '{"type":"executed","data":{"node":"9","prompt_id":"p","output":{"images":[{"filename":"a\\udce9.png"}]}}}';
    const { event } = decodeMessage(text, source);
    const file = event?.type === 'node_executed' ? event.outputs[0]?.file : null;
    expect(file?.filename).toBe('a\ufffd.png');
    expect(encodeURIComponent(file?.filename ?? '')).toBe('a%EF%BF%BD.png');
  });

  it('with keys of Object.prototype changes nothing but what it says', () => {
    const text =
      '{"__proto__":{"type":"status"},"constructor":1,"type":"status","data":{"__proto__":{"status":1}}}';
    expect(decodeMessage(text, source)).toMatchObject({ event: null, misunderstood: { kind: 'status' } });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('words of a server', () => {
  it.each([-20 * hour, 20 * hour])(
    'of beginnings and ends are of now, although the clock of the server is off by %i ms',
    (by) => {
      const timestamp = receivedAt - hour + by;
      const told = eventOf('execution_success', { prompt_id: 'p', timestamp });
      if (told?.type !== 'prompt_finished') throw new Error('no end');
      expect(Math.abs((told.finishedAt ?? 0) - receivedAt)).toBeLessThanOrEqual(60_000);
      const begun = eventOf('execution_start', { prompt_id: 'p', timestamp });
      if (begun?.type !== 'prompt_started') throw new Error('no beginning');
      expect(Math.abs((begun.startedAt ?? 0) - receivedAt)).toBeLessThanOrEqual(60_000);
    },
  );

  it('answer our feature flags; none of them changes what we do', () => {
    expect(eventOf('feature_flags', { supports_preview_metadata: true, max_upload_size: 1e8 })).toBeNull();
  });

  it('in a notification are passed on, bounded', () => {
    expect(eventOf('notification', { value: 'Update done', id: 'u1' })).toEqual({
      ...about,
      type: 'notification_received',
      text: 'Update done',
    });
    const long = eventOf('notification', { value: 'a'.repeat(100_000) });
    expect(long?.type === 'notification_received' && long.text.length).toBe(2_000);
    expect(decoded('notification', { value: 5 })).toMatchObject({ misunderstood: { kind: 'notification' } });
  });

  const lines = (...texts: unknown[]) => {
    const event = eventOf('logs', { entries: texts.map((m) => ({ t: '2026-07-01', m })), size: null });
    return event?.type === 'log_lines_received' ? event.lines : null;
  };

  it('in its terminal come line by line, without colours', () => {
    expect(lines('\u001b[32mgot prompt\u001b[0m\n', 'a\nb\r\n\n')).toEqual(['got prompt', 'a', 'b']);
  });

  it('in its terminal show a redrawn progress bar as it was drawn last', () => {
    expect(lines('  0%|  | 0/20\r 50%|# | 10/20\r100%|##| 20/20\n')).toEqual(['100%|##| 20/20']);
    expect(lines(' 50%|# | 10/20\r')).toEqual([' 50%|# | 10/20']);
  });

  it('in its terminal are bounded, the newest are kept', () => {
    const many = lines(...Array.from({ length: 1_000 }, (_, n) => `line ${n}\n`));
    expect(many).toHaveLength(200);
    expect(many?.at(-1)).toBe('line 999');
    expect(lines('y'.repeat(1_000_000))?.[0]).toHaveLength(500);
  });

  it('in its terminal may be nothing at all', () => {
    expect(lines()).toBeNull();
    expect(lines('\n', null, 7)).toBeNull();
    expect(decoded('logs', { entries: 'x' })).toMatchObject({ misunderstood: { kind: 'logs' } });
  });
});
