import ts from 'typescript';
import { hasWords } from './names.ts';
import { everyNode, placeOf } from './source-files.ts';

/** A text in code that reads as if it were for people. */
export interface HardCoded {
  place: string;
  text: string;
}

/** Texts of people in a module that do not come from the language room. */
export function hardCodedTexts(tree: ts.SourceFile): HardCoded[] {
  const found: HardCoded[] = [];
  everyNode(tree, (node) => {
    const text = textOf(node);
    if (text === null || !hasWords(text) || !isForPeople(node, text) || isExempt(node)) return;
    found.push({ place: placeOf(node), text: text.replace(/\s+/g, ' ').trim() });
  });
  return found;
}

/** What a literal says; `{}` stands for what a template fills in. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node))
    return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
  return null;
}

/** Attributes whose texts are seen or heard. */
const spoken =
  /^(title|alt|placeholder|label|aria-(label|description|valuetext|roledescription)|hint|name|confirm|keep)$/;

function isForPeople(node: ts.Node, text: string): boolean {
  if (ts.isJsxText(node)) return /\p{L}{2}/u.test(text);
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) {
    // Icons are called by names that nobody sees.
    const element = parent.parent.parent;
    const isIcon = ts.isJsxOpeningLikeElement(element) && element.tagName.getText() === 'Icon';
    return !isIcon && spoken.test(parent.name.getText()) && /\p{L}{2}/u.test(text);
  }
  return isSentence(text);
}

/** Several words, or one that begins like a sentence or a label does. */
function isSentence(said: string): boolean {
  const text = said.replace(/\{\}px\b/g, '{}');
  return /\p{L}{2,}[,:;]? (\p{L}|\{\})|\{\} \p{L}{2}/u.test(text) || /^\p{Lu}\p{Ll}{2,}[.:…!?]?$/u.test(text);
}

/** Calls whose texts only programmers and logs read. */
const forProgrammers =
  /^(log|writeLog|report|reportError|complain|logToTerminal|console|onProblem|emitWarning|fail|dispatchEvent|matchMedia|querySelector(All)?|test|write|exec|spawn|startsWith|endsWith|includes|replace(All)?|split|join|addEventListener|getItem|setItem|describe|call|ask|superRefine|transform|enum|literal|startSpeaking|DataView)$/;

function isExempt(node: ts.Node): boolean {
  let child = node;
  for (let { parent } = node; parent; child = parent, { parent } = parent) {
    if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isTypeNode(parent))
      return true;
    // Names of cases, members and comparisons are no texts.
    if (ts.isCaseClause(parent) && parent.expression === child) return true;
    if (ts.isPropertyAssignment(parent) && parent.name === child) return true;
    if (ts.isElementAccessExpression(parent) && parent.argumentExpression === child) return true;
    if (ts.isBinaryExpression(parent) && /[=!]==?$/.test(parent.operatorToken.getText()) && child === node)
      return true;
    if (ts.isJsxAttribute(parent) && !spoken.test(parent.name.getText())) return true;
    if (ts.isNewExpression(parent) && /Error$|^(Set|Map|RegExp)$/.test(parent.expression.getText()))
      return parent.expression.getText() !== 'BridgeError';
    if (ts.isCallExpression(parent) && parent.expression !== child) {
      const { expression } = parent;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      const object = ts.isPropertyAccessExpression(expression) ? expression.expression.getText() : '';
      if (forProgrammers.test(name) || object === 'console') return true;
    }
    // What is typed as it stands.
    if (ts.isJsxElement(parent) && /^(code|kbd|samp)$/.test(parent.openingElement.tagName.getText()))
      return true;
    if (ts.isFunctionLike(parent) || ts.isJsxElement(parent)) return false;
  }
  return false;
}
