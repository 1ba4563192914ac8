import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Which files may read the clock on the wall, which can be set at any time, and for what. */
const allowed = [
  'comfy/host-clock.ts', // where the clock of the host begins; to show times of day
  'renderer/ui/clock.ts', // the same for the page
  'renderer/session/use-actions.ts', // a pause until a time of day
  'renderer/servers/form/connection-report.tsx', // whether a certificate has expired
  'renderer/session/notifications/spoken-news.tsx', // quiet hours, which it has none of
  'renderer/session/notifications/web-notifier.ts', // pauses and quiet hours
  'main/actions.ts', // a pause until a time of day
  'main/tray/tray.ts', // the same, in words
  'host/monitor-host.ts', // the date of a bug report
  'host/news/news.ts', // pauses and quiet hours
  'host/outputs/output-cache.ts', // ages of files, whose times are of that clock
  'host/storage/replace-file.ts', // the same
];

it('the clock on the wall measures no durations: few ask for it', () => {
  const root = join(import.meta.dirname, '../src');
  const asking = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\/testing\//.test(path))
    .filter((path) => /\bDate\.now\b/.test(readFileSync(join(root, path), 'utf8')));
  expect(asking.toSorted()).toEqual(allowed.toSorted());
});
