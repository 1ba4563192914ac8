import actions from './en/actions.json' with { type: 'json' };
import frame from './en/frame.json' with { type: 'json' };
import glance from './en/glance.json' with { type: 'json' };
import host from './en/host.json' with { type: 'json' };
import jobs from './en/jobs.json' with { type: 'json' };
import machine from './en/machine.json' with { type: 'json' };
import mini from './en/mini.json' with { type: 'json' };
import news from './en/news.json' with { type: 'json' };
import outputs from './en/outputs.json' with { type: 'json' };
import overview from './en/overview.json' with { type: 'json' };
import servers from './en/servers.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };
import time from './en/time.json' with { type: 'json' };
import tray from './en/tray.json' with { type: 'json' };
import wall from './en/wall.json' with { type: 'json' };

/** English, which is always there: what another language lacks is said in it. */
export const english = {
  ...actions,
  ...frame,
  ...glance,
  ...host,
  ...jobs,
  ...machine,
  ...mini,
  ...news,
  ...outputs,
  ...overview,
  ...servers,
  ...settings,
  ...time,
  ...tray,
  ...wall,
};

/** What names a text in every language. */
export type TextKey = keyof typeof english;

/** The texts of a language. Others than English may lack some, until somebody translates them. */
export type Messages = Readonly<Partial<Record<TextKey, string>>>;
