/** Under this name Windows knows the app and its notifications, and macOS its bundle. */
export const appId = 'app.comfy-monitor';
