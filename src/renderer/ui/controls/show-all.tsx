import './show-all.css';
import { t } from '../../../language/t.ts';

interface ShowAllProps {
  total: number;
  atFirst: number;
  all: boolean;
  /** There are more than we keep: these are only the last ones. */
  capped?: boolean;
  onChange: (all: boolean) => void;
}

/** Unfolds a long list, and folds it again; nothing for a short one. */
export function ShowAll({ total, atFirst, all, capped = false, onChange }: ShowAllProps) {
  if (total <= atFirst) return null;
  return (
    <button type="button" className="show-all" aria-expanded={all} onClick={() => onChange(!all)}>
      {all
        ? t('frame.show_fewer')
        : capped
          ? t('frame.show_last', { count: total })
          : t('frame.show_all', { count: total })}
    </button>
  );
}
