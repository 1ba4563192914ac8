import { useEffect, useEffectEvent } from 'react';
import type { KeyRequest, Shortcut } from '../../../contract/actions/action.ts';
import { shortcuts } from '../../../contract/actions/actions.ts';

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const byKey: ReadonlyMap<string, Shortcut> = new Map(shortcuts.map((shortcut) => [shortcut.key, shortcut]));

/** What a pressed key stands for; null for keys that are the browser's or have no meaning. */
export function shortcutFor(press: KeyPress): KeyRequest | null {
  const name = nameOf(press);
  const known = byKey.get(name);
  if (!known) return null;
  const command = press.ctrlKey || press.metaKey;
  // Many keyboards have brackets only with Alt or AltGr, which Windows takes for Ctrl and Alt.
  const isTyped = press.altKey && (name === '[' || name === ']');
  if (!isTyped && (press.altKey || (command && !known.withCommand))) return null;
  return known.request;
}

/** The character of a key; for other alphabets the Latin letter at its place. */
function nameOf({ key, code }: KeyPress): string {
  if (/^[ -~]$/.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

/** Calls `carryOut` for shortcuts, except while the user types or a dialog wants an answer. */
export function useShortcuts(carryOut: (pressed: KeyRequest) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    const pressed = shortcutFor(event);
    if (!pressed) return;
    // With Ctrl or Cmd nothing is typed; AltGr, which comes as Ctrl and Alt, types.
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isTyping(event.target) && !isCommand) return;
    const isAsked = document.querySelector('dialog[open]') !== null;
    // Else the menu of the desktop app would carry it out.
    if (isCommand || !isAsked) event.preventDefault();
    if (!isAsked) carryOut(pressed);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

const notForText = new Set(['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'color', 'file']);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !notForText.has(target.type);
  return (
    target instanceof HTMLElement &&
    (target.matches('textarea, select, [role="textbox"]') || target.isContentEditable)
  );
}
