import axe from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** What assistive technology would miss on a page, as axe and our own rules find it. */
export async function accessibilityFlaws(page: Page): Promise<string[]> {
  return [...(await axeFindings(page)), ...(await structureFlaws(page))];
}

/** What axe finds by all of its rules, those for good practice included; `within` what a selector names. */
export async function axeFindings(page: Page, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axe.source);
  return page.evaluate(async (context) => {
    const results = await window.axe?.run(context, { resultTypes: ['violations'] });
    if (!results) return ['axe did not run'];
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any, all, none }) => {
        const why = [...any, ...all, ...none][0]?.message ?? '';
        return `${id}: ${html.slice(0, 160)}: ${why}`;
      }),
    );
  }, within);
}

/** Where a click or a tap has less than 24 × 24 px to hit. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select, textarea, summary, [role="button"], [role="menuitem"], [tabindex="0"]',
    );
    return [...targets].flatMap((target) => {
      const isShown = target.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      // What is hidden for the eye is reached by keyboard alone; a label is part of its field.
      if (!isShown || target.closest('.visually-hidden, .skip-link')) return [];
      const isMark = target instanceof HTMLInputElement && ['radio', 'checkbox'].includes(target.type);
      const { width, height } = ((isMark && target.closest('label')) || target).getBoundingClientRect();
      // A link in a line of text is as high as the line.
      const isInText = target.matches('p a, li > a, dd a');
      if (width === 0 || isInText || (width >= 23.9 && height >= 23.9)) return [];
      return [`${Math.round(width)} × ${Math.round(height)} px: ${target.outerHTML.slice(0, 120)}`];
    });
  });
}

/**
 * Texts that cannot be read in full: cut off by a box that neither scrolls nor says with an ellipsis that there is
 * more, or standing out of their control; and that the page itself is wider than the window.
 */
export function lostTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lost = new Set<string>();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) {
      const beyond = [...document.body.querySelectorAll('*')].filter(
        (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
      );
      const names = beyond.slice(-3).map((element) => `.${element.getAttribute('class')}`);
      lost.add(`the page is ${wide} px too wide by ${names.join(', ')}`);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const words = node.textContent?.trim() ?? '';
      if (!parent || words === '' || !parent.checkVisibility({ visibilityProperty: true })) continue;
      if (parent.closest('.visually-hidden, .skip-link, svg, [data-stage="loading"]')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      // Sets of letters reach a little over their line without anything being lost.
      const slack = 3;
      for (let box: HTMLElement | null = parent; box && box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, textOverflow, clipPath, maskImage } = getComputedStyle(box);
        if (clipPath !== 'none' || maskImage !== 'none') break;
        if (/auto|scroll/.test(overflowX + overflowY)) break;
        const frame = box.getBoundingClientRect();
        const below = Math.round(Math.max(text.bottom - frame.bottom, frame.top - text.top));
        const beside = Math.round(Math.max(text.right - frame.right, frame.left - text.left));
        const isControl = box.matches('button, a, input, [role="menuitem"]');
        if ((overflowY !== 'visible' || isControl) && below > slack)
          lost.add(`${below} px above or below .${box.className}: ${words.slice(0, 60)}`);
        if (overflowX !== 'visible' && textOverflow !== 'ellipsis' && beside > slack)
          lost.add(`${beside} px beside .${box.className}: ${words.slice(0, 60)}`);
        if (overflowX !== 'visible') break;
      }
    }
    return [...lost];
  });
}

/**
 * Controls without a name, images without an alternative, progress bars without values, missing or doubled headings
 * and landmarks, doubled ids.
 */
function structureFlaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const flaws: string[] = [];
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
    const short = (element: Element) => element.outerHTML.slice(0, 120);
    const textOf = (ids: string | null) =>
      (ids ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
        .trim();
    const nameOf = (element: HTMLElement) =>
      element.getAttribute('aria-label')?.trim() ||
      textOf(element.getAttribute('aria-labelledby')) ||
      (element instanceof HTMLInputElement &&
        [...(element.labels ?? [])]
          .map((l) => l.textContent)
          .join(' ')
          .trim()) ||
      element.textContent?.trim();

    for (const control of all('button, a[href], input, select, textarea, summary, [role="button"]'))
      if (!nameOf(control)) flaws.push(`no name: ${short(control)}`);
    for (const image of all('img'))
      if (image.getAttribute('alt') === null) flaws.push(`no alternative: ${short(image)}`);
    for (const picture of all('img[alt=""]')) {
      const control = picture.closest<HTMLElement>('button, a');
      if (control && !nameOf(control)) flaws.push(`a picture is all there is: ${short(control)}`);
    }
    for (const drawing of all('svg'))
      if (!drawing.closest('[aria-hidden="true"], [role="img"][aria-label], figure[aria-label]'))
        flaws.push(`a drawing without words: ${short(drawing)}`);
    for (const bar of all('[role="progressbar"]')) {
      if (!nameOf(bar)) flaws.push(`no name: ${short(bar)}`);
      const [min, now, max] = ['min', 'now', 'max'].map((which) => bar.getAttribute(`aria-value${which}`));
      if (min === null || max === null) flaws.push(`no limits: ${short(bar)}`);
      if (now != null && !(Number(min) <= Number(now) && Number(now) <= Number(max)))
        flaws.push(`${now} is not between ${min} and ${max}`);
    }
    for (const region of all('section[aria-labelledby], [role="img"], dialog, nav'))
      if (!nameOf(region)) flaws.push(`no name: ${short(region)}`);
    for (const [what, selector] of Object.entries({
      h1: 'h1',
      main: 'main',
      banner: 'body > * header:not(main header, section header, article header, dialog header)',
    }))
      if (all(selector).length !== 1) flaws.push(`${all(selector).length} × ${what}`);
    let level = 0;
    for (const heading of all('h1, h2, h3, h4')) {
      const next = Number(heading.tagName.slice(1));
      if (next > level + 1) flaws.push(`h${level} is followed by h${next}: ${heading.textContent}`);
      level = next;
    }
    const ids = all('[id]').map((element) => element.id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
      flaws.push(`doubled id: ${id}`);
    if (!document.documentElement.lang) flaws.push('no language');
    return flaws;
  });
}

/** The controls that the Tab key must reach, in the order of the page; every radio group is one. */
export function controlsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const candidates = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select, textarea, summary, [tabindex="0"]',
    );
    const isThere = (control: HTMLElement) =>
      control.checkVisibility() && control.tabIndex >= 0 && !control.matches(':disabled');
    const isItsGroups = (control: HTMLElement) =>
      !(control instanceof HTMLInputElement && control.type === 'radio') || control.checked;
    return [...candidates]
      .filter((control) => isThere(control) && isItsGroups(control))
      .map((control, index) => {
        control.dataset.control = String(index);
        return String(index);
      });
  });
}

export interface FocusedControl {
  /** As `controlsOf` named it; null for something that is no control. */
  control: string | null;
  html: string;
  /** Whether a ring shows around it, or around what stands for it. */
  hasRing: boolean;
}

/** What the keyboard is at; null for the page itself. */
export function focusedControl(page: Page): Promise<FocusedControl | null> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body) return null;
    const rings = [focused, focused.parentElement].map((element) => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)$/.test(outlineColor);
    });
    return {
      control: focused.dataset.control ?? null,
      html: focused.outerHTML.slice(0, 120),
      hasRing: rings.includes(true),
    };
  });
}
