import { fireEvent, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../../contract/bridge/bridge.ts';
import type { OutputDetails } from '../../../contract/output-details.ts';
import type { ExecutedOutput, OutputKind } from '../../../domain/outputs/executed-output.ts';
import { ended, event, image, stateAfter } from '../../../domain/testing/builders.ts';
import type { FakeHostOptions } from '../../testing/fake-host.ts';
import { renderPart } from '../../testing/render.tsx';
import { UnitsContext } from '../../ui/units.ts';
import { Gallery } from '../gallery.tsx';
import { ViewerDetails } from './viewer-details.tsx';

const details: OutputDetails = {
  bytes: 2_048,
  text: null,
  parameters: {
    node: 'Save lake',
    seed: '18446744073709551615',
    steps: 20,
    model: 'base.safetensors',
    prompt: 'a <b>lake</b>',
  },
  untold: null,
};
const none: OutputDetails = { bytes: null, text: null, parameters: null, untold: null };

function file(filename: string, kind: OutputKind): ExecutedOutput {
  return { ...image(filename), kind };
}

async function showGallery(outputs: ExecutedOutput[], answers: FakeHostOptions['answers'] = {}) {
  const entries = [ended('p', { title: 'Lake at dawn', finishedAt: 1_000, outputs })];
  return renderPart(<Gallery serverId="s" />, {
    state: stateAfter(event(1, 'history_read', { entries })),
    answers: { outputDetails: () => details, outputPath: () => ({ path: null }), ...answers },
  });
}
async function view(outputs: ExecutedOutput[], answers?: FakeHostOptions['answers']) {
  const page = await showGallery(outputs, answers);
  await page.user.click(thumbnail(outputs[0]?.file?.filename ?? ''));
  await page.user.keyboard(' ');
  return page;
}
const thumbnail = (name: string | RegExp) =>
  screen.getByRole('button', {
    name: typeof name === 'string' ? (told) => told === name || told.startsWith(`${name} `) : name,
  });
const viewer = () => screen.getByRole('dialog', { name: /^Viewer: / });
const heading = () => within(viewer()).getByRole('heading', { level: 2 }).textContent;

it('is opened by Space and closed by it', async () => {
  const { user } = await showGallery([image('1.png')]);
  await user.click(thumbnail('1.png'));
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.keyboard(' ');
  expect(viewer().getAttribute('aria-label')).toBe('Viewer: 1.png');
  await user.keyboard(' ');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'View' }));
  expect(heading()).toBe('1.png');
});

it('goes through all outputs by arrow keys, and gives the focus to the thumbnail shown last', async () => {
  const { user } = await view([image('1.png'), image('2.png'), image('3.png')]);
  const seen: unknown[] = [];
  for (const key of ['{ArrowRight}', '{ArrowRight}', '{ArrowRight}', '{Home}', '{ArrowLeft}', '{End}']) {
    await user.keyboard(key);
    seen.push(heading());
  }
  expect(seen).toEqual(['2.png', '3.png', '3.png', '1.png', '1.png', '3.png']);
  await user.click(within(viewer()).getByRole('button', { name: 'Previous' }));
  within(viewer()).getByText('2 of 3');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(thumbnail('2.png'));
});

it('gives the focus to a thumbnail that was not drawn before', async () => {
  const { user } = await view(Array.from({ length: 70 }, (_, i) => image(`${i}.png`)));
  await user.keyboard('{End}{Escape}');
  expect(document.activeElement).toBe(thumbnail('69.png'));
});

it('shows the picture itself, and what made it', async () => {
  const { host } = await view([image('lake.png')]);
  const picture = within(viewer()).getByRole('img', { name: 'lake.png' });
  expect(picture.getAttribute('src')).toBe('media:/s/view?filename=lake.png&subfolder=&type=output&run=p.0');
  const aside = within(screen.getByRole('complementary', { name: 'Details' }));
  // What comes from a file is text, whatever it looks like.
  await aside.findByText('a <b>lake</b>');
  for (const fact of [
    'Lake at dawn',
    'Save lake',
    '18446744073709551615',
    '20',
    'base.safetensors',
    '2.0 KiB',
  ])
    aside.getByText(fact);
  expect(host.asked).toEqual([
    {
      name: 'outputDetails',
      request: { serverId: 's', promptId: 'p', file: image('lake.png').file, nodeId: '9' },
    },
  ]);
});

