import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { usualRun } from '../../domain/jobs/outlook/usual-run.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { emptyState, type MonitorState } from '../../domain/monitor-state.ts';
import { reduce } from '../../domain/reduce.ts';
import { event, testServer } from '../../domain/testing/builders.ts';
import { type LearntFile, openLearntFile } from './learnt-file.ts';

const added = event(0, 'server_added', { server: testServer });
const ran: MonitorEvent[] = [
  event(1_000, 'prompt_started', { promptId: 'p', startedAt: 1_000 }),
  event(1_000, 'prompt_described', { promptId: 'p', title: 'Portrait', nodeTotal: 3, nodeNames: {} }),
  event(8_000, 'prompt_finished', { promptId: 'p', outcome: 'success', finishedAt: 8_000, error: null }),
];

async function folderWith(text: string | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnt-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (text !== null) await writeFile(join(folder, 'learnt-times.json'), text);
  return folder;
}

/** A run of the monitor: what it knows after these events. */
function watch(file: LearntFile, events: readonly MonitorEvent[]): MonitorState {
  return events.reduce((before: MonitorState, one) => {
    const after = file.withRemembered([one], before).reduce(reduce, before);
    file.keep(after, before);
    return after;
  }, emptyState);
}

function usual(state: MonitorState): number | null {
  const waiting = event(20_000, 'queue_read', {
    running: [],
    pending: [
      { promptId: 'q', queueNumber: null, queuedAt: null, startedAt: null, title: 'Portrait', nodeTotal: 3 },
    ],
  });
  const [server] = reduce(state, waiting).servers;
  const [job] = server?.pending ?? [];
  return server && job ? (usualRun(server.learnt, job)?.took ?? null) : null;
}

describe('how long prompts take', () => {
  it('is known at the next start', async () => {
    const folder = await folderWith(null);
    const first = await openLearntFile(folder, () => {});
    expect(usual(watch(first, [added, ...ran]))).toBe(7_000);
    await first.saved();
    const second = await openLearntFile(folder, () => {});
    expect(usual(watch(second, [added]))).toBe(7_000);
  });

  it('is of the address: at another one nothing is known', async () => {
    const folder = await folderWith(null);
    const file = await openLearntFile(folder, () => {});
    const moved = event(9_000, 'server_changed', { server: { ...testServer, url: 'http://other:8188' } });
    expect(usual(watch(file, [added, ...ran, moved]))).toBeNull();
    const back = event(10_000, 'server_changed', { server: testServer });
    expect(usual(watch(file, [added, ...ran, moved, back]))).toBe(7_000);
  });

  it('is forgotten with the server', async () => {
    const folder = await folderWith(null);
    const file = await openLearntFile(folder, () => {});
    watch(file, [added, ...ran, event(9_000, 'server_removed', {})]);
    await file.saved();
    const text = await readFile(join(folder, 'learnt-times.json'), 'utf8');
    expect(text).not.toContain('Portrait');
  });

  it.each(['', '{"version":1,"servers":[]}', '{"version":9}', '{"version":1,"servers":{"a":{"kinds":1}}}'])(
    'is learnt anew after a damaged file, which is kept: %j',
    async (text) => {
      const lines: string[] = [];
      const folder = await folderWith(text);
      const file = await openLearntFile(folder, (line) => lines.push(line));
      expect(usual(watch(file, [added, ...ran]))).toBe(7_000);
      await file.saved();
      expect(lines).toEqual([expect.stringContaining('is damaged')]);
      expect((await readdir(folder)).sort()).toEqual([
        expect.stringMatching(/^learnt-times\.damaged-/),
        'learnt-times.json',
      ]);
    },
  );
});
