/** `node scripts/release-notes.ts`: prints what `CHANGELOG.md` says of the version in `package.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

// Headings are `## 1.2.3`, as changesets write them, or `## [1.2.3] – date`.
const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
const section = sections.find((text) => /^\[?([^\]\s]+)/.exec(text)?.[1] === version);
if (section === undefined) {
  console.error(`CHANGELOG.md has no heading for ${version}.`);
  process.exitCode = 1;
} else console.log(section.slice(section.indexOf('\n')).trim());
