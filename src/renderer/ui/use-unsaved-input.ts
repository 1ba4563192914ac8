import { useEffect } from 'react';

/**
 * Lets the page not go without the user's word while it holds input that would be lost. A browser then asks; the
 * desktop app keeps the page of its closed window, so that the input is there when the window is shown again.
 */
export function useUnsavedInput(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const keep = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
      // Chromium before 119 looks at this only.
      event.returnValue = true;
    };
    window.addEventListener('beforeunload', keep);
    return () => window.removeEventListener('beforeunload', keep);
  }, [isUnsaved]);
}
