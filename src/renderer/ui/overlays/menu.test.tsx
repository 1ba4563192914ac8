import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Menu, type MenuItem } from './menu.tsx';

function open() {
  const run = vi.fn();
  const onClose = vi.fn();
  const item = (label: string): MenuItem => ({ label, icon: 'file', run: () => run(label) });
  const groups = [[item('Open'), item('Save')], [], [item('Copy'), item('Cut')]];
  render(<button type="button">before</button>);
  screen.getByRole('button', { name: 'before' }).focus();
  const menu = render(<Menu label="cat.png" at={{ x: 5, y: 5 }} groups={groups} onClose={onClose} />);
  return { run, onClose, menu, user: userEvent.setup() };
}
const focused = () => document.activeElement?.textContent;

it('is a named menu whose first item has the focus', () => {
  open();
  screen.getByRole('menu', { name: 'cat.png' });
  expect(screen.getAllByRole('menuitem')).toHaveLength(4);
  expect(screen.getAllByRole('separator')).toHaveLength(1);
  expect(focused()).toBe('Open');
});

it('is walked with arrow keys, round and round, and by first letters', async () => {
  const { user } = open();
  const seen: unknown[] = [];
  for (const key of ['{ArrowDown}', '{End}', '{ArrowDown}', '{ArrowUp}', '{Home}', 'c', 'c', 's', 'x']) {
    await user.keyboard(key);
    seen.push(focused());
  }
  expect(seen).toEqual(['Save', 'Cut', 'Open', 'Cut', 'Open', 'Copy', 'Cut', 'Save', 'Save']);
});

it.each(['{Enter}', ' '])('does what is chosen with %j, and closes', async (key) => {
  const { user, run, onClose } = open();
  await user.keyboard(`{ArrowDown}${key}`);
  expect(run.mock.calls).toEqual([['Save']]);
  expect(onClose).toHaveBeenCalledTimes(1);
});

it.each(['{Escape}', '{Tab}'])('closes with %s and does nothing', async (key) => {
  const { user, run, onClose } = open();
  await user.keyboard(key);
  expect(onClose).toHaveBeenCalledTimes(1);
  expect(run).not.toHaveBeenCalled();
});

it('closes when something else is pressed, and gives the focus back', async () => {
  const { user, onClose, menu } = open();
  await user.pointer({ target: screen.getByRole('menuitem', { name: 'Copy' }) });
  expect(onClose).not.toHaveBeenCalled();
  await user.pointer({ keys: '[MouseLeft>]', target: document.body });
  expect(onClose).toHaveBeenCalled();
  screen.getByRole('menuitem', { name: 'Copy' }).focus();
  menu.unmount();
  expect(focused()).toBe('before');
});
