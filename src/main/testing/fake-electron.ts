/**
 * Stands in for the module `electron` in tests, at the thinnest edge: it records what the app does to
 * the desktop. Every member is typed from electron.d.ts, so that the compiler rejects what the real one
 * lacks or takes differently.
 */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type * as Electron from 'electron';
import { z } from 'zod';

/** What the app did, for tests to look at. */
export const desktop = {
  userData: '',
  opened: [] as string[],
  revealed: [] as string[],
  dragged: [] as string[],
  /** What was under the pointer meanwhile. */
  dragIcons: [] as FakeImage[],
  /** Addresses opened in the system's browser. */
  browsed: [] as string[],
  /** The code that the app ended with; null as long as it runs. */
  exitCode: null as number | null,
  /** Electron since 38 may never be ready to show a hidden window there (electron#48859). */
  isWayland: false,
  hasLock: true,
  isPackaged: false,
  copied: [] as string[],
  copiedImages: [] as Blob[],
  /** Chromium's switches, as given on the command line and by the app. */
  switches: [] as string[],
  /** How its key store marks what it encrypts, null where it fails; and how often it was needed. */
  keyStore: { mark: 'v11' as 'v10' | 'v11' | 'v12' | null, opened: 0 },
  /** What the system starts at login. */
  loginItem: null as Electron.Settings | null,
  wasOpenedAtLogin: false,
  /** Who Windows was told that the app is. */
  windowsIdentity: { appUserModelId: '', toastActivatorClsid: '' },
  /** The number on the app's button in dock or launcher. */
  badge: 0,
  /** Accelerators that another program has. */
  takenShortcuts: [] as string[],
  /** As with the portal of Wayland: every shortcut is called given, and none is given back. */
  givesShortcutsForEver: false,
  /** What the user presses, by accelerator. */
  shortcuts: new Map<string, () => void>(),
  displays: [
    { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 }, scaleFactor: 1 },
  ] satisfies DisplayUsed[],
};

type DisplayUsed = Pick<Electron.Display, 'id' | 'workArea' | 'scaleFactor'>;

type AppUsed = Pick<
  Electron.App,
  | 'isPackaged'
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getName'
  | 'getAppPath'
  | 'getVersion'
  | 'getPreferredSystemLanguages'
  | 'enableSandbox'
  | 'disableHardwareAcceleration'
  | 'setAppUserModelId'
  | 'setToastActivatorCLSID'
  | 'requestSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setLoginItemSettings'
  | 'setBadgeCount'
>;

