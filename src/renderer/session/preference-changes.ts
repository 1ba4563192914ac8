import { changePreferences, type PreferenceChanges, type Preferences } from '../../contract/preferences.ts';

interface Change {
  groups: PreferenceChanges;
  /** The host has sent preferences that contain it. */
  received: boolean;
}

/** The changes of preferences that are on their way to the host. */
export interface OpenChanges {
  /** Takes the preferences that the host sent. */
  receive(preferences: Preferences): void;
  /** Shows a change at once; what is returned is to be called with what became of it. */
  change(groups: PreferenceChanges): (accepted: boolean) => void;
}

/**
 * Shows preferences as the user sees them: what the host sent last, with the changes that are on their way to it. A
 * host answers when a change is written, and meanwhile sends other changes and earlier ones: none of that takes back
 * what is on its way.
 */
export function createPreferenceChanges(
  first: Preferences,
  show: (preferences: Preferences) => void,
): OpenChanges {
  let confirmed = first;
  let changes: Change[] = [];

  function showAll(): void {
    show(changes.reduce((preferences, { groups }) => changePreferences(preferences, groups), confirmed));
  }

  return {
    receive(preferences) {
      confirmed = preferences;
      // A host takes them in their order, and sends its preferences after each.
      const next = changes.find(({ received }) => !received);
      if (next && has(preferences, next.groups)) next.received = true;
      showAll();
    },
    change(groups) {
      const change = { groups, received: false };
      changes = [...changes, change];
      showAll();
      return (accepted) => {
        changes = changes.filter((other) => other !== change);
        if (accepted && !change.received) confirmed = changePreferences(confirmed, groups);
        showAll();
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
