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
  { keys: { ArrowLeft: 'previous', ArrowRight: 'next' }, joint: 'and', what: 'Previous and next output' },
  { keys: { Home: 'first', End: 'last' }, joint: 'and', what: 'First and last output' },
  {
    keys: { '+': 'enlarge', '-': 'reduce' },
    also: { '=': 'enlarge' },
    joint: 'and',
    what: 'Enlarge and reduce the picture',
  },
  { keys: { '0': 'fit' }, what: 'Fit the picture to the window' },
  { keys: { '1': 'actual size' }, what: 'Picture in its own size' },
  {
    keys: { ArrowUp: 'up', ArrowDown: 'down' },
    also: { PageUp: 'page up', PageDown: 'page down' },
    joint: 'and',
    what: 'Scroll a text',
  },
  { keys: { i: 'details' }, also: { Enter: 'open' }, what: 'Show and hide the details' },
  { keys: { Escape: 'close' }, also: { ' ': 'close' }, what: 'Close the viewer' },
];
