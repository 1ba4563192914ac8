import { describe, expect, it, vi } from 'vitest';
import { followTabFocus, type TabChannel } from './tab-focus.ts';

/** A tab's end of the channel, and what the other tabs say on it. */
function createChannel() {
  const target = new EventTarget();
  const said: unknown[] = [];
  const channel: TabChannel = {
    postMessage: (message: unknown) => said.push(message),
    addEventListener: target.addEventListener.bind(target),
  };
  return {
    channel,
    said,
    hear: (data: unknown) => target.dispatchEvent(new MessageEvent('message', { data })),
  };
}

describe('the user', () => {
  it('looks at the monitor in whichever tab it is', () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    const { channel, hear } = createChannel();
    const isFocused = followTabFocus(channel);
    expect(isFocused()).toBe(false);
    hear({ kind: 'focus', tab: 'other', focused: true });
    expect(isFocused()).toBe(true);
    hear({ kind: 'focus', tab: 'other', focused: false });
    hear('nonsense');
    expect(isFocused()).toBe(false);
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    expect(isFocused()).toBe(true);
  });

  it('is asked for when a tab opens, and told of when another one asks', () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    const { channel, said, hear } = createChannel();
    followTabFocus(channel);
    expect(said[0]).toEqual({ kind: 'who' });
    hear({ kind: 'who' });
    expect(said.at(-1)).toMatchObject({ kind: 'focus', focused: true });
  });
});
