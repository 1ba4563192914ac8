import { createContext, useContext } from 'react';

/** Where a form about a server begins. */
export type FormStart = 'address' | 'login' | 'test';

/** Opens the dialogs, from wherever on the page. */
export interface Dialogs {
  openServers(): void;
  addServer(): void;
  /** `test` opens the form and tests the connection at once. */
  editServer(serverId: string, start: FormStart): void;
  installCompanion(serverId: string): void;
  openSettings(): void;
}

const none: Dialogs = {
  openServers: () => {},
  addServer: () => {},
  editServer: () => {},
  installCompanion: () => {},
  openSettings: () => {},
};

export const DialogsContext = createContext<Dialogs>(none);

export function useDialogs(): Dialogs {
  return useContext(DialogsContext);
}
