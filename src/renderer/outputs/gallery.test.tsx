import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { HistoryEntry } from '../../domain/monitor-event.ts';
import { limits } from '../../domain/monitor-state.ts';
import type { ExecutedOutput, OutputKind } from '../../domain/outputs/executed-output.ts';
import { ended, event, image, serverAfter, stateAfter } from '../../domain/testing/builders.ts';
import { renderPart } from '../testing/render.tsx';
import { Gallery, GalleryPanel } from './gallery.tsx';
import { createGroupSelector } from './output-groups.ts';

function file(filename: string, kind: OutputKind): ExecutedOutput {
  return { ...image(filename), kind };
}

function text(words: string): ExecutedOutput {
  return { nodeId: '5', kind: 'text', file: null, text: words, at: 0 };
}

function preview(filename: string): ExecutedOutput {
  return { ...image(filename), file: { filename, subfolder: '', type: 'temp' } };
}

/** A job that ended at `finishedAt`, with outputs. */
function job(promptId: string, finishedAt: number, ...outputs: ExecutedOutput[]): HistoryEntry {
  return ended(promptId, { title: `Job ${promptId}`, startedAt: finishedAt - 8_000, finishedAt, outputs });
}

async function show(...entries: HistoryEntry[]) {
  const groups = createGroupSelector()(serverAfter(event(1, 'history_read', { entries })));
  const onOpen = vi.fn();
  const pictureOf = (_: string, output: ExecutedOutput) =>
    output.kind === 'image' && output.file ? `/view/${output.file.filename}` : null;
  const page = await renderPart(
    <GalleryPanel
      serverId="s"
      groups={groups}
      pictureOf={pictureOf}
      onOpen={onOpen}
      onReveal={null}
      onDrag={() => {}}
    />,
  );
  return { ...page, onOpen };
}

const thumbnails = () =>
  within(screen.getByRole('toolbar', { name: 'Thumbnails' }))
    .getAllByRole('button')
    .map((button) => button.getAttribute('title'));
const thumbnail = (name: string) =>
  screen.getByRole('button', { name: (told) => told === name || told.startsWith(`${name} `) });

it('shows outputs by job, the newest first, named after their files', async () => {
  await show(job('a', 10_000, image('a1.png'), image('a2.png')), job('b', 20_000, image('b.png')));
  expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual([
    expect.stringMatching(/^Job b.* · 8 s$/),
    expect.stringMatching(/^Job a.* · 8 s$/),
  ]);
  expect(thumbnails()).toEqual(['b.png', 'a1.png', 'a2.png']);
  expect(within(screen.getByRole('group', { name: 'Job a' })).getAllByRole('button')).toHaveLength(2);
});

it('is one stop for the Tab key, and the arrow keys move within', async () => {
  const { user } = await show(job('a', 10_000, image('1.png'), image('2.png'), image('3.png')));
  await user.tab();
  expect(document.activeElement).toBe(thumbnail('1.png'));
  await user.keyboard('{ArrowRight}');
  expect(document.activeElement).toBe(thumbnail('2.png'));
  await user.keyboard('{End}');
  expect(document.activeElement).toBe(thumbnail('3.png'));
  await user.keyboard('{ArrowRight}');
  expect(document.activeElement).toBe(thumbnail('3.png'));
  await user.keyboard('{Home}{ArrowLeft}');
  expect(document.activeElement).toBe(thumbnail('1.png'));
  await user.tab();
  expect(document.activeElement).toBe(document.body);
});

it('comes back to the thumbnail that the keyboard was at', async () => {
  const { user } = await show(job('a', 10_000, image('1.png'), image('2.png')));
  await user.tab();
  await user.keyboard('{ArrowRight}');
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Open' }));
  await user.tab();
  expect(document.activeElement).toBe(thumbnail('2.png'));
});

it('opens with Enter, with a double click and with the button for what is selected', async () => {
  const { user, onOpen } = await show(job('a', 10_000, image('1.png'), image('2.png')));
  await user.click(thumbnail('2.png'));
  expect(onOpen).not.toHaveBeenCalled();
  await user.keyboard('{Enter}');
  await user.dblClick(thumbnail('1.png'));
  await user.click(screen.getByRole('button', { name: 'Open' }));
  expect(onOpen.mock.calls).toEqual([
    ['a', image('2.png')],
    ['a', image('1.png')],
    ['a', image('1.png')],
  ]);
});

it('hides previews until asked for them', async () => {
  const { user } = await show(job('a', 10_000, preview('temp.png'), image('1.png')));
  expect(thumbnails()).toEqual(['1.png']);
  await user.click(screen.getByRole('button', { name: 'Show previews (1)', pressed: false }));
  expect(thumbnails()).toEqual(['temp.png', '1.png']);
  within(thumbnail('temp.png')).getByText('Preview');
  await user.click(screen.getByRole('button', { name: 'Hide previews', pressed: true }));
  expect(thumbnails()).toEqual(['1.png']);
});

it('says so when only previews were made', async () => {
  await show(job('a', 10_000, preview('temp.png')));
  screen.getByText('Nothing was saved so far, only previews were made.');
});

it('shows a text as text, and in full in a dialog that gives it away', async () => {
  const words = `Mist over the lake. ${'All is quiet. '.repeat(40)}The end.`;
  const { user, onOpen } = await show(job('a', 10_000, text(words)));
  const button = screen.getByRole('button', { name: /^Mist over the lake/ });
  expect(button.textContent).toContain('All is quiet.');
  await user.dblClick(button);
  const dialog = screen.getByRole('dialog', { name: /^Viewer: Mist over/ });
  within(dialog).getByText(/The end\.$/);
  expect(onOpen).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole('button', { name: 'Copy text' }));
  expect(await navigator.clipboard.readText()).toBe(words);
  await user.click(within(dialog).getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('dialog')).toBeNull();
});

