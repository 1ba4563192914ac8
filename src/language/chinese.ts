import type { Messages } from './english.ts';
import actions from './zh-CN/actions.json' with { type: 'json' };
import frame from './zh-CN/frame.json' with { type: 'json' };
import glance from './zh-CN/glance.json' with { type: 'json' };
import host from './zh-CN/host.json' with { type: 'json' };
import jobs from './zh-CN/jobs.json' with { type: 'json' };
import machine from './zh-CN/machine.json' with { type: 'json' };
import mini from './zh-CN/mini.json' with { type: 'json' };
import news from './zh-CN/news.json' with { type: 'json' };
import outputs from './zh-CN/outputs.json' with { type: 'json' };
import overview from './zh-CN/overview.json' with { type: 'json' };
import servers from './zh-CN/servers.json' with { type: 'json' };
import settings from './zh-CN/settings.json' with { type: 'json' };
import time from './zh-CN/time.json' with { type: 'json' };
import tray from './zh-CN/tray.json' with { type: 'json' };
import wall from './zh-CN/wall.json' with { type: 'json' };

/** Simplified Chinese. */
export const chinese: Messages = {
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
