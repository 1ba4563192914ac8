import { useId } from 'react';
import { type Server, serverColors } from '../../../domain/server.ts';
import './choices.css';

const names: Record<Server['color'], string> = {
  blue: 'Blue',
  green: 'Green',
  orange: 'Orange',
  purple: 'Purple',
  red: 'Red',
  teal: 'Teal',
  yellow: 'Yellow',
  grey: 'Grey',
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
      <legend>Colour</legend>
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
            {names[candidate]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
