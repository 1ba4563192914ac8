import { changePreferences, type PreferenceChanges, type Preferences } from '../../contract/preferences.ts';

interface Change {
  groups: PreferenceChanges;
  /** The host told of preferences that have it. */
  told: boolean;
}

/** Preferences as the user sees them: what the host told last, with the changes that are on their way to it. */
export interface PreferenceView {
  /** The same object as long as nothing is different. */
  readonly shown: Preferences;
  /** The host told of its preferences. Those that it told before, and the same object, are no news. */
  hear(preferences: Preferences): void;
  /** Shows a change at once; what is returned is to be called with what became of it. */
  change(groups: PreferenceChanges): (accepted: boolean) => void;
}

/**
 * A host answers when a change is written, and tells of other things and of earlier changes meanwhile: none of that
 * takes back what is on its way.
 */
export function viewPreferences(first: Preferences): PreferenceView {
  let confirmed = first;
  let changes: Change[] = [];
  let shown = first;

  function show(): void {
    shown = changes.reduce((preferences, { groups }) => changePreferences(preferences, groups), confirmed);
  }

  return {
    get shown() {
      return shown;
    },
    hear(preferences) {
      if (preferences === confirmed) return;
      confirmed = preferences;
      // A host takes them in their order, and tells of each.
      const next = changes.find(({ told }) => !told);
      if (next && has(preferences, next.groups)) next.told = true;
      show();
    },
    change(groups) {
      const change = { groups, told: false };
      changes = [...changes, change];
      show();
      return (accepted) => {
        changes = changes.filter((other) => other !== change);
        if (accepted && !change.told) confirmed = changePreferences(confirmed, groups);
        show();
      };
    },
  };
}

function has(preferences: Preferences, groups: PreferenceChanges): boolean {
  return (
    JSON.stringify(changePreferences(preferences, groups)) ===
    JSON.stringify(changePreferences(preferences, {}))
  );
}
