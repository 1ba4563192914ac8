import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  defaultSettings,
  maxServers,
  readSettings,
  type SettingsReading,
  settingsSchema,
} from '../../../src/contract/settings.ts';
import { promptLedgerSchema } from '../../../src/domain/news/prompt-ledger.ts';
import { serverSchema } from '../../../src/domain/server.ts';
import { testServer } from '../../../src/domain/testing/builders.ts';
import { plainText } from '../../../src/domain/text/plain-text.ts';
import { safeParse } from '../../../src/domain/text/safe-parse.ts';
import { openAnnouncedPrompts } from '../../../src/host/news/announced-prompts.ts';
import { openSecretFile } from '../../../src/host/storage/secret-file.ts';
import { openSettingsFile } from '../../../src/host/storage/settings-file.ts';
import { openWindowState } from '../../../src/main/windows/window-state.ts';
import type { Seeded } from '../../faults/seeded.ts';
import { type FuzzTarget, mustHold } from '../fuzz-target.ts';
import { anyJson, mutateBytes, mutateJson, mutateText } from '../mutations.ts';

const settings = {
  ...defaultSettings,
  servers: [
    testServer,
    {
      ...testServer,
      id: 't',
      url: 'https://gpu.example:8443/comfy',
      authentication: { kind: 'basic', user: 'me' },
    },
    {
      ...testServer,
      id: 'u',
      authentication: { kind: 'header', name: 'CF-Access-Client-Id', more: ['X-Other'] },
    },
  ],
};
const firstLayout = {
  version: 1,
  servers: [testServer],
  notifications: { finished: false },
  startAtLogin: true,
};
const secondLayout = {
  ...settings,
  version: 2,
  preferences: { ...settings.preferences, alerts: { gpuTemperatureC: 85, vramPercent: 95 } },
};
const bounds = { x: 10, y: -20, width: 900, height: 700 };
const windowState = { bounds, maximized: true, zoomLevel: 1.5, mini: bounds, told: ['tray'] };
const announced = {
  version: 1,
  ledger: { told: ['p1', 'p2'], live: ['p3'] },
  pausedUntil: 1_800_000_000_000,
};
const secrets = { version: 1, secrets: { s: Buffer.from('encrypted').toString('base64'), t: 'AAAA' } };

type SettingsRead = Extract<SettingsReading, { ok: true }>;

/** Whatever stands in a settings file: every good entry of it, or one short sentence. */
export const settingsTarget: FuzzTarget = {
  name: 'settings',
  share: 8,
  attempt(chance) {
    const given = chance.pick<unknown>([settings, settings, secondLayout, firstLayout]);
    const changed: unknown = JSON.parse(
      JSON.stringify(chance.chance(0.8) ? mutateJson(chance, given) : anyJson(chance, 4)),
    );
    const reading = readSettings(changed);
    if (reading.ok) {
      settingsSchema.parse(reading.settings);
      keepsGoodEntries(changed, reading);
      for (const sentence of reading.leftOut)
        mustHold(
          sentence.length > 0 && sentence.length <= 400 && sentence === plainText(sentence),
          'a sentence that is too long or misleads',
          sentence,
        );
      const again = readSettings(JSON.parse(JSON.stringify(reading.settings)));
      mustHold(
        again.ok && JSON.stringify(again.settings) === JSON.stringify(reading.settings),
        'settings that change when they are read again',
        changed,
      );
    } else
      mustHold(
        reading.why.length > 0 && reading.why.length <= 500,
        `a reason of ${reading.why.length} characters`,
        reading.why,
      );
  },
};

/** What is read one by one: a bad entry costs itself alone, and is named. */
function keepsGoodEntries(json: unknown, { settings: read, leftOut }: SettingsRead): void {
  const { servers } = z.object({ servers: z.array(z.unknown()) }).parse(json);
  const good = servers.flatMap((entry) => safeParse(serverSchema, entry).data ?? []);
  mustHold(
    JSON.stringify(read.servers) === JSON.stringify(good.slice(0, maxServers)),
    'a good server is lost, or a bad one was taken',
    json,
  );
  mustHold(
    leftOut.length >= servers.length - read.servers.length,
    'a server is left out without a word',
    json,
  );
}

let folder: string | null = null;

/** The four files in the data folder: opening them never fails, and nothing that the user wrote is lost. */
export const keptFilesTarget: FuzzTarget = {
  name: 'kept-files',
  share: 2,
  async attempt(chance) {
    const place = emptyFolder();
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    switch (chance.below(4)) {
      case 0: {
        const bytes = damaged(chance, settings);
        writeFileSync(join(place, 'settings.json'), bytes);
        const file = await openSettingsFile(place);
        settingsSchema.parse(file.current);
        const again = await openSettingsFile(place);
        mustHold(
          again.notice === null && JSON.stringify(again.current) === JSON.stringify(file.current),
          'settings that are complained of, or are others, at the next start',
          again.notice,
        );
        if (file.notice === null) break;
        mustHold(JSON.stringify(file.notice).length <= 3_000, 'a notice that is too long', file.notice);
        const kept = readdirSync(place).some((name) => readFileSync(join(place, name)).equals(bytes));
        mustHold(kept, 'a damaged settings file is lost');
        break;
      }
      case 1: {
        writeFileSync(join(place, 'window-state.json'), damaged(chance, windowState));
        const { current } = openWindowState(place, log);
        mustHold(
          Math.abs(current.zoomLevel) <= 9 && current.told.length <= 50,
          'a window state out of bounds',
          current,
        );
        for (const area of [current.bounds, current.mini])
          mustHold(area === null || (area.width >= 50 && area.height >= 50), 'a window without a size', area);
        break;
      }
      case 2: {
        writeFileSync(join(place, 'notifications.json'), damaged(chance, announced));
        const { ledger, pausedUntil } = await openAnnouncedPrompts(place, log);
        promptLedgerSchema.parse(ledger);
        mustHold(pausedUntil === null || Number.isFinite(pausedUntil), `paused until ${pausedUntil}`);
        break;
      }
      default: {
        writeFileSync(join(place, 'secrets.json'), damaged(chance, secrets));
        const file = await openSecretFile(place, log);
        for (const id of file.ids())
          mustHold(file.has(id) && file.get(id) !== null, 'a secret that is none', id);
      }
    }
    for (const line of lines)
      mustHold(line.length <= 1_000, `a line of ${line.length} characters in the log`);
  },
};

function damaged(chance: Seeded, given: unknown): Buffer {
  const json = JSON.stringify(chance.chance(0.6) ? mutateJson(chance, given) : given) ?? '';
  const text = chance.chance(0.3) ? mutateText(chance, json) : json;
  const bytes = Buffer.from(chance.chance(0.1) ? `\ufeff${text}` : text);
  return chance.chance(0.3) ? mutateBytes(chance, bytes) : bytes;
}

function emptyFolder(): string {
  if (folder === null) {
    const made = mkdtempSync(join(tmpdir(), 'fuzz-'));
    folder = made;
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  } else rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
