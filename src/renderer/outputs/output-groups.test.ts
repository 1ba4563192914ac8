import { expect, it } from 'vitest';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { ended, event, image, serverAfter } from '../../domain/testing/builders.ts';
import { createGroupSelector, firstOutputs, withoutTemporary } from './output-groups.ts';

const started = event(1, 'prompt_started', { promptId: 'new', startedAt: 1 });
const executed = (at: number, filename: string): MonitorEvent =>
  event(at, 'node_executed', { promptId: 'new', nodeId: '9', outputs: [image(filename, at)] });
const history = event(2, 'history_read', {
  entries: [ended('old', { title: 'Old', finishedAt: 1, outputs: [image('old.png')] })],
});

it('puts the newest job first, and within it the newest output', () => {
  const server = serverAfter(started, history, executed(5, 'a.png'), executed(6, 'b.png'));
  const groups = createGroupSelector()(server);
  expect(groups.map((group) => group.outputs.map((output) => output.file?.filename))).toEqual([
    ['b.png', 'a.png'],
    ['old.png'],
  ]);
});

it('gives the very same groups while only progress changes', () => {
  const select = createGroupSelector();
  const server = serverAfter(started, history, executed(5, 'a.png'));
  const before = select(server);
  expect(select({ ...server, running: server.running.map((job) => ({ ...job, heardAt: 99 })) })).toBe(before);
  const [job] = server.running;
  const grown = job ? [{ ...job, outputs: [...job.outputs, image('b.png', 6)] }] : [];
  const after = select({ ...server, running: grown });
  expect(after).not.toBe(before);
  expect(after[0]?.outputs).toHaveLength(2);
  expect(after[1]).toBe(before[1]);
});

it('leaves out previews, and jobs that made nothing else', () => {
  const temporary = { ...image('t.png'), file: { filename: 't.png', subfolder: '', type: 'temp' as const } };
  const entries = [
    ended('a', { finishedAt: 2, outputs: [temporary, image('kept.png')] }),
    ended('b', { finishedAt: 1, outputs: [temporary] }),
  ];
  const groups = createGroupSelector()(serverAfter(event(3, 'history_read', { entries })));
  expect(withoutTemporary(groups).map((group) => group.outputs)).toEqual([[image('kept.png')]]);
});

it('cuts off after a number of outputs, in the middle of a job if need be', () => {
  const entries = [3, 2, 1].map((n) =>
    ended(`p${n}`, { finishedAt: n, outputs: [image(`${n}a.png`), image(`${n}b.png`)] }),
  );
  const groups = createGroupSelector()(serverAfter(event(9, 'history_read', { entries })));
  expect(firstOutputs(groups, 3).map((group) => group.outputs.length)).toEqual([2, 1]);
});
