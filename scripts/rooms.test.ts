import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const houses = ['src', 'simulator', 'test', 'bench', 'scripts', 'companion'];

/** Modules that a room has at most, tests not counted: more are hard to look over. */
const maxModules = 14;

const rooms = modulesByRoom();

describe('rooms', () => {
  it.each([...rooms.keys()])('%s says in one line what it is for', (room) => {
    const lines = readFileSync(join(root, room, 'README.md'), 'utf8').split('\n');
    expect(lines[0]).toMatch(/\w/);
  });

  it.each([...rooms])('%s can be looked over', (_room, modules) => {
    expect(modules.length, modules.join(' ')).toBeLessThanOrEqual(maxModules);
  });

  it('has every room of the page and of the app in the list of boundaries', () => {
    const boundaries = readFileSync(join(root, '.dependency-cruiser.mjs'), 'utf8');
    const listed = ['src', 'src/renderer'].flatMap((house) =>
      readdirSync(join(root, house), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
        .map(({ name }) => `${house}/${name}`),
    );
    expect(listed.filter((room) => !boundaries.includes(`'${room}': [`))).toEqual([]);
  });
});

describe('documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
    readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  );

  it.each(documents)('%s names only paths that exist', (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const missing = [...namedPaths(text)].filter((path) => !existsSync(join(root, path)));
    const broken = [...linkedPaths(text)].filter((path) => !existsSync(join(root, dirname(document), path)));
    expect([...missing, ...broken]).toEqual([]);
  });
});

/** Paths from the root of the project that stand between backticks, alone or in a command. */
function namedPaths(text: string): Set<string> {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/[\s,=]+/));
  const named = spans.filter((word) =>
    /^(src|simulator|test|bench|scripts|companion|docs|resources|\.github)\/[\w./-]+$/.test(word),
  );
  return new Set(named);
}

/** Where links lead within the project. */
function linkedPaths(text: string): Set<string> {
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  return new Set(targets.filter((target) => !/^[a-z]+:/.test(target)));
}

/** The modules of each folder that has any; tests, and what they are built with, are none. */
function modulesByRoom(): Map<string, string[]> {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...houses], {
    cwd: root,
    encoding: 'utf8',
  });
  const modules = files
    .split('\n')
    .filter((file) => /\.(ts|tsx|py|sh)$/.test(file))
    .filter((file) => !/\.test\.tsx?$|\/testing\/|\/tests\/test_|\/fixtures\//.test(file));
  const found = new Map<string, string[]>();
  for (const file of modules.filter((name) => existsSync(join(root, name))))
    found.set(dirname(file), [...(found.get(dirname(file)) ?? []), basename(file)]);
  return found;
}
