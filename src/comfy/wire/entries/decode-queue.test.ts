import { describe, expect, it } from 'vitest';
import { decodeQueue } from './decode-queue.ts';

const graph = { '1': { class_type: 'SaveImage', inputs: {}, _meta: { title: 'Cat poster' } } };
const item = (number: unknown, id: unknown, extraData: unknown = {}) => [number, id, graph, extraData, ['1']];
const later = (serverTime: number) => serverTime + 1_000;

const queue = (running: unknown[], pending: unknown[]) =>
  decodeQueue({ queue_running: running, queue_pending: pending }, later);

describe('the queue of a server', () => {
  it('shows what runs, and what waits in the order in which it will run', () => {
    const answer = queue([item(3, 'now')], [item(5, 'second'), item(4, 'first'), item(-1, 'jumped ahead')]);
    expect(answer?.running.map(({ promptId }) => promptId)).toEqual(['now']);
    expect(answer?.pending.map(({ promptId }) => promptId)).toEqual(['jumped ahead', 'first', 'second']);
  });

  it('tells of each prompt its title, size, place and when it was queued, in our time', () => {
    expect(queue([], [item(7, 'p', { create_time: 5_000, client_id: 'c' })])?.pending).toEqual([
      {
        promptId: 'p',
        queueNumber: 7,
        queuedAt: 6_000,
        startedAt: null,
        title: 'Cat poster',
        titles: { given: [{ title: 'Cat poster', classType: 'SaveImage' }], otherwise: 'Cat poster' },
        nodeTotal: 1,
      },
    ]);
  });

  it('names the nodes of what runs and comes next, not of everything: graphs are large', () => {
    const pending = Array.from({ length: 1_000 }, (_, n) => item(n, `p${n}`));
    const described = queue([item(0, 'now')], pending.toReversed())?.descriptions ?? [];
    expect(described[0]).toEqual({
      promptId: 'now',
      title: 'Cat poster',
      titles: { given: [{ title: 'Cat poster', classType: 'SaveImage' }], otherwise: 'Cat poster' },
      nodeTotal: 1,
      nodeNames: { '1': { title: 'Cat poster', classType: 'SaveImage' } },
      parameters: null,
    });
    expect(described[1]?.promptId).toBe('p0');
    expect(described.length).toBeLessThanOrEqual(101);
  });

  it('leaves out items that are no prompts, and keeps those that say little', () => {
    const answer = queue([], [null, [], ['x'], [1, null, graph], [2, 42], [3, 'p', 'no graph', 'x', 'y']]);
    expect(answer?.pending).toMatchObject([
      { promptId: '42', queueNumber: 2, title: null, nodeTotal: null },
      { promptId: 'p', queueNumber: 3, title: null, nodeTotal: null },
    ]);
  });

  it('is read also where a fork sends objects for items', () => {
    const fork = { prompt_id: 'p', number: 2, prompt: graph, extra_data: {}, create_time: 5_000 };
    expect(queue([fork], [{ id: 'q', priority: 3, graph }])).toMatchObject({
      running: [{ promptId: 'p', queueNumber: 2, queuedAt: 6_000, title: 'Cat poster', nodeTotal: 1 }],
      pending: [{ promptId: 'q', queueNumber: 3, title: 'Cat poster' }],
    });
  });

  it('does not pass for empty where none of its items can be read', () => {
    expect(queue([{ name: 'x' }], [])).toBeNull();
    expect(queue([{ name: 'x' }], [item(1, 'p')])?.pending).toHaveLength(1);
  });

  it('is bounded', () => {
    expect(queue([], Array(6_000).fill([1, 'p', null]))?.pending).toHaveLength(5_000);
  });

  it.each([
    [null],
    [[]],
    ['<html>'],
    [{}],
    [{ queue_running: [] }],
    [{ queue_running: [], queue_pending: {} }],
  ])('is not %j', (answer) => {
    expect(decodeQueue(answer, later)).toBeNull();
  });
});
