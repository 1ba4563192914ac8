import { describe, expect, it } from 'vitest';
import { isMenuDue } from './menu-pace.ts';
import type { TrayMenuItem } from './tray-menu.ts';

function job(label: string, promptId = 'p'): TrayMenuItem {
  const command = { do: 'show_job', serverId: 's', promptId } as const;
  return { kind: 'item', key: promptId, label, command, afterwards: null };
}

describe('a menu', () => {
  it('is replaced as soon as its words change, where it is known to be closed', () => {
    expect(isMenuDue([job('41%')], [job('42%')], { isOpen: false, age: 0 })).toBe(true);
    expect(isMenuDue([job('41%')], [job('41%')], { isOpen: false, age: 60_000 })).toBe(false);
  });

  it('is never replaced while it is open', () => {
    expect(isMenuDue([job('41%')], [job('Next', 'q')], { isOpen: true, age: 60_000 })).toBe(false);
  });

  it('is left alone for a while where nobody knows whether it is open', () => {
    const change = [[job('41%')], [job('42%')]] as const;
    expect(isMenuDue(...change, { isOpen: 'unknown', age: 9_000 })).toBe(false);
    expect(isMenuDue(...change, { isOpen: 'unknown', age: 10_000 })).toBe(true);
  });

  it('never does what is not there any more', () => {
    expect(isMenuDue([job('99%')], [job('0%', 'q')], { isOpen: 'unknown', age: 0 })).toBe(true);
    expect(isMenuDue([job('99%')], [], { isOpen: 'unknown', age: 0 })).toBe(true);
  });
});
