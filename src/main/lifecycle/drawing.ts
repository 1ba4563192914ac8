import { defaultSettings, type Settings } from '../../contract/settings.ts';
import { isOnThisComputer } from '../../domain/server-address.ts';
import { peekSettingsNow } from '../../host/storage/settings-file.ts';

/**
 * Whether the window is to be drawn by the processor. A window drawn by the GPU takes some of its VRAM, and a watched
 * ComfyUI on this computer computes on that very GPU; drawing by the processor costs a few percent of one core, and
 * only while the window is in sight. Where ComfyUI runs elsewhere, the GPU here has nothing better to do. On macOS
 * there is one memory for both, and its windows are too large to be drawn quickly without the GPU.
 */
export function drawsWithProcessor(
  { servers, preferences }: Settings,
  /** Addresses that are watched instead of the saved ones, if any. */
  asked: readonly string[],
  platform: NodeJS.Platform,
): boolean {
  const { drawing } = preferences.window;
  if (drawing !== 'auto') return drawing === 'processor';
  const watched = asked.length > 0 ? asked : servers.filter(({ enabled }) => enabled).map(({ url }) => url);
  return platform !== 'darwin' && watched.some(isOnThisComputer);
}

/**
 * The settings as they are on disk, at once: Chromium wants to know how to draw before anything else. What cannot be
 * read here is reported when the settings are opened properly.
 */
export function settingsOnDisk(folder: string): Settings {
  return peekSettingsNow(folder) ?? defaultSettings;
}
