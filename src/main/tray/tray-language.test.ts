import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ended, event, image, queued, stateAfter } from '../../domain/testing/builders.ts';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import { trayModel } from './tray-model.ts';

beforeAll(learnAllLanguages);
afterEach(() => setLanguage('en'));

const state = stateAfter(
  event(2_500, 'history_read', {
    entries: [
      ended('done', {
        outcome: 'success',
        finishedAt: 1_000,
        title: 'Lighthouse',
        outputs: [image('a.png')],
      }),
      ended('broken', { outcome: 'error', finishedAt: 2_000, title: 'Castle' }),
    ],
  }),
  event(3_000, 'queue_read', { running: [queued('p', { title: 'Portrait' })], pending: [queued('q')] }),
  event(3_000, 'prompt_started', { promptId: 'p', startedAt: 3_000 }),
);

/** Everything that the tray says in the language spoken. */
function words(): string[] {
  const tray = trayModel(state, {
    appName: 'Comfy Monitor',
    now: 68_000,
    lookedAt: 0,
    update: '1.2.3',
    notifications: { pausedUntil: null },
  });
  return [tray.tooltip, ...tray.menu.flatMap((item) => (item.kind === 'item' ? [item.label] : []))];
}

/** Words of English, besides the names that the test made up and those of programs. */
const english = /\b(?!Comfy|Monitor|ComfyUI|Lighthouse|Castle|Portrait|Test|VRAM)[A-Za-z]{2,}\b/;

describe('the tray in Chinese', () => {
  it('has no word of English in tooltip and menu', () => {
    setLanguage('zh-CN');
    expect(words().filter((line) => english.test(line))).toEqual([]);
    expect(words()).toEqual(
      expect.arrayContaining(['显示窗口', '退出', '中断“Portrait”', '暂停通知 1 小时']),
    );
    expect(words().join('\n')).toContain('1 分 05 秒');
  });

  it('says the other language at once', () => {
    setLanguage('zh-CN');
    expect(words()).toContain('显示窗口');
    setLanguage('de');
    expect(words()).toContain('Fenster zeigen');
    expect(words()).toContain('Neustart für Update auf 1.2.3');
  });
});
