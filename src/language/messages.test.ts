import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { chinese } from './chinese.ts';
import { english, type Messages, type TextKey } from './english.ts';
import { german } from './german.ts';
import type { Language } from './languages.ts';
import { alsoGerman, hasWords } from './testing/names.ts';

type Elements = ReturnType<IntlMessageFormat['getAst']>;

/** Each entry of a message that a language has to keep, whatever it says around it. */
interface Parts {
  /** What is filled in, and how: `count plural`, `link tag`. */
  wants: Set<string>;
  /** The categories of each plural. */
  plurals: string[][];
}

const kinds = ['', 'value', 'value', 'date', 'time', 'select', 'plural', '', 'tag'];

function partsOf(elements: Elements, parts: Parts = { wants: new Set(), plurals: [] }): Parts {
  for (const element of elements) {
    // A number may be written as it is, or as the language writes it.
    if (element.type !== 0 && element.type !== 7) parts.wants.add(`${element.value} ${kinds[element.type]}`);
    if (element.type === 8) partsOf(element.children, parts);
    if (element.type === 6) parts.plurals.push(Object.keys(element.options));
    if (element.type === 5 || element.type === 6)
      for (const option of Object.values(element.options)) partsOf(option.value, parts);
  }
  return parts;
}

const parsed = (text: string, language: Language): Parts =>
  partsOf(new IntlMessageFormat(text, language).getAst());

const keys: readonly TextKey[] = Object.keys(english).filter((key): key is TextKey => key in english);

describe.each([
  ['zh-CN', chinese, ''],
  ['de', german, alsoGerman],
] satisfies [Language, Messages, string][])('the texts of %s', (language, messages, same) => {
  it('are all there, and no others', () => {
    expect(Object.keys(messages).sort()).toEqual([...keys].sort());
  });

  it('take the same values, tags and choices as in English', () => {
    const wrong = keys.filter((key) => {
      const [ours, theirs] = [parsed(english[key], 'en').wants, parsed(messages[key] ?? '', language).wants];
      const withoutPlural = (wants: Set<string>) =>
        [...wants].map((want) => want.replace(/plural$/, 'value')).sort();
      return (
        JSON.stringify([...new Set(withoutPlural(ours))]) !==
        JSON.stringify([...new Set(withoutPlural(theirs))])
      );
    });
    expect(wrong).toEqual([]);
  });

  it('have the plurals of the language', () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const wrong = keys.filter((key) =>
      parsed(messages[key] ?? '', language).plurals.some((plural) =>
        needed.some((category) => !plural.includes(category)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('are translated', () => {
    const untranslated = keys.filter((key) => {
      const text = messages[key] ?? '';
      const isForeign = language === 'zh-CN' ? !/\p{Script=Han}/u.test(text) : text === english[key];
      return isForeign && hasWords(text, same);
    });
    expect(untranslated).toEqual([]);
  });
});

describe('the texts of English', () => {
  it('begin with the area whose file they are in', () => {
    expect(keys.filter((key) => !/^[a-z]+(\.[a-z0-9_-]+)+$/.test(key))).toEqual([]);
  });

  it('have both plurals', () => {
    const wrong = keys.filter((key) =>
      parsed(english[key], 'en').plurals.some((plural) => !plural.includes('one')),
    );
    expect(wrong).toEqual([]);
  });
});
