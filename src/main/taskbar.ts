import { app, type BrowserWindow, type NativeImage } from 'electron';
import { formatCount } from '../shared/format.ts';
import { progressBarOf, type TaskbarModel } from '../shared/tray/taskbar-model.ts';
import { drawBadgeIcon } from '../shared/tray/tray-icon.ts';
import { drawnImage } from './drawn-image.ts';

/** Shows progress and queue on the app's button: taskbar of Windows, dock of macOS, launchers of Linux. */
export function showInTaskbar(
  window: BrowserWindow,
  { progress, badge }: TaskbarModel,
  before: TaskbarModel | null,
): void {
  if (window.isDestroyed()) return;
  const { value, mode } = progressBarOf(progress, process.platform === 'win32');
  window.setProgressBar(value, { mode });
  if (badge === before?.badge) return;
  if (process.platform === 'win32')
    window.setOverlayIcon(badge > 0 ? badgeImage(badge) : null, badge > 0 ? words(badge) : '');
  else app.setBadgeCount(badge);
}

function words(badge: number): string {
  return `${formatCount(badge, 'prompt')} in the queue`;
}

/** Windows shows overlays 16 pixels wide, times the display's scale. */
function badgeImage(badge: number): NativeImage {
  return drawnImage(16, (size) => drawBadgeIcon(badge, size));
}
