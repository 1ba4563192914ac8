/** What is known of a key that was pressed. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

const modifierKeys = ['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'OS', 'Fn', 'CapsLock'];

/** Keys that Electron calls otherwise than the browser does. */
const names: ReadonlyMap<string, string> = new Map([
  ['Space', 'Space'],
  ['ArrowUp', 'Up'],
  ['ArrowDown', 'Down'],
  ['ArrowLeft', 'Left'],
  ['ArrowRight', 'Right'],
  ['Home', 'Home'],
  ['End', 'End'],
  ['PageUp', 'PageUp'],
  ['PageDown', 'PageDown'],
  ['Insert', 'Insert'],
  ['Delete', 'Delete'],
  ['Enter', 'Return'],
  ['Minus', '-'],
  ['Equal', '='],
  ['Comma', ','],
  ['Period', '.'],
  ['Slash', '/'],
  ['Backslash', '\\'],
  ['Semicolon', ';'],
  ['Quote', "'"],
  ['BracketLeft', '['],
  ['BracketRight', ']'],
  ['Backquote', '`'],
]);

/**
 * The pressed keys in Electron's notation, for example `Control+Shift+M`; null while only modifiers are
 * held, `unusable` for what would take a key away from every other program.
 */
export function acceleratorOf(press: KeyPress): string | null | 'unusable' {
  if (modifierKeys.includes(press.key)) return null;
  const key = keyName(press.code);
  if (key === null) return 'unusable';
  const isFunction = /^F\d+$/.test(key);
  if (!press.ctrlKey && !press.altKey && !press.metaKey && !isFunction) return 'unusable';
  return [
    ...(press.ctrlKey ? ['Control'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey ? ['Shift'] : []),
    ...(press.metaKey ? ['Super'] : []),
    key,
  ].join('+');
}

/** The key's place on the keyboard says which it is, whatever the modifiers make of it. */
function keyName(code: string): string | null {
  const plain = /^(?:Key([A-Z])|Digit(\d)|(F\d{1,2}))$/.exec(code);
  return plain?.[1] ?? plain?.[2] ?? plain?.[3] ?? names.get(code) ?? null;
}
