import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { english, type TextKey } from './english.ts';

const root = join(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\/testing\//.test(file))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
  });

const isKey = (text: string): text is TextKey => text in english;

/** Where something stands: `src/domain/text/format.ts:12`. */
function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function everyNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => everyNode(child, visit));
}

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
    const wrong = files
      .flatMap(({ tree }) => saidTexts(tree))
      .filter(({ key, given }) => JSON.stringify(namesIn(english[key])) !== JSON.stringify(given))
      .map(
        ({ key, given, place }) => `${place} gives ${key} [${given}], which wants [${namesIn(english[key])}]`,
      );
    expect(wrong).toEqual([]);
  });

  it('are all the texts that there are', () => {
    const mentioned = new Set<string>();
    for (const { tree } of files)
      everyNode(tree, (node) => {
        if (ts.isStringLiteral(node)) mentioned.add(node.text);
      });
    expect(Object.keys(english).filter((key) => !mentioned.has(key) && !toCome.has(key))).toEqual([]);
  });
});

/** The first of areas whose texts are still in the code. */
const toCome: ReadonlySet<string> = new Set([
  'jobs.running',
  'machine.title',
  'outputs.title',
  'frame.settings',
  'mini.title',
]);
