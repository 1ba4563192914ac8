import type { KeyLine } from '../../ui/keys.ts';

/** What keys do on an output of the gallery. */
export const thumbnailKeys: readonly KeyLine<'move' | 'view' | 'open' | 'menu'>[] = [
  {
    keys: { ArrowLeft: 'move', ArrowRight: 'move', ArrowUp: 'move', ArrowDown: 'move' },
    also: { Home: 'move', End: 'move' },
    joint: '',
    what: 'Move among the outputs',
  },
  { keys: { ' ': 'view' }, what: 'View it here, and close it again' },
  { keys: { Enter: 'open' }, what: 'Open it' },
  { keys: { 'Shift F10': 'menu' }, what: 'What can be done with it' },
];
