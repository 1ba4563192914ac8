import type { Action, ActionRequest } from '../../contract/actions/action.ts';
import { actions } from '../../contract/actions/actions.ts';
import { useActions } from '../session/use-actions.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { shownKey } from '../ui/keys.ts';

interface ActionButtonProps {
  request: ActionRequest;
  className: string;
  /** Only its icon is drawn; its name is its tooltip. */
  iconOnly?: boolean;
  /** Only its name is drawn. */
  wordOnly?: boolean;
}

/** A button as the action says: its name, icon and key. */
export function ActionButton({ request, className, iconOnly = false, wordOnly = false }: ActionButtonProps) {
  const { run } = useActions();
  const { label, icon, keys }: Pick<Action<never>, 'label' | 'icon' | 'keys'> = actions[request.do];
  const [key] = keys?.keys ?? [];
  const title = key && !key.withCommand ? `${label} (${shownKey(key.key)})` : label;
  return (
    <button
      type="button"
      className={className}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? title : undefined}
      aria-keyshortcuts={key?.withCommand ? `Control+${key.key} Meta+${key.key}` : undefined}
      onClick={() => void run(request)}
    >
      {icon && !wordOnly && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}
