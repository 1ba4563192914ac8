import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import { findJob, serverStateOf } from '../monitor-state.ts';
import { ended, event, image, stateAfter } from '../testing/builders.ts';
import { diskWarning } from './alerts/disk-watch.ts';
import { announceJobs, type JobReport } from './job-news.ts';

beforeAll(learnAllLanguages);
afterEach(() => setLanguage('en'));

const state = stateAfter(
  event(2_500, 'history_read', {
    entries: [
      ended('a', {
        outcome: 'success',
        finishedAt: 1_000,
        title: 'Lighthouse',
        outputs: [image('1.png'), image('2.png')],
      }),
      ended('b', { outcome: 'error', finishedAt: 2_000, title: 'Castle' }),
    ],
  }),
);

function report(promptId: string): JobReport {
  const server = serverStateOf(state, 's');
  const job = server && findJob(server, promptId);
  if (!job) throw new Error('no such job');
  return { serverId: 's', promptId, since: 0, job, serverName: null, memory: null };
}

describe('notifications in Chinese', () => {
  it('say what finished, and what came out', () => {
    setLanguage('zh-CN');
    const told = announceJobs([report('a')], 3_000, 'binary');
    expect(told?.title).toBe('已完成：Lighthouse');
    expect(told?.body).toContain('2 张图像');
  });

  it('count several', () => {
    setLanguage('zh-CN');
    const told = announceJobs([report('a'), report('b')], 3_000, 'binary');
    expect(told?.title).toBe('1 个任务已完成，1 个失败');
    expect(told?.body).toContain('失败：Castle');
  });

  it('warn of the machine', () => {
    setLanguage('zh-CN');
    const gibibyte = 2 ** 30;
    const told = diskWarning(
      { free: gibibyte, total: 100 * gibibyte },
      null,
      { id: 's', name: '本机' },
      'binary',
    );
    expect(told.title).toBe('输出磁盘即将写满：剩余 1.0 GiB');
  });
});

it('notifications in German have its plurals', () => {
  setLanguage('de');
  expect(announceJobs([report('a')], 3_000, 'binary')?.body).toContain('2 Bilder');
  expect(announceJobs([report('a'), report('b')], 3_000, 'binary')?.title).toBe(
    '1 Auftrag fertig, 1 fehlgeschlagen',
  );
});
