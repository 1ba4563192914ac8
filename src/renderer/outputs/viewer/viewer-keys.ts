import { t } from '../../../language/t.ts';
import type { KeyLine } from '../../ui/keys.ts';

export type ViewerKey =
  | 'close'
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'enlarge'
  | 'reduce'
  | 'fit'
  | 'actual size'
  | 'up'
  | 'down'
  | 'page up'
  | 'page down'
  | 'details'
  | 'open';

/** What keys do in the viewer. */
export const viewerKeys: readonly KeyLine<ViewerKey>[] = [
  {
    keys: { ArrowLeft: 'previous', ArrowRight: 'next' },
    get joint() {
      return t('actions.joint.and');
    },
    get what() {
      return t('outputs.keys.turn');
    },
  },
  {
    keys: { Home: 'first', End: 'last' },
    get joint() {
      return t('actions.joint.and');
    },
    get what() {
      return t('outputs.keys.ends');
    },
  },
  {
    keys: { '+': 'enlarge', '-': 'reduce' },
    also: { '=': 'enlarge' },
    get joint() {
      return t('actions.joint.and');
    },
    get what() {
      return t('outputs.keys.zoom');
    },
  },
  {
    keys: { '0': 'fit' },
    get what() {
      return t('outputs.keys.fit');
    },
  },
  {
    keys: { '1': 'actual size' },
    get what() {
      return t('outputs.keys.actual');
    },
  },
  {
    keys: { ArrowUp: 'up', ArrowDown: 'down' },
    also: { PageUp: 'page up', PageDown: 'page down' },
    get joint() {
      return t('actions.joint.and');
    },
    get what() {
      return t('outputs.keys.scroll');
    },
  },
  {
    keys: { i: 'details' },
    also: { Enter: 'open' },
    get what() {
      return t('outputs.keys.details');
    },
  },
  {
    keys: { Escape: 'close' },
    also: { ' ': 'close' },
    get what() {
      return t('outputs.keys.close');
    },
  },
];
