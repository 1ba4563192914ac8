import type { OpenableFile } from './openable-file.ts';

/** The programs of the user's desktop, and its clipboard. */
export interface FileViewer {
  /** Opens a file in the program that the system has for it; gives a sentence if that failed. */
  open(file: OpenableFile): Promise<string | null>;
  /** Shows a file in its folder. */
  reveal(file: OpenableFile): void;
  /** Asks where to save a file; null if the user decided against it. */
  chooseTarget(proposal: { name: string; extension: string }): Promise<string | null>;
  /** Asks for a folder, beginning at the `current` one; null if the user decided against it. */
  chooseFolder(question: { title: string; current: string | null }): Promise<string | null>;
  /** Puts an image on the clipboard; gives a sentence if that failed. */
  copyImage(file: OpenableFile): Promise<string | null>;
  /** Lets the file be dropped on other programs while the mouse button is held. */
  drag(file: OpenableFile): Promise<void>;
  /** Opens an address in the system's browser. */
  openPage(url: string): Promise<void>;
}
