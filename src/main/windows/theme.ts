import { nativeTheme } from 'electron';
import type { SettingsFile } from '../../host/storage/settings-file.ts';

/** Menus, dialogs and the window's frame are as light or dark as the page is asked to be. */
export function followTheme(settings: SettingsFile): void {
  settings.follow(
    ({ preferences }) => preferences.appearance.theme,
    (theme) => {
      nativeTheme.themeSource = theme;
    },
  );
}