it('counts in the units that are set', async () => {
  const item = { promptId: 'p', title: 'Lake at dawn', output: image('lake.png') };
  await renderPart(
    <UnitsContext value="decimal">
      <ViewerDetails item={item} node={null} size={null} state={{ phase: 'known', details }} />
    </UnitsContext>,
  );
  screen.getByText('2.0 kB');
});

it('gives away the words of the prompt', async () => {
  const { user } = await view([image('lake.png')]);
  await user.click(await within(viewer()).findByRole('button', { name: 'Copy prompt text' }));
  expect(await navigator.clipboard.readText()).toBe('a <b>lake</b>');
});

it.each([
  ['says nothing of it', () => ({ ...none, untold: 'silent' }), 'The file does not say how it was made.'],
  ['is too large', () => ({ ...none, untold: 'too-large' }), /too large to be searched/],
  ['is damaged', () => ({ ...none, untold: 'damaged' }), /damaged or not complete/],
  ['is not known', () => ({ ...none, untold: 'unknown-format' }), /not searched for how they were made/],
  ['has a workflow alone', () => ({ ...none, untold: 'workflow-only' }), /holds its workflow, but not/],
  ['says it strangely', () => ({ ...none, untold: 'unreadable' }), /in a way that could not be read/],
  [
    'cannot be read',
    () => {
      throw new BridgeError('lake.png could not be read from the server.');
    },
    'lake.png could not be read from the server.',
  ],
])('says so when the file %s', async (_, outputDetails, words) => {
  await view([image('lake.png')], { outputDetails });
  await within(viewer()).findByText(words);
});

it.each<[string, OutputKind]>([
  ['lake.png', 'image'],
  ['lake.mp4', 'video'],
  ['lake.flac', 'audio'],
  ['lake.txt', 'text'],
  ['lake.glb', 'model3d'],
])('names the node that made %s, as its job does', async (filename, kind) => {
  const outputs = [file(filename, kind)];
  const nodeNames = { 9: { title: 'Final lake', classType: 'SaveAnything' } };
  const page = await renderPart(<Gallery serverId="s" />, {
    state: stateAfter(event(1, 'history_read', { entries: [ended('p', { outputs, nodeNames })] })),
    answers: { outputDetails: () => none, outputPath: () => ({ path: null }) },
  });
  await page.user.click(thumbnail(filename));
  await page.user.keyboard(' ');
  const aside = within(screen.getByRole('complementary', { name: 'Details' }));
  aside.getByText('Final lake');
  expect(aside.queryByText(/how it was made|how they were made/)).toBeNull();
});

it('leaves out details that are not wanted', async () => {
  const { user } = await view([image('lake.png')]);
  await user.click(within(viewer()).getByRole('button', { name: 'Details', pressed: true }));
  expect(screen.queryByRole('complementary', { name: 'Details' })).toBeNull();
  await user.keyboard('i');
  screen.getByRole('complementary', { name: 'Details' });
});

it.each([
  ['clip.mp4', 'video', 'video'],
  ['pad.wav', 'audio', 'audio'],
] as const)('plays %s with controls, whose keys stay theirs', async (filename, kind, element) => {
  const { user } = await view([file(filename, kind), image('next.png')], { outputDetails: () => none });
  const player = viewer().querySelector<HTMLMediaElement>(element);
  expect(player?.controls).toBe(true);
  expect(player?.getAttribute('src')).toContain(`filename=${filename}&`);
  if (player) fireEvent.keyDown(player, { key: 'ArrowRight' });
  expect(heading()).toBe(filename);
  await user.keyboard('{ArrowRight}');
  expect(heading()).toBe('next.png');
});

it('shows a text file as text', async () => {
  await view([file('notes.txt', 'text')], { outputDetails: () => ({ ...none, text: '<script>1</script>' }) });
  await within(viewer()).findByText('<script>1</script>');
});

it('lets the wheel scroll a text, and keeps it for pictures', async () => {
  const { user } = await view([image('lake.png'), { ...file('', 'text'), file: null, text: 'Mist' }]);
  const turn = () => fireEvent.wheel(within(viewer()).getByRole('region'), { deltaY: 100 });
  expect(turn()).toBe(false);
  await user.keyboard('{ArrowRight}');
  within(viewer()).getByText('Mist', { selector: 'pre' });
  expect(turn()).toBe(true);
});

it('offers to open what it cannot show', async () => {
  const { user, host } = await view([file('ship.glb', 'model3d')], {
    outputDetails: () => none,
    openOutput: () => ({ opened: true, message: null }),
  });
  await user.click(within(viewer()).getByRole('button', { name: 'Open ship.glb' }));
  expect(host.asked.map(({ name }) => name)).toContain('openOutput');
});

