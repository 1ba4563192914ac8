import actions from './de/actions.json' with { type: 'json' };
import frame from './de/frame.json' with { type: 'json' };
import glance from './de/glance.json' with { type: 'json' };
import host from './de/host.json' with { type: 'json' };
import jobs from './de/jobs.json' with { type: 'json' };
import machine from './de/machine.json' with { type: 'json' };
import mini from './de/mini.json' with { type: 'json' };
import news from './de/news.json' with { type: 'json' };
import outputs from './de/outputs.json' with { type: 'json' };
import overview from './de/overview.json' with { type: 'json' };
import servers from './de/servers.json' with { type: 'json' };
import settings from './de/settings.json' with { type: 'json' };
import time from './de/time.json' with { type: 'json' };
import tray from './de/tray.json' with { type: 'json' };
import wall from './de/wall.json' with { type: 'json' };
import type { Messages } from './english.ts';

/** German. */
export const german: Messages = {
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
