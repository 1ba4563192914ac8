import { t } from '../../../language/t.ts';
import { goTo } from './go-to.ts';
import './skip-links.css';

/** The first things the keyboard reaches: past the bar and the list of servers, to what the page is for. */
export function SkipLinks() {
  return (
    <nav className="skip-links" aria-label={t('frame.skip')}>
      <button type="button" onClick={() => goTo('.running, main')}>
        {t('frame.skip.running')}
      </button>
      <button type="button" onClick={() => goTo('.gallery, main')}>
        {t('frame.skip.outputs')}
      </button>
    </nav>
  );
}
