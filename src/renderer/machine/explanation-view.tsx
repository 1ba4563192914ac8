import './explanation-view.css';
import { t } from '../../language/t.ts';
import { type Explanation, sourceText } from './source-words.ts';

/** Where figures come from, which are not known and why, and what they mean. */
export function ExplanationView({ title, sourced, missing, notes }: Explanation) {
  return (
    <div className="explanation-text">
      {title !== null && <b>{title}</b>}
      {sourced.map(({ source, figures }) => (
        <div key={source}>
          <p className="explanation-source">{sourceText(source)}</p>
          <dl>
            {figures.map(({ name, value }) => (
              <div key={name}>
                <dt>{name} </dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      {missing.length > 0 && (
        <div>
          <p className="explanation-source">{t('machine.unmeasured')}</p>
          <dl>
            {missing.map(({ name, reason }) => (
              <div key={name}>
                <dt>{name} </dt>
                <dd>{reason}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
