import { type ReactNode, useEffect, useId, useState } from 'react';
import { SegmentedControl } from '../ui/controls/segmented-control.tsx';

interface RowProps {
  label: string;
  hint?: ReactNode;
  /** Says why it cannot be changed here, and keeps it from being changed. */
  unavailable?: string | null | undefined;
}

interface SettingRowProps extends RowProps {
  /** The hint says what is wrong. */
  alert?: boolean;
  /** The control names itself. */
  named?: boolean;
  children: (ids: { id: string; labelId: string; hintId: string }) => ReactNode;
}

/** One setting: what it is called, what it does, and what it is changed with. */
export function SettingRow({
  label,
  hint,
  unavailable,
  alert = false,
  named = false,
  children,
}: SettingRowProps) {
  const id = useId();
  const ids = { id, labelId: `${id}-label`, hintId: `${id}-hint` };
  const note = unavailable ?? hint;
  return (
    <div className="setting" data-unavailable={unavailable ? true : undefined}>
      <div className="setting-text">
        {named ? (
          <p id={ids.labelId}>{label}</p>
        ) : (
          <label htmlFor={id} id={ids.labelId}>
            {label}
          </label>
        )}
        <p className="setting-hint" id={ids.hintId} role={alert ? 'alert' : undefined} hidden={!note}>
          {note}
        </p>
      </div>
      <div className="setting-control">{children(ids)}</div>
    </div>
  );
}

interface SwitchRowProps extends RowProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function SwitchRow({ checked, onChange, ...row }: SwitchRowProps) {
  // What cannot be had here is not on here, whatever the settings say for elsewhere.
  const on = checked && !row.unavailable;
  return (
    <SettingRow {...row}>
      {({ id, hintId }) => (
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={on}
          className="switch"
          checked={on}
          disabled={Boolean(row.unavailable)}
          aria-describedby={hintId}
          onChange={(event) => onChange(event.target.checked)}
        />
      )}
    </SettingRow>
  );
}

interface ChoiceRowProps<T extends string> extends RowProps {
  options: readonly { id: T; label: string; name: string }[];
  selected: T;
  onSelect: (id: T) => void;
}

/** One of a few, next to each other. */
export function ChoiceRow<T extends string>({ options, selected, onSelect, ...row }: ChoiceRowProps<T>) {
  return (
    <SettingRow {...row} named>
      {() => (
        <SegmentedControl
          label={row.label}
          options={options}
          selected={selected}
          onSelect={(id) => {
            const option = options.find((candidate) => candidate.id === id);
            if (option) onSelect(option.id);
          }}
        />
      )}
    </SettingRow>
  );
}

interface NumberRowProps extends RowProps {
  value: number;
  min: number;
  max: number;
  unit: string;
  onChange: (value: number) => void;
}

/** A number within bounds; every number that is one applies at once, anything else is said. */
export function NumberRow({ value, ...row }: NumberRowProps) {
  const { min, max, unit, hint } = row;
  const [text, setText] = useState(String(value));
  const usable = readNumber(text, min, max);
  // Changed elsewhere, for example in another window.
  useEffect(() => {
    setText((current) => (readNumber(current, min, max) === value ? current : String(value)));
  }, [value, min, max]);

  return (
    <SettingRow
      {...row}
      hint={usable === null ? `A number from ${min} to ${max.toLocaleString('en')}.` : hint}
      alert={usable === null}
    >
      {({ id, hintId }) => (
        <span className="setting-number">
          <input
            id={id}
            className="input"
            inputMode="numeric"
            autoComplete="off"
            value={text}
            disabled={Boolean(row.unavailable)}
            aria-invalid={usable === null}
            aria-describedby={`${hintId} ${id}-unit`}
            onChange={(event) => {
              setText(event.target.value);
              const next = readNumber(event.target.value, min, max);
              if (next !== null && next !== value) row.onChange(next);
            }}
            onBlur={() => setText(String(value))}
          />
          <span id={`${id}-unit`}>{unit}</span>
        </span>
      )}
    </SettingRow>
  );
}

function readNumber(text: string, min: number, max: number): number | null {
  if (!/^\s*\d+([.,]\d+)?\s*$/.test(text)) return null;
  const value = Number(text.trim().replace(',', '.'));
  return value >= min && value <= max ? value : null;
}

interface LimitRowsProps {
  label: string;
  hint?: string;
  /** What the number is called. */
  limitLabel: string;
  /** Null for no limit. */
  value: number | null;
  /** What it starts with when it is switched on. */
  usual: number;
  min: number;
  max: number;
  unit: string;
  onChange: (value: number | null) => void;
}

/** A limit that can be switched off. */
export function LimitRows({ label, hint, limitLabel, value, usual, onChange, ...number }: LimitRowsProps) {
  // What it was is what it should be when it is switched on again.
  const [last, setLast] = useState(value ?? usual);
  const change = (next: number) => {
    setLast(next);
    onChange(next);
  };
  return (
    <>
      <SwitchRow
        label={label}
        hint={hint}
        checked={value !== null}
        onChange={(on) => onChange(on ? last : null)}
      />
      {value !== null && <NumberRow label={limitLabel} value={value} {...number} onChange={change} />}
    </>
  );
}
