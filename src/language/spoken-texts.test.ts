import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { english, type TextKey } from './english.ts';
import { hardCodedTexts } from './testing/hard-coded.ts';
import { everyNode, placeOf, sourceFiles } from './testing/source-files.ts';

const isKey = (text: string): text is TextKey => text in english;

/** The names that a message wants filled in. */
function namesIn(text: string): string[] {
  const names = new Set<string>();
  const collect = (elements: ReturnType<IntlMessageFormat['getAst']>): void => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7) names.add(element.value);
      if (element.type === 8) collect(element.children);
      if (element.type === 5 || element.type === 6)
        for (const option of Object.values(element.options)) collect(option.value);
    }
  };
  collect(new IntlMessageFormat(text, 'en').getAst());
  return [...names].sort();
}

/** The names in `{ a, b: c }`; null for anything whose names are not written there. */
function namesOf(values: ts.Expression | undefined): string[] | null {
  if (values === undefined) return [];
  if (!ts.isObjectLiteralExpression(values)) return null;
  const names = values.properties.map((property) =>
    property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      ? property.name.text
      : null,
  );
  return names.some((name) => name === null) ? null : names.filter((name) => name !== null).sort();
}

/** The texts that are said by a key written where they are said, with the names of the values given. */
function saidTexts(tree: ts.SourceFile): { key: TextKey; given: string[]; place: string }[] {
  const said: { key: TextKey; given: string[]; place: string }[] = [];
  const add = (place: ts.Node, key: ts.Node | undefined, values: ts.Expression | undefined): void => {
    const given = namesOf(values);
    if (key && ts.isStringLiteral(key) && isKey(key.text) && given)
      said.push({ key: key.text, given, place: placeOf(place) });
  };
  everyNode(tree, (node) => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      /^(t|tRich)$/.test(node.expression.text)
    )
      add(node, node.arguments[0], node.arguments[1]);
    if (ts.isJsxSelfClosingElement(node) && node.tagName.getText() === 'Text') {
      const attribute = (name: string): ts.Node | undefined =>
        node.attributes.properties
          .filter(ts.isJsxAttribute)
          .find((candidate) => candidate.name.getText() === name)?.initializer;
      const values = attribute('values');
      add(node, attribute('id'), values && ts.isJsxExpression(values) ? values.expression : undefined);
    }
  });
  return said;
}

describe('texts that are said', () => {
  it('are given just the values that their message wants', () => {
    const wrong = sourceFiles
      .flatMap(saidTexts)
      .filter(({ key, given }) => JSON.stringify(namesIn(english[key])) !== JSON.stringify(given))
      .map(
        ({ key, given, place }) => `${place} gives ${key} [${given}], which wants [${namesIn(english[key])}]`,
      );
    expect(wrong).toEqual([]);
  });

  it('are all the texts that there are', () => {
    const mentioned = new Set<string>();
    for (const tree of sourceFiles)
      everyNode(tree, (node) => {
        if (ts.isStringLiteral(node)) mentioned.add(node.text);
      });
    expect(Object.keys(english).filter((key) => !mentioned.has(key))).toEqual([]);
  });

  it('are said anew in another language by what React keeps as it is', () => {
    const forgetful = sourceFiles.filter(
      ({ text }) =>
        /\bmemo\(/.test(text) && /\b(t|format[A-Z]\w+)\(/.test(text) && !text.includes('useLanguage()'),
    );
    expect(forgetful.map(({ fileName }) => fileName)).toEqual([]);
  });

  it('are in no code', () => {
    const places = sourceFiles
      .filter(({ fileName }) => !inEnglish.some((path) => fileName.startsWith(path)))
      .flatMap(hardCodedTexts)
      .filter(({ text }) => !harmless.has(text));
    expect(places.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
  });
});

/** Rooms and modules that speak English: to programmers and logs, or in words that are translated where they are read. */
const inEnglish: readonly string[] = [
  // Causes of failures, which stand below an explanation as its technical detail, to be searched for and reported.
  'src/comfy/',
  // Why figures are missing: `reasonText` says it to readers.
  'src/host/machine/',
  // Logs, bug reports and the command line.
  'src/host/log/',
  'src/host/program/command-line.ts',
  'src/host/storage/folder-hold.ts',
  'src/domain/text/cause-text.ts',
  // Answers to requests for files, of which a page shows none.
  'src/host/media.ts',
  'src/web/web-server.ts',
  'src/main/windows/schemes.ts',
  // What files of others say.
  'src/host/outputs/embedded/',
  'src/host/outputs/provenance/text-parameters.ts',
  // Entries of the system that are made once, and what D-Bus says to programs.
  'src/main/system/autostart.ts',
  'src/main/system/windows-identity.ts',
  'src/main/tray/session-bus/',
  // Orders between the app and what checks it.
  'src/main/desktop-check/',
  'src/main/lifecycle/sign-of-life.ts',
  // Names of keys as they stand on them.
  'src/renderer/ui/shortcut-text.ts',
  'src/renderer/settings/shortcut.ts',
  // The columns of a table for programs.
  'src/renderer/machine/export/telemetry-csv.ts',
  // The names of the languages themselves.
  'src/language/languages.ts',
];

/** What reads like a text and is none: ids, names of choices, and what programs read. */
const harmless: ReadonlySet<string> = new Set([
  // Groups and places of actions.
  'Everywhere',
  'Several servers',
  'new server',
  'after a key',
  // Ids of notices, announcements and items of the menu.
  'too large',
  'disk {}',
  'job {}',
  'jobs {}',
  'connection {}',
  'queue {}',
  'not-stored {}',
  'shortcut {}',
  'update {}',
  'no server',
  'server {}',
  'running {}',
  'finished {}',
  'mini mode',
  'wall mode',
  'pause for an hour',
  'pause until tomorrow',
  'interrupt {}',
  'clear {}',
  'open {}',
  'free {}',
  // States.
  'passed over',
  'no bus',
  // For the log.
  'unknown error',
  'the page',
  'the mini page',
  'This page may not ask.',
  // The name of the first server until the settings are opened, which give it one of the language.
  'This computer',
  // Policies, titles of windows before they have a page, and names of systems and headers.
  'img-src {}',
  'media-src {}',
  'Comfy Monitor (mini)',
  'X-Api-Key',
  'Windows',
  'Linux',
  '/issues',
  // Names of keys, and of what keys do.
  'Enter',
  'actual size',
  'page up',
  'page down',
  // For style sheets and selectors.
  'textarea, select, [role="textbox"]',
  '.running, main',
  '.gallery, main',
  'icon-button top-bar-icon',
  '{} {}px {}',
  'translate({}px, {}px) scale({})',
  'translate({}vmin, {}vmin)',
  'Notification',
]);
