import { type ReactNode, useCallback, useEffect, useId, useState } from 'react';
import { formatWhole } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
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

interface SelectRowProps<T extends string> extends RowProps {
  options: readonly { id: T; label: string; lang?: string }[];
  selected: T;
  onSelect: (id: T) => void;
}

/** One of several, in a list that opens. */
export function SelectRow<T extends string>({ options, selected, onSelect, ...row }: SelectRowProps<T>) {
  return (
    <SettingRow {...row}>
      {({ id, hintId }) => (
        <select
          id={id}
          className="input"
          value={selected}
          disabled={Boolean(row.unavailable)}
          aria-describedby={hintId}
          onChange={(event) => {
            const option = options.find((candidate) => candidate.id === event.target.value);
            if (option) onSelect(option.id);
          }}
        >
          {options.map(({ id: value, label, lang }) => (
            <option key={value} value={value} lang={lang}>
              {label}
            </option>
          ))}
        </select>
      )}
    </SettingRow>
  );
}

interface NumberFieldProps<T extends number | null> extends RowProps {
  value: T;
  min: number;
  max: number;
  unit: string;
  onChange: (value: T) => void;
  /** What a text means; undefined for nothing that can be used. */
  read: (text: string) => T | undefined;
  placeholder?: string;
}

/** Every text that can be used applies at once, anything else is said. */
function NumberField<T extends number | null>({ value, read, placeholder, ...row }: NumberFieldProps<T>) {
  const { min, max, unit, hint } = row;
  const written = value === null ? '' : String(value);
  const [text, setText] = useState(written);
  const isUsable = read(text) !== undefined;
  // Changed elsewhere, for example in another window.
  useEffect(() => {
    setText((current) => (read(current) === value ? current : written));
  }, [value, written, read]);

  return (
    <SettingRow
      {...row}
      hint={isUsable ? hint : t('settings.number.range', { min: formatWhole(min), max: formatWhole(max) })}
      alert={!isUsable}
    >
      {({ id, hintId }) => (
        <span className="setting-number">
          <input
            id={id}
            className="input"
            inputMode="numeric"
            autoComplete="off"
            placeholder={placeholder}
            value={text}
            disabled={Boolean(row.unavailable)}
            aria-invalid={!isUsable}
            aria-describedby={`${hintId} ${id}-unit`}
            onChange={(event) => {
              setText(event.target.value);
              const next = read(event.target.value);
              if (next !== undefined && next !== value) row.onChange(next);
            }}
            onBlur={() => setText(written)}
          />
          <span id={`${id}-unit`}>{unit}</span>
        </span>
      )}
    </SettingRow>
  );
}

type NumberRowProps<T extends number | null> = Omit<NumberFieldProps<T>, 'read' | 'placeholder'>;

/** A number within bounds. */
export function NumberRow(props: NumberRowProps<number>) {
  const { min, max } = props;
  const read = useCallback((text: string) => readNumber(text, min, max), [min, max]);
  return <NumberField {...props} read={read} />;
}

/** A number within bounds, or none: then the field is empty, and says in a word or two what holds instead. */
export function OptionalNumberRow(props: NumberRowProps<number | null> & { placeholder: string }) {
  const { min, max } = props;
  const read = useCallback(
    (text: string) => (text.trim() === '' ? null : readNumber(text, min, max)),
    [min, max],
  );
  return <NumberField {...props} read={read} />;
}

function readNumber(text: string, min: number, max: number): number | undefined {
  if (!/^\s*\d+([.,]\d+)?\s*$/.test(text)) return undefined;
  const value = Number(text.trim().replace(',', '.'));
  return value >= min && value <= max ? value : undefined;
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
