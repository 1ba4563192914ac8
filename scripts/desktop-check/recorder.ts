import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeMessage } from '../../src/domain/text/cause-text.ts';
import type { Finding, Picture, Report, Verdict } from './findings.ts';
import { reportPage } from './report-page.ts';

/** Takes findings down, and prints each as a line while the check goes on. */
export interface Recorder {
  readonly findings: readonly Finding[];
  group(name: string): void;
  note(what: string, verdict: Verdict, seen: string): void;
  /** What `look` gives is fine; what it throws is a failure. */
  expect(what: string, look: () => Promise<string>): Promise<boolean>;
  picture(caption: string, png: Buffer): void;
  /** Writes `report.json` and `report.html`; gives the latter's path. */
  write(about: Pick<Report, 'startedAt' | 'program' | 'system'>): { report: Report; path: string };
}

/** Thrown by a look at what this system cannot have. */
export class NotHere extends Error {}

const marks: Record<Verdict, string> = { ok: '✓', failed: '✗', 'not here': '–', figure: '·' };

export function createRecorder(folder: string): Recorder {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const findings: Finding[] = [];
  const pictures: Picture[] = [];
  let group = '';
  const recorder: Recorder = {
    findings,
    group(name) {
      group = name;
      console.log(`\n${name}`);
    },
    note(what, verdict, seen) {
      findings.push({ group, what, verdict, seen });
      console.log(`  ${marks[verdict]} ${what}: ${verdict === 'not here' ? `not here, ${seen}` : seen}`);
    },
    async expect(what, look) {
      try {
        recorder.note(what, 'ok', await look());
        return true;
      } catch (cause) {
        const seen = causeMessage(cause);
        recorder.note(what, cause instanceof NotHere ? 'not here' : 'failed', seen);
        return false;
      }
    },
    picture(caption, png) {
      const file = `${String(pictures.length + 1).padStart(2, '0')}-${caption.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.png`;
      writeFileSync(join(folder, file), png);
      pictures.push({ file, caption });
    },
    write(about) {
      const report: Report = { ...about, findings, pictures };
      const path = join(folder, 'report.html');
      writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
      writeFileSync(path, reportPage(report));
      return { report, path };
    },
  };
  return recorder;
}
