import { memo, useId } from 'react';
import './segmented-control.css';

interface SegmentedControlProps {
  label: string;
  options: readonly { id: string; label: string; name: string }[];
  selected: string;
  onSelect: (id: string) => void;
}

/** One of a few; a radio group that looks like a row of segments. */
export const SegmentedControl = memo(function SegmentedControl(props: SegmentedControlProps) {
  const { label, options, selected, onSelect } = props;
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.id} className="segment">
          <input
            type="radio"
            name={name}
            aria-label={option.name}
            checked={option.id === selected}
            onChange={() => onSelect(option.id)}
          />
          <span aria-hidden="true">{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
});