it.each(['thumbnail', 'file'])('says that a picture is loading until its %s has come', async (first) => {
  await view([image('lake.png')]);
  expect(within(viewer()).getByText('Loading …').role).toBe('status');
  const picture = within(viewer()).getByRole('img', { name: 'lake.png' });
  const sketch = viewer().querySelector('.viewer-placeholder');
  fireEvent.load(first === 'thumbnail' && sketch ? sketch : picture);
  expect(within(viewer()).queryByText('Loading …')).toBeNull();
  if (first === 'thumbnail') expect(viewer().querySelector('.viewer-placeholder')).toBe(sketch);
});

it('says so when a picture cannot be had', async () => {
  await view([image('lake.png')]);
  fireEvent.error(within(viewer()).getByRole('img', { name: 'lake.png' }));
  within(viewer()).getByText('It could not be shown');
});

it('asks again for a picture that a busy server did not give', async () => {
  const { user } = await view([image('lake.png')]);
  fireEvent.error(within(viewer()).getByRole('img', { name: 'lake.png' }));
  await user.click(within(viewer()).getByRole('button', { name: 'Try again' }));
  const picture = within(viewer()).getByRole('img', { name: 'lake.png' });
  fireEvent.load(picture);
  expect(picture.dataset.loaded).toBe('true');
});

it('shows a TIFF as the server draws it', async () => {
  await view([image('scan.tiff')]);
  const picture = within(viewer()).getByRole('img', { name: 'scan.tiff' });
  expect(picture.getAttribute('src')).toContain('variant=thumbnail');
});

it('shows and reads a file that a later run overwrote only for who wants it as it is now', async () => {
  const read = vi.fn(() => details);
  const later = { outputs: [image('lake.png')], finishedAt: 2_000, cachedNodeIds: [] };
  const { user } = await renderPart(<Gallery serverId="s" />, {
    state: stateAfter(
      event(1, 'history_read', {
        entries: [ended('p', { title: 'First', finishedAt: 1_000, outputs: [image('lake.png')] })],
      }),
      event(2, 'history_read', { entries: [ended('q', { title: 'Second', ...later })] }),
    ),
    answers: { outputDetails: read, outputPath: () => ({ path: null }) },
  });
  await user.click(
    within(screen.getByRole('group', { name: 'First' })).getByRole('button', { name: /^lake.png/ }),
  );
  await user.keyboard(' ');
  within(viewer()).getByText('Overwritten by a later run');
  expect(within(viewer()).queryByRole('img', { name: 'lake.png' })).toBeNull();
  await user.click(within(viewer()).getByRole('button', { name: 'Show the file as it is now' }));
  expect(within(viewer()).getByRole('img', { name: 'lake.png' }).getAttribute('src')).toContain('run=p.');
  await vi.waitFor(() => expect(read).toHaveBeenCalledOnce());
});

it('zooms with keys and buttons, and knows the size of the picture', async () => {
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(300);
  vi.spyOn(HTMLImageElement.prototype, 'naturalWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLImageElement.prototype, 'naturalHeight', 'get').mockReturnValue(600);
  const { user } = await view([image('lake.png'), image('sea.png')]);
  fireEvent.load(within(viewer()).getByRole('img', { name: 'lake.png' }));
  within(viewer()).getByText('800 × 600 pixels');
  expect(within(viewer()).getByRole('button', { name: /show actual size/ }).textContent).toBe('50%');
  await user.keyboard('1');
  expect(within(viewer()).getByRole('button', { name: /fit to window/ }).textContent).toBe('100%');
  await user.keyboard('+');
  within(viewer()).getByText('140%');
  await user.keyboard('-');
  within(viewer()).getByText('100%');
  await user.keyboard('0');
  within(viewer()).getByText('50%');
  await user.click(within(viewer()).getByRole('button', { name: 'Zoom in' }));
  await user.keyboard('{ArrowRight}');
  within(viewer()).getByText('50%');
});

it('has the menu of the output, within reach', async () => {
  const { user, host } = await view([image('lake.png')], {
    copyOutputImage: () => ({ opened: true, message: null }),
  });
  await user.click(within(viewer()).getByRole('button', { name: 'More' }));
  await user.click(within(viewer()).getByRole('menuitem', { name: 'Copy image' }));
  expect(host.asked.map(({ name }) => name)).toContain('copyOutputImage');
  await within(viewer()).findByText('The image is on the clipboard.');
  await user.click(within(viewer()).getByRole('button', { name: 'More' }));
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(heading()).toBe('lake.png');
});