class FakeApp extends EventEmitter implements AppUsed {
  get isPackaged(): boolean {
    return desktop.isPackaged;
  }
  whenReady = () => Promise.resolve();
  getPath = () => desktop.userData;
  setPath(_name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!existsSync(path)) throw new Error(`Failed to set path ${path}`);
    desktop.userData = path;
  }
  getFileIcon = async () => new FakeImage();
  getName = () => 'Comfy Monitor';
  getAppPath = () => '/projects/comfy monitor';
  getVersion = () => '1.2.3';
  getPreferredSystemLanguages = () => ['en-US'];
  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => {
      desktop.switches.push(value === '' ? name : `${name}=${value}`);
    },
    hasSwitch: (name: string) => desktop.switches.some((given) => nameOf(given) === name),
    getSwitchValue: (name: string) =>
      desktop.switches.find((given) => nameOf(given) === name)?.slice(name.length + 1) ?? '',
    removeSwitch(name: string): void {
      desktop.switches = desktop.switches.filter((given) => nameOf(given) !== name);
    },
  } satisfies Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue' | 'removeSwitch'>;
  /** As Electron does it: the opposite switch goes. */
  enableSandbox(): void {
    desktop.switches = [...desktop.switches.filter((name) => name !== 'no-sandbox'), 'enable-sandbox'];
  }
  /** As Electron does it: too late once the app is ready, but here it always is. */
  disableHardwareAcceleration(): void {
    desktop.switches = [...desktop.switches, 'disable-gpu'];
  }
  setAppUserModelId(id: string): void {
    desktop.windowsIdentity.appUserModelId = id;
  }
  setToastActivatorCLSID(id: string): void {
    desktop.windowsIdentity.toastActivatorClsid = id;
  }
  requestSingleInstanceLock = () => desktop.hasLock;
  releaseSingleInstanceLock(): void {
    desktop.hasLock = false;
  }
  setLoginItemSettings(settings: Electron.Settings): void {
    desktop.loginItem = settings.openAtLogin ? settings : null;
  }
  /** As Windows does it: only the very same command line counts. */
  getLoginItemSettings({ path, args }: Electron.LoginItemSettingsOptions = {}) {
    const item = desktop.loginItem;
    const openAtLogin = item !== null && item.path === path && String(item.args) === String(args);
    return {
      openAtLogin,
      wasOpenedAtLogin: desktop.wasOpenedAtLogin,
    } satisfies Partial<Electron.LoginItemSettings>;
  }
  setBadgeCount(count = 0): boolean {
    desktop.badge = count;
    return true;
  }
  /** As Electron does it: windows are destroyed without a question, and only `quit` is told. */
  exit(code = 0): void {
    if (desktop.exitCode !== null) return;
    desktop.exitCode = code;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.emit('quit', {}, code);
  }
  #isQuitting = false;
  /**
   * As Electron does it: ask before, close the windows, ask again, and only then be gone. Events come from C++, which
   * runs the microtasks of their listeners before it looks at what was prevented: who calls `quit` in one of them,
   * after `will-quit` was prevented, is not heard, and the app does not quit any more.
   */
  quit(): void {
    if (this.#isQuitting) return;
    if (!this.#mayGoOn('before-quit')) return;
    this.#isQuitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0) {
      this.#isQuitting = false;
      return;
    }
    const mayQuit = this.#mayGoOn('will-quit');
    setImmediate(() => {
      this.#isQuitting = false;
    });
    if (mayQuit) this.exit(0);
  }
  #mayGoOn(event: 'before-quit' | 'will-quit'): boolean {
    let prevented = false;
    this.emit(event, {
      preventDefault() {
        prevented = true;
      },
    });
    return !prevented;
  }
}
export const app = new FakeApp();

/** The name of a switch as it is given: `name` or `name=value`. */
function nameOf(given: string): string {
  return given.split('=')[0] ?? given;
}

type WebContentsUsed = Pick<
  Electron.WebContents,
  'send' | 'setWindowOpenHandler' | 'reload' | 'isCrashed' | 'startDrag' | 'getZoomLevel' | 'setZoomLevel'
>;

class FakeWebContents extends EventEmitter implements WebContentsUsed {
  readonly sent: { channel: string; args: unknown[] }[] = [];
  readonly mainFrame = { url: '' };
  readonly session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: PermissionRequestHandler | null) => {
      this.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler: PermissionCheckHandler | null) => {
      this.permissionCheck = handler;
    },
  } satisfies Pick<Electron.Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>);
  permissionRequest: PermissionRequestHandler | null = null;
  permissionCheck: PermissionCheckHandler | null = null;
  windowOpen: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  reloads = 0;
  /** Its page refuses to go (`beforeunload`), because a user typed something into it. */
  holdsInput = false;

  send(channel: string, ...args: unknown[]): void {
    // Structured clones cross; what cannot be cloned fails here as it would there.
    this.sent.push({ channel, args: structuredClone(args) });
  }
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.windowOpen = handler;
  }
  reload(): void {
    this.#crashed = false;
    this.reloads += 1;
  }
  #crashed = false;
  isCrashed = () => this.#crashed;
  /** Its process ends, as after a fault of the renderer. */
  crash(): void {
    this.#crashed = true;
    this.emit('render-process-gone', {}, { reason: 'crashed' });
  }
  startDrag({ file, icon }: Electron.Item): void {
    desktop.dragged.push(file);
    if (icon instanceof FakeImage) desktop.dragIcons.push(icon);
  }
  #zoomLevel = 0;
  getZoomLevel = () => this.#zoomLevel;
  setZoomLevel(level: number): void {
    this.#zoomLevel = level;
  }
}
type PermissionRequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
type PermissionCheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;

type WindowUsed = Pick<
  Electron.BrowserWindow,
  | 'show'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'minimize'
  | 'restore'
  | 'close'
  | 'isVisible'
  | 'isMinimized'
  | 'isFullScreen'
  | 'setFullScreen'
  | 'isFocused'
  | 'isDestroyed'
  | 'destroy'
  | 'loadURL'
  | 'maximize'
  | 'isMaximized'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBounds'
  | 'setAlwaysOnTop'
  | 'isAlwaysOnTop'
  | 'setProgressBar'
  | 'setOverlayIcon'
