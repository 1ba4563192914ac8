import { useId } from 'react';
import { type Server, serverColors } from '../../../domain/server.ts';
import './choices.css';
import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';

const names: Record<Server['color'], TextKey> = {
  blue: 'servers.color.blue',
  green: 'servers.color.green',
  orange: 'servers.color.orange',
  purple: 'servers.color.purple',
  red: 'servers.color.red',
  teal: 'servers.color.teal',
  yellow: 'servers.color.yellow',
  grey: 'servers.color.grey',
};

interface ColorChoiceProps {
  color: Server['color'];
  onChange: (color: Server['color']) => void;
}

/** The colour a server is marked with, by name. */
export function ColorChoice({ color, onChange }: ColorChoiceProps) {
  const group = useId();
  return (
    <fieldset className="choices">
      <legend>{t('servers.color')}</legend>
      <div className="choices-grid">
        {serverColors.map((candidate) => (
          <label key={candidate} className="choice" data-color={candidate}>
            <input
              type="radio"
              name={group}
              value={candidate}
              checked={candidate === color}
              onChange={() => onChange(candidate)}
            />
            <span className="server-color" aria-hidden="true" />
            {t(names[candidate])}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
