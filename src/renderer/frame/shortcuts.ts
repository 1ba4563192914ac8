import { useEffect, useEffectEvent } from 'react';

/** What a key does on the page. */
export type Shortcut =
  | { do: 'help' }
  | { do: 'mini' }
  | { do: 'settings' }
  | { do: 'servers' }
  | { do: 'interrupt' }
  | { do: 'select_server'; index: number }
  | { do: 'step_server'; by: 1 | -1 };

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const byKey: Readonly<Record<string, Shortcut>> = {
  '?': { do: 'help' },
  m: { do: 'mini' },
  ',': { do: 'settings' },
  s: { do: 'servers' },
  i: { do: 'interrupt' },
  '[': { do: 'step_server', by: -1 },
  ']': { do: 'step_server', by: 1 },
};

/** What a pressed key stands for; null for keys that are the browser's or nobody's. */
export function shortcutFor(press: KeyPress): Shortcut | null {
  const name = nameOf(press);
  const command = press.ctrlKey || press.metaKey;
  // Many keyboards have brackets only with Alt or AltGr, which Windows takes for Ctrl and Alt.
  const isTyped = press.altKey && (name === '[' || name === ']');
  if (!isTyped && (press.altKey || (command && name !== ','))) return null;
  if (/^[1-9]$/.test(name)) return { do: 'select_server', index: Number(name) - 1 };
  return Object.hasOwn(byKey, name) ? (byKey[name] ?? null) : null;
}

/** The character of a key; for other alphabets the Latin letter at its place. */
function nameOf({ key, code }: KeyPress): string {
  if (/^[ -~]$/.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

/** Calls `carryOut` for shortcuts, except while somebody types or a dialog wants an answer. */
export function useShortcuts(carryOut: (shortcut: Shortcut) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    const shortcut = shortcutFor(event);
    if (!shortcut) return;
    // With Ctrl or Cmd nothing is typed; AltGr, which comes as Ctrl and Alt, types.
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isTyping(event.target) && !isCommand) return;
    const isAsked = document.querySelector('dialog[open]') !== null;
    // Else the menu of the desktop app would carry it out.
    if (isCommand || !isAsked) event.preventDefault();
    if (!isAsked) carryOut(shortcut);
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
