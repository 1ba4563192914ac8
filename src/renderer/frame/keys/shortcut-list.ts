import type { ActionKeys } from '../../../contract/actions/action.ts';
import { actions } from '../../../contract/actions/actions.ts';
import { t } from '../../../language/t.ts';
import { thumbnailKeys } from '../../outputs/thumbnails/thumbnail-keys.ts';
import { viewerKeys } from '../../outputs/viewer/viewer-keys.ts';
import { type KeyLine, shownKey } from '../../ui/keys.ts';
import { shortcutText } from '../../ui/shortcut-text.ts';

/** A line of the help: some keys, each of which will do, or two of a range. */
export interface ShortcutLine {
  keys: readonly string[];
  /** Between the keys, if they are not alternatives. */
  joint?: string;
  what: string;
}

export interface ShortcutGroup {
  title: string;
  lines: readonly ShortcutLine[];
}

export interface ShortcutWorld {
  /** As Node names it. */
  platform: string;
  isDesktop: boolean;
  canShowMini: boolean;
  /** The global shortcut that the user has chosen, in Electron's notation. */
  globalShortcut: string | null;
}

/** Everything that keys do, as the help shows it. */
export function shortcutList(world: ShortcutWorld): ShortcutGroup[] {
  const command = shortcutText('CommandOrControl', world.platform);
  const { globalShortcut } = world;
  return [
    { title: t('frame.keys.everywhere'), lines: linesOf('Everywhere', world) },
    { title: t('frame.keys.servers'), lines: linesOf('Several servers', world) },
    { title: t('frame.keys.outputs'), lines: thumbnailKeys.map(lineOf) },
    { title: t('frame.keys.viewer'), lines: viewerKeys.map(lineOf) },
    {
      title: t('frame.keys.window'),
      lines: [
        { keys: ['Esc'], what: t('frame.keys.close_dialog') },
        { keys: [`${command} +`, `${command} −`], joint: t('frame.keys.and'), what: t('frame.keys.zoom') },
        { keys: [`${command} 0`], what: t('frame.keys.zoom_reset') },
        ...(world.isDesktop && globalShortcut !== null
          ? [
              {
                keys: [shortcutText(globalShortcut, world.platform, '+')],
                what: t('frame.keys.global'),
              },
            ]
          : []),
      ],
    },
  ];
}

function linesOf(group: ActionKeys['group'], { platform, canShowMini }: ShortcutWorld): ShortcutLine[] {
  const names = Object.entries(actions).filter(([name]) => canShowMini || name !== 'mini_mode');
  return names
    .flatMap(([, { keys }]) => (keys?.group === group ? [keys] : []))
    .map(({ keys, joint, what }) => {
      const shown = keys.flatMap(({ key, withCommand }) => [
        shownKey(key),
        ...(withCommand ? [`${shortcutText('CommandOrControl', platform)} ${shownKey(key)}`] : []),
      ]);
      if (joint === undefined) return { keys: shown, what };
      return { keys: [shown[0] ?? '', shown.at(-1) ?? ''], joint, what };
    });
}

function lineOf({ keys, joint, what }: KeyLine): ShortcutLine {
  const shown = Object.keys(keys).map(shownKey);
  return joint === undefined ? { keys: shown, what } : { keys: shown, joint, what };
}