>;

export class BrowserWindow extends EventEmitter implements WindowUsed {
  static all: BrowserWindow[] = [];
  static getAllWindows = () => BrowserWindow.all.filter((window) => !window.isDestroyed());
  static getFocusedWindow = () => BrowserWindow.all.find((window) => window.isFocused()) ?? null;
  readonly webContents = new FakeWebContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  /** What was set on its button in the taskbar, from old to new. */
  readonly progress: { value: number; mode: string | undefined }[] = [];
  readonly overlays: string[] = [];
  overlay: FakeImage | null = null;
  #bounds: Electron.Rectangle;
  #maximized = false;
  #alwaysOnTop: boolean;
  #visible = false;
  #focused = false;
  #minimized = false;
  #fullScreen = false;
  #destroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600, alwaysOnTop = false } = options;
    this.#bounds = { x, y, width, height };
    this.#alwaysOnTop = alwaysOnTop;
    BrowserWindow.all.push(this);
    app.emit('browser-window-created', {}, this);
  }
  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    if (!desktop.isWayland || this.#visible) this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
  }
  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }
  isMaximized = () => this.#maximized;
  getBounds = () => ({ ...this.#bounds });
  getNormalBounds = () => ({ ...this.#bounds });
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize');
  }
  setAlwaysOnTop(flag: boolean): void {
    this.#alwaysOnTop = flag;
  }
  isAlwaysOnTop = () => this.#alwaysOnTop;
  setProgressBar(value: number, options?: Electron.ProgressBarOptions): void {
    this.progress.push({ value, mode: options?.mode });
  }
  setOverlayIcon(overlay: Electron.NativeImage | FakeImage | null, description: string): void {
    this.overlay = overlay instanceof FakeImage ? overlay : null;
    this.overlays.push(description);
  }
  show(): void {
    this.focus();
    if (this.#visible) return;
    this.#visible = true;
    this.emit('show');
  }
  /** A window that was not visible says nothing. */
  hide(): void {
    this.blur();
    if (!this.#visible) return;
    this.#visible = false;
    this.emit('hide');
  }
  focus(): void {
    if (this.#focused) return;
    this.#focused = true;
    this.emit('focus');
    app.emit('browser-window-focus', {}, this);
  }
  blur(): void {
    if (!this.#focused) return;
    this.#focused = false;
    this.emit('blur');
    app.emit('browser-window-blur', {}, this);
  }
  minimize(): void {
    this.blur();
    this.#minimized = true;
    this.emit('minimize');
  }
  restore(): void {
    this.#minimized = false;
    this.emit('restore');
  }
  close(): void {
    let prevented = false;
    this.emit('close', {
      preventDefault() {
        prevented = true;
      },
    });
    if (prevented) return;
    if (this.webContents.holdsInput) this.webContents.emit('will-prevent-unload', {});
    else this.destroy();
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    this.#focused = false;
    this.emit('closed');
  }
  isVisible = () => this.#visible;
  isMinimized = () => this.#minimized;
  isFullScreen = () => this.#fullScreen;
  /** As macOS does it: there it is an animation, and the window is full screen until that has ended. */
  setFullScreen(flag: boolean): void {
    setImmediate(() => {
      this.#fullScreen = flag;
      this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
    });
  }
  isFocused = () => this.#focused;
  isDestroyed = () => this.#destroyed;
}

/** A window without a page. */
export class BaseWindow {
  static all: BaseWindow[] = [];
  readonly progress: number[] = [];
  readonly options: Electron.BaseWindowConstructorOptions;
  constructor(options: Electron.BaseWindowConstructorOptions = {}) {
    this.options = options;
    BaseWindow.all.push(this);
  }
  isDestroyed = () => false;
  setProgressBar(value: number): void {
    this.progress.push(value);
  }
}

type TrayUsed = Pick<
  Electron.Tray,
  'setImage' | 'setToolTip' | 'setTitle' | 'setContextMenu' | 'destroy' | 'isDestroyed'
>;

export class Tray extends EventEmitter implements TrayUsed {
  static all: Tray[] = [];
  toolTip = '';
  title = '';
  images: FakeImage[] = [];
  menu: FakeMenu | null = null;
  #destroyed = false;
  /** Counts the menus that the panel was given. */
  #menus = 0;

  constructor(image: FakeImage) {
    super();
    this.images.push(image);
    Tray.all.push(this);
  }
  setImage(image: Electron.NativeImage | string | FakeImage): void {
    if (!(image instanceof FakeImage)) throw new TypeError('no image of ours');
    this.images.push(image);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
    // As Chromium does it, which gives the panel the whole menu anew with every tooltip.
    if (process.platform === 'linux') this.#menus += 1;
  }
  setTitle(text: string): void {
    this.title = text;
  }
  setContextMenu(menu: unknown): void {
    this.menu = menu instanceof FakeMenu ? menu : null;
    this.#menus += 1;
  }
  /**
   * Opens the menu as a user does. Replaced meanwhile, it has other ids, and on Linux the panel builds it anew:
   * a click on what was there is lost. Nor does Linux tell that it is open.
   */
  openMenu(): { readonly labels: string[]; press(text: string): void } {
    const { menu } = this;
    const opened = this.#menus;
    if (!menu) throw new Error('no menu');
    const tell = (event: string) => process.platform !== 'linux' && menu.emit(event);
    tell('menu-will-show');
    return {
      labels: menu.labels,
      press: (text) => {
        if (this.#menus !== opened) throw new Error(`the menu was replaced; the click on “${text}” is lost`);
        tell('menu-will-close');
        menu.press(text);
      },
    };
  }
  /** As Windows does it: pressing the mouse on the taskbar takes the focus, and then the click is told. */
  click(): void {
    BrowserWindow.getFocusedWindow()?.blur();
    this.emit('click');
  }
  destroy(): void {
    this.#destroyed = true;
  }
  isDestroyed = () => this.#destroyed;
}

class FakeMenu extends EventEmitter {
  readonly template: Electron.MenuItemConstructorOptions[];
  constructor(template: Electron.MenuItemConstructorOptions[]) {
    super();
    this.template = template;
  }
  /** The labels, a line for a separator. */
  get labels(): string[] {
    return this.template.map((item) => (item.type === 'separator' ? '—' : (item.label ?? item.role ?? '')));
  }
  /** Presses the item whose label contains `text`; throws if there is none that can be pressed. */
  press(text: string): void {
    const item = this.template.find(({ label, enabled }) => enabled !== false && label?.includes(text));
    if (!item?.click) throw new Error(`no menu item “${text}” among ${this.labels.join(' | ')}`);
    // Our items use none of the arguments that Electron hands over.
    Reflect.apply(item.click, null, []);
  }
}

export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => new FakeMenu(template),
  application: null as FakeMenu | null,
  setApplicationMenu(menu: FakeMenu | null): void {
    Menu.application = menu;
  },
};

type NotificationUsed = Pick<Electron.Notification, 'show' | 'close'>;
type ActivationListener = Parameters<typeof Electron.Notification.handleActivation>[0];

export class Notification extends EventEmitter implements NotificationUsed {
  static shown: Notification[] = [];
  static isSupported = () => true;
  /** Hears of every notification of Windows that is clicked or pressed. */
  static activated: ActivationListener = () => {};
  static handleActivation(listener: ActivationListener): void {
    Notification.activated = listener;
  }
  isClosed = false;
  readonly options: Electron.NotificationConstructorOptions;
  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.options = options;
  }
  /** Why the system refuses notifications; null where it shows them. */
  static refusal: string | null = null;
  show(): void {
    Notification.shown.push(this);
    if (Notification.refusal === null) this.emit('show', {});
    else this.emit('failed', {}, Notification.refusal);
  }
  /** As Electron does it, this is no event. */
  close(): void {
    this.isClosed = true;
  }
}

type ImageUsed = Pick<Electron.NativeImage, 'addRepresentation' | 'setTemplateImage' | 'isEmpty' | 'toPNG'>;

export class FakeImage implements ImageUsed {
  readonly representations: { scaleFactor: number; width: number; bytes: number }[] = [];
  isTemplate = false;
  /** The bytes that it was decoded from. */
  source: Buffer | null = null;
  width: number | null = null;
  addRepresentation(options: Electron.AddRepresentationOptions): void {
    const { scaleFactor = 1, width = 0, buffer } = options;
    this.representations.push({ scaleFactor, width, bytes: buffer?.length ?? 0 });
  }
  setTemplateImage(option: boolean): void {
    this.isTemplate = option;
  }
  /** As Electron does it: PNG and JPEG are understood, and nothing else. */
  isEmpty(): boolean {
    const start = this.source?.subarray(0, 3).toString('hex');
    return this.representations.length === 0 && start !== '89504e' && start !== 'ffd8ff';
  }
  resize({ width }: Electron.ResizeOptions): FakeImage {
    this.width = width ?? null;
    return this;
  }
  toPNG = () => Buffer.alloc(0);
}
export const nativeImage = {
  createEmpty: () => new FakeImage(),
  /** As Electron does it: what is not there comes out empty. */
  createFromPath: (path: string) =>
    existsSync(path) ? nativeImage.createFromBuffer(readFileSync(path)) : nativeImage.createEmpty(),
  createFromBuffer(buffer: Buffer): FakeImage {
    const image = new FakeImage();
    image.source = buffer;
    return image;
  },
};

type IpcHandler = Parameters<Electron.IpcMain['handle']>[1];
const ipcHandlers = new Map<string, IpcHandler>();
export const ipcMain = {
  handle(channel: string, handler: IpcHandler): void {
    ipcHandlers.set(channel, handler);
  },
};

/** Calls a handler as the page in `frame` would. */
export async function invoke(frame: unknown, channel: string, ...args: unknown[]): Promise<unknown> {
  const handler = ipcHandlers.get(channel);
  if (!handler) throw new Error(`no handler for ${channel}`);
  const result: unknown = await Reflect.apply(handler, null, [
    { senderFrame: frame },
    ...structuredClone(args),
  ]);
  return structuredClone(result);
}

type SchemeHandler = (request: Request) => Response | Promise<Response>;
const schemes = new Map<string, SchemeHandler>();
export const protocol = {
  registerSchemesAsPrivileged: (_schemes: Electron.CustomScheme[]): void => {},
  handle(scheme: string, handler: SchemeHandler): void {
    schemes.set(scheme, handler);
  },
};

/** Asks for an address as the page would. */
export async function request(url: string, init?: RequestInit): Promise<Response> {
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  if (!handler) throw new Error(`no scheme serves ${url}`);
  return handler(new Request(url, init));
}

/** Shortcuts of Windows, as far as they matter here, written as JSON. */
const linkSchema = z.object({
  target: z.string(),
  args: z.string().default(''),
  appUserModelId: z.string(),
  toastActivatorClsid: z.string().default(''),
});

export const shell = {
  readShortcutLink: (path: string) => linkSchema.parse(JSON.parse(readFileSync(path, 'utf8'))),
  writeShortcutLink(
    path: string,
    ...[first, second]:
      | [Electron.ShortcutDetails]
      | ['create' | 'update' | 'replace', Electron.ShortcutDetails]
  ): boolean {
    writeFileSync(path, JSON.stringify(second ?? first));
    return true;
  },
  async openPath(path: string): Promise<string> {
    desktop.opened.push(path);
    return '';
  },
  showItemInFolder(path: string): void {
    desktop.revealed.push(path);
  },
  async openExternal(url: string): Promise<void> {
    desktop.browsed.push(url);
  },
} satisfies Pick<
  Electron.Shell,
  'openPath' | 'showItemInFolder' | 'openExternal' | 'readShortcutLink' | 'writeShortcutLink'
>;

export const dialog = {
  /** The button that is pressed in the next dialogs. */
  answer: 0,
  shown: [] as Electron.MessageBoxOptions[],
  async showMessageBox(options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    dialog.shown.push(options);
    return { response: dialog.answer, checkboxChecked: false };
  },
  /** What was shown by the one dialog that needs no app that is ready. */
  errors: [] as string[],
  showErrorBox(title: string, content: string): void {
    dialog.errors.push(`${title}: ${content}`);
  },
  /** Where the next file is saved; null cancels. */
  target: null as string | null,
  proposals: [] as Electron.SaveDialogOptions[],
  async showSaveDialog(
    ...[first, second]: [Electron.SaveDialogOptions] | [BrowserWindow, Electron.SaveDialogOptions]
  ): Promise<Electron.SaveDialogReturnValue> {
    dialog.proposals.push(first instanceof BrowserWindow ? (second ?? {}) : first);
    return { canceled: dialog.target === null, filePath: dialog.target ?? '' };
  },
  /** The folder that is chosen next; null cancels. */
  folder: null as string | null,
  questions: [] as Electron.OpenDialogOptions[],
  async showOpenDialog(
    ...[first, second]: [Electron.OpenDialogOptions] | [BrowserWindow, Electron.OpenDialogOptions]
  ): Promise<Electron.OpenDialogReturnValue> {
    dialog.questions.push(first instanceof BrowserWindow ? (second ?? {}) : first);
    return { canceled: dialog.folder === null, filePaths: dialog.folder === null ? [] : [dialog.folder] };
  },
};

export const clipboard = {
  async writeText(text: string): Promise<void> {
    desktop.copied.push(text);
  },
  async write(items: Electron.ClipboardItem[]): Promise<void> {
    for (const item of items) {
      const image = await item.getType('image/png');
      if (image instanceof Blob) desktop.copiedImages.push(image);
    }
  },
} satisfies Pick<Electron.Clipboard, 'writeText' | 'write'>;

type ClipboardContent = ConstructorParameters<typeof Electron.ClipboardItem>[0];

export class ClipboardItem {
  readonly #items: ClipboardContent;
  constructor(items: ClipboardContent) {
    this.#items = items;
  }
  getType = async (type: string) => this.#items[type];
}

/**
 * As Electron 45 on Linux: encryption is always called available and named by the desktop, and `v10` marks what
 * was encrypted with a key that everybody has; `v11` comes from a password manager, and `v12` from a portal.
 */
export const safeStorage = {
  async isAsyncEncryptionAvailable() {
    desktop.keyStore.opened += 1;
    return true;
  },
  getSelectedStorageBackend: () => 'gnome_libsecret' as const,
  async encryptStringAsync(text: string) {
    desktop.keyStore.opened += 1;
    if (desktop.keyStore.mark === null) throw new Error('Error while encrypting the text');
    return Buffer.concat([Buffer.from(desktop.keyStore.mark), Buffer.from(text).reverse()]);
  },
  async decryptStringAsync(bytes: Buffer) {
    desktop.keyStore.opened += 1;
    const mark = bytes.subarray(0, 3).toString();
    if (mark !== desktop.keyStore.mark && mark !== 'v10') throw new Error('Error while decrypting the text');
    return {
      shouldReEncrypt: mark !== desktop.keyStore.mark,
      result: Buffer.from(bytes.subarray(3)).reverse().toString(),
    };
  },
} satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: false,
  shouldUseDarkColorsForSystemIntegratedUI: true,
  themeSource: 'system',
} satisfies Pick<
  Electron.NativeTheme,
  'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI' | 'themeSource'
>);

export const powerMonitor = new EventEmitter();

/** What keeps the screen on, by the ids that were handed out. */
export const powerSaveBlocker = {
  running: new Set<number>(),
  start(_type: string): number {
    const id = powerSaveBlocker.running.size + 1;
    powerSaveBlocker.running.add(id);
    return id;
  },
  stop: (id: number): boolean => powerSaveBlocker.running.delete(id),
};

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: (): DisplayUsed => desktop.displays[0] ?? noDisplay,
  getAllDisplays: (): DisplayUsed[] => desktop.displays,
});
const noDisplay: DisplayUsed = { id: 0, workArea: { x: 0, y: 0, width: 0, height: 0 }, scaleFactor: 1 };

export const globalShortcut = {
  register(accelerator: string, callback: () => void): boolean {
    if (!/^[\w+]+$/.test(accelerator)) throw new TypeError('conversion failure');
    if (desktop.takenShortcuts.includes(accelerator) && !desktop.givesShortcutsForEver) return false;
    desktop.shortcuts.set(accelerator, callback);
    return true;
  },
  unregister(accelerator: string): void {
    if (!desktop.givesShortcutsForEver) desktop.shortcuts.delete(accelerator);
  },
};
