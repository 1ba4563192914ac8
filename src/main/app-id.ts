/** Under this name Windows knows the app and its notifications, and macOS its bundle. */
export const appId = 'app.comfy-monitor';

/** Windows starts the app by this when a notification of an earlier run is clicked. */
export const toastActivatorClsid = '{5B1F0D0E-6C0B-4C3B-9A57-3D4C1E0F8A21}';
