import { t } from '../../../language/t.ts';
import './waiting-outputs.css';

/** Says that new outputs wait, and brings them in. It covers nothing that can be pointed at, and moves nothing. */
export function WaitingOutputs({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="waiting-outputs">
      {count > 0 && (
        <button
          type="button"
          className="button small primary"
          aria-label={t('outputs.new.show', { count })}
          onClick={onShow}
        >
          {t('outputs.new', { count })}
        </button>
      )}
      {/* Without the number: it would be read with each further one. */}
      <span className="visually-hidden" role="status">
        {count > 0 && t('outputs.new.wait')}
      </span>
    </div>
  );
}
