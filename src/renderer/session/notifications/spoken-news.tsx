import { useEffect, useState } from 'react';
import { followNews } from '../../../domain/news/follow-news.ts';
import type { NewsPreferences } from '../../../domain/news/news-preferences.ts';
import { emptyLedger } from '../../../domain/news/prompt-ledger.ts';
import { hostNow } from '../../ui/clock.ts';
import { useSession } from '../session-context.tsx';

/** For so long (ms) the words stay where a screen reader may come across them. */
const stays = 20_000;

/**
 * Tells who cannot see the page what finished or failed: each job once, several at once in one sentence, and nothing
 * of what was over when the page was opened.
 */
export function SpokenNews() {
  const { monitor, page } = useSession();
  const [told, setTold] = useState({ number: 0, text: '' });
  useEffect(
    () =>
      followNews({
        store: monitor,
        now: hostNow,
        wallNow: Date.now,
        preferences: () => everyResult(page.getState().preferences),
        isFocused: () => false,
        pausedUntil: () => null,
        ledger: emptyLedger,
        keep() {},
        tell: ({ title, body }) =>
          setTold(({ number }) => ({ number: number + 1, text: [title, body].filter(Boolean).join('. ') })),
        later(run, ms) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      }),
    [monitor, page],
  );
  useEffect(() => {
    if (told.text === '') return;
    const timer = setTimeout(() => setTold({ ...told, text: '' }), stays);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <div className="visually-hidden" role="status">
      {/* A new element each time: the same words again are news, too. */}
      {told.text !== '' && <p key={told.number}>{told.text}</p>}
    </div>
  );
}

/** Whatever notifications are wanted: these make no noise, and who hears them is there. */
function everyResult({ notifications, alerts, charts }: NewsPreferences): NewsPreferences {
  const always = { finished: true, failed: true, interrupted: true, atLeastSeconds: 0, quietHours: null };
  return { notifications: { ...notifications, ...always }, alerts, charts };
}
