import { t } from '../../../language/t.ts';
import type { KeyLine } from '../../ui/keys.ts';

/** What keys do on an output of the gallery. */
export const thumbnailKeys: readonly KeyLine<'move' | 'view' | 'open' | 'menu'>[] = [
  {
    keys: { ArrowLeft: 'move', ArrowRight: 'move', ArrowUp: 'move', ArrowDown: 'move' },
    also: { Home: 'move', End: 'move' },
    joint: '',
    get what() {
      return t('outputs.keys.move');
    },
  },
  {
    keys: { ' ': 'view' },
    get what() {
      return t('outputs.keys.view');
    },
  },
  {
    keys: { Enter: 'open' },
    get what() {
      return t('outputs.keys.open');
    },
  },
  {
    keys: { 'Shift F10': 'menu' },
    get what() {
      return t('outputs.keys.menu');
    },
  },
];
