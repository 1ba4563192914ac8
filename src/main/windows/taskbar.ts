import { app, BaseWindow, type BrowserWindow, type NativeImage } from 'electron';
import { t } from '../../language/t.ts';
import { drawnImage } from '../tray/icon/drawn-image.ts';
import { drawBadgeIcon } from '../tray/icon/tray-icon.ts';
import { progressBarOf, type TaskbarModel } from './taskbar-model.ts';

/**
 * Shows progress and queue on the app's button: taskbar of Windows, dock of macOS, launchers of Linux. Without a
 * window only the number is left; on Windows there is no button then, and the dock's bar is kept by a window of its
 * own, which has no page and is never seen.
 */
export function showInTaskbar(
  window: BrowserWindow | null,
  { progress, badge }: TaskbarModel,
  before: TaskbarModel | null,
): void {
  const isWindows = process.platform === 'win32';
  const { value, mode } = progressBarOf(progress, isWindows);
  const button = process.platform === 'darwin' ? dockWindow() : window;
  button?.setProgressBar(value, { mode });
  if (badge === before?.badge) return;
  if (!isWindows) app.setBadgeCount(badge);
  else window?.setOverlayIcon(badge > 0 ? badgeImage(badge) : null, badge > 0 ? words(badge) : '');
}

let dock: BaseWindow | null = null;

/** The dock belongs to the app, but Electron draws on it through a window. */
function dockWindow(): BaseWindow {
  if (!dock || dock.isDestroyed()) dock = new BaseWindow({ show: false });
  return dock;
}

function words(badge: number): string {
  return t('tray.badge', { count: badge });
}

/** Windows shows overlays 16 pixels wide, times the display's scale. */
function badgeImage(badge: number): NativeImage {
  return drawnImage(16, (size) => drawBadgeIcon(badge, size));
}
