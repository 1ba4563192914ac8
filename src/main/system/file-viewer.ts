import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, clipboard, dialog, type NativeImage, nativeImage, shell } from 'electron';
import { fileExtension } from '../../domain/outputs/executed-output.ts';
import type { FileViewer } from '../../host/outputs/file-viewer.ts';
import { formulaRefusal } from '../../host/outputs/safe-name.ts';
import { t } from '../../language/t.ts';
import { smallPicture } from './picture.ts';

/** A larger file is not read only to be seen under the pointer, bytes. */
const maxDragged = 32 * 1024 * 1024;

/** What Electron knows of the user's desktop. */
export const fileViewer: FileViewer = {
  open: async ({ path }) => formulaRefusal(path) ?? ((await shell.openPath(path)) || null),
  reveal: ({ path }) => shell.showItemInFolder(path),

  async chooseTarget({ name, extension }) {
    const options: Electron.SaveDialogOptions = {
      defaultPath: join(app.getPath('downloads'), name),
      filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    };
    // Else it could open behind a window that stays above all others.
    const window = BrowserWindow.getFocusedWindow();
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options));
    return canceled || filePath === '' ? null : filePath;
  },

  async chooseFolder({ title, current }) {
    const options: Electron.OpenDialogOptions = {
      title,
      buttonLabel: t('host.choose'),
      ...(current === null ? {} : { defaultPath: current }),
      properties: ['openDirectory'],
    };
    const window = BrowserWindow.getFocusedWindow();
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options));
    return canceled ? null : (filePaths[0] ?? null);
  },

  async copyImage({ path }) {
    // As it is, with all its colours and transparency; others are read and packed as PNG.
    const isPng = fileExtension(path) === 'png';
    const png = isPng ? await readFile(path) : nativeImage.createFromPath(path).toPNG();
    if (png.length === 0) return t('host.not_copied');
    // Not at the top: a name that a runtime lacks would keep the whole app from starting.
    const { ClipboardItem } = await import('electron');
    const blob = new Blob([new Uint8Array(png)], { type: 'image/png' });
    await clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    return null;
  },

  async drag({ path }) {
    const icon = (await pictureOf(path)) ?? (await app.getFileIcon(path));
    // The window in which the mouse button is held has the focus, except for drags out of an inactive one.
    const window =
      BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows().find((one) => one.isVisible());
    window?.webContents.startDrag({ file: path, icon });
  },

  openPage: (url) => shell.openExternal(url),
};

/** What a file shows under the pointer while it is dragged; null for what is no picture, or a huge one. */
async function pictureOf(path: string): Promise<NativeImage | null> {
  if (!['png', 'jpg', 'jpeg'].includes(fileExtension(path))) return null;
  const { size } = await stat(path);
  return size > maxDragged ? null : smallPicture(await readFile(path), 96);
}