it.each([
  ['clip.mp4', 'video', 'Video · MP4'],
  ['pad.wav', 'audio', 'Audio · WAV'],
  ['ship.glb', 'model3d', '3D model · GLB'],
  ['notes.txt', 'text', 'Text · TXT'],
  ['data', 'file', 'File'],
] as const)('shows %s with its name and kind, for want of a picture', async (filename, kind, words) => {
  await show(job('a', 10_000, file(filename, kind)));
  within(thumbnail(filename)).getByText(filename);
  within(thumbnail(filename)).getByText(words);
});

it('says when a picture cannot be had, and asks for it again a little later', async () => {
  vi.useFakeTimers();
  await show(job('a', 10_000, image('1.png')));
  const picture = () => thumbnail('1.png').querySelector('img');
  const fail = () => {
    const shown = picture();
    if (shown) fireEvent.error(shown);
  };
  fail();
  expect(picture()).toBeNull();
  within(thumbnail('1.png')).getByText('Still loading …');
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect(picture()?.getAttribute('src')).toBe('/view/1.png');
  for (const delay of [10_000, 30_000, 60_000]) {
    fail();
    await act(() => vi.advanceTimersByTimeAsync(delay));
    expect(picture()).not.toBeNull();
  }
  fail();
  await act(() => vi.advanceTimersByTimeAsync(600_000));
  expect(picture()).toBeNull();
  within(thumbnail('1.png')).getByText('Could not be loaded');
});

it('shows a portion at first, and older ones on demand', async () => {
  const many = Array.from({ length: 70 }, (_, i) => image(`${i}.png`));
  const { user } = await show(job('a', 10_000, ...many));
  expect(thumbnails()).toHaveLength(60);
  await user.click(screen.getByRole('button', { name: 'Show older (10 more)' }));
  expect(thumbnails()).toHaveLength(70);
  expect(screen.queryByRole('button', { name: /Show older/ })).toBeNull();
});

it('ends with where older ones are, once all that are known are shown', async () => {
  const entries = Array.from({ length: limits.finishedJobs + 1 }, (_, n) =>
    job(`p${n}`, n * 10_000, ...(n > 130 ? [image(`${n}.png`)] : [])),
  );
  const page = await renderPart(<Gallery serverId="s" />, {
    state: stateAfter(event(1, 'history_read', { entries })),
  });
  expect(screen.queryByText(/Older ones/)).toBeNull();
  await page.user.click(screen.getByRole('button', { name: 'Show older (10 more)' }));
  screen.getByText('Older ones are in ComfyUI’s output folder.');
});

it('says what would appear while there is nothing', async () => {
  await show();
  screen.getByText('No images yet');
});

describe('a click', () => {
  /** Nothing is shown, however long one waits. */
  async function expectNothing() {
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.queryByRole('dialog')).toBeNull();
  }
  const one = job('a', 10_000, image('a.png'), image('b.png'));
  async function showWithTimers() {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    return { ...(await show(one)), user: userEvent.setup({ advanceTimers: vi.advanceTimersByTime }) };
  }

  it('shows the output, and does not open it', async () => {
    const { user, onOpen } = await showWithTimers();
    await user.click(thumbnail('a.png'));
    await screen.findByRole('dialog', { name: 'Viewer: a.png' });
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('that becomes a double click opens it, and does not show it', async () => {
    const { user, onOpen } = await showWithTimers();
    await user.dblClick(thumbnail('a.png'));
    await expectNothing();
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('shows nothing when something else is done right after it', async () => {
    const { user } = await showWithTimers();
    await user.click(thumbnail('a.png'));
    await user.keyboard('{ArrowRight}');
    await expectNothing();
    await user.click(thumbnail('a.png'));
    await user.pointer({ keys: '[MouseRight]', target: thumbnail('a.png') });
    await expectNothing();
  });
});

it('asks a slow server for a few pictures at a time, and for the next ones when those have come', async () => {
  await show(job('a', 10_000, ...['1.png', '2.png', '3.png', '4.png', '5.png'].map((name) => image(name))));
  const asked = () => [...document.querySelectorAll<HTMLImageElement>('.thumbnail img')];
  expect(asked()).toHaveLength(3);
  const [first, second] = asked();
  if (first) fireEvent.load(first);
  if (second) fireEvent.error(second);
  expect(asked().map(({ src }) => new URL(src).pathname)).toContain('/view/5.png');
});

it('does not show the picture of a later run as that of an earlier one', async () => {
  const { onOpen, user } = await show(
    job('a', 10_000, image('same.png')),
    { ...job('b', 20_000, image('same.png')), cachedNodeIds: [] },
    // Its node was cached: what it shows is what the run before it made.
    { ...job('c', 30_000, image('same.png')), cachedNodeIds: ['9'] },
  );
  const of = (title: string) =>
    within(screen.getByRole('group', { name: title })).getByRole('button', { name: /^same.png/ });
  within(of('Job a')).getByText('Overwritten by a later run');
  for (const title of ['Job b', 'Job c']) expect(of(title).querySelector('img')).not.toBeNull();
  // It is said before anything opens.
  await user.dblClick(of('Job a'));
  expect(onOpen).not.toHaveBeenCalled();
  screen.getByRole('dialog', { name: 'Viewer: same.png' });
});
