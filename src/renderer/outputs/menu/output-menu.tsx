import { outputName } from '../../../domain/outputs/executed-output.ts';
import { Menu } from '../../ui/overlays/menu.tsx';
import type { Selection } from '../output-groups.ts';
import { useOutputMenu } from './use-output-menu.ts';

interface OutputMenuProps {
  serverId: string;
  selection: Selection;
  at: { x: number; y: number };
  /** Shows the output in the viewer; null where it is shown already. */
  onView: (() => void) | null;
  onClose: () => void;
  within?: Element | null;
}

/** The context menu of an output. */
export function OutputMenu({ serverId, selection, at, onView, onClose, within = null }: OutputMenuProps) {
  const groups = useOutputMenu(serverId, selection, onView);
  return (
    <Menu label={outputName(selection.output)} at={at} groups={groups} onClose={onClose} within={within} />
  );
}
