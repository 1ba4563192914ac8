import { nativeTheme } from 'electron';
import type { SettingsFile } from '../../host/storage/settings-file.ts';

/** Menus, dialogs and the window's frame are as light or dark as the page is asked to be. */
export function followTheme(settings: SettingsFile): void {
  const apply = (): void => {
    nativeTheme.themeSource = settings.current.preferences.appearance.theme;
  };
  apply();
  settings.onChange(({ preferences: after }, { preferences: before }) => {
    if (after.appearance.theme !== before.appearance.theme) apply();
  });
}
