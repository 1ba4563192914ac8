import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';

/** A package of which something is shipped. */
interface Notice {
  name: string;
  version: string;
  /** The name of its licence, as the package states it. */
  licence: string;
  /** Its licence in full, if the package has such a file. */
  text: string;
}

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() });

/**
 * Collects the licences of all packages of which the builds in this process take something: code, or files
 * such as fonts. Their authors ask for them to be shipped along.
 */
export function collectLicences(root: string): {
  /** For each of the builds; each writes all that is known by then, so that the last one leaves it whole. */
  plugin: () => Plugin;
} {
  const folders = new Set<string>();
  return {
    plugin: () => ({
      name: 'licences',
      writeBundle(_options, bundle) {
        // Files are named relative to the folder of the build's sources.
        const { root: base } = this.environment.config;
        for (const part of Object.values(bundle))
          for (const path of part.type === 'chunk' ? part.moduleIds : part.originalFileNames) {
            const folder = packageFolder(path);
            if (folder !== null) folders.add(resolve(base, folder));
          }
        // Beside the folders of the builds, which each of them empties.
        writeFileSync(join(root, 'out', 'licences.txt'), licenceText(root, folders));
      },
    }),
  };
}

/** The folder of the package that a module or a file is from; null for our own. */
function packageFolder(path: string): string | null {
  const slashed = path.replaceAll('\\', '/').replace(/^\0/, '');
  const [, folder] = /^(.*\/?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(slashed) ?? [];
  return folder ?? null;
}

/** Ours first, then those of others by name. */
function licenceText(root: string, folders: Iterable<string>): string {
  const notices = new Map<string, Notice>();
  for (const folder of folders) {
    const notice = noticeOf(folder);
    notices.set(`${notice.name} ${notice.version}`, notice);
  }
  const others = [...notices.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { licence, text }]) => [`${title} (${licence})`, text].filter((part) => part !== ''));
  const intro = 'This app contains the following packages, whose licences are:';
  return [
    readFileSync(join(root, 'LICENSE'), 'utf8').trim(),
    intro,
    ...others.map((part) => part.join('\n\n')),
  ]
    .join(`\n\n${'-'.repeat(80)}\n\n`)
    .concat('\n');
}

function noticeOf(folder: string): Notice {
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const text = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n');
  return { name, version, licence: license, text };
}
