import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import './text-field.css';
import { Text } from '../../ui/language.tsx';

interface TextFieldProps
  extends Pick<
    InputHTMLAttributes<HTMLInputElement>,
    'type' | 'inputMode' | 'maxLength' | 'placeholder' | 'autoComplete'
  > {
  label: string;
  optional?: boolean;
  value: string;
  onChange: (value: string) => void;
  /** What helps to fill it in; gives way to what is wrong. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Gets the focus when its dialog opens. */
  focus?: boolean;
}

/** A labelled line of text, with its hint or what is wrong with it. */
export function TextField({
  label,
  optional = false,
  value,
  onChange,
  hint,
  error,
  focus = false,
  ...rest
}: TextFieldProps) {
  const id = useId();
  const note = useId();
  return (
    <div className="text-field">
      <label htmlFor={id}>
        {optional ? (
          <Text
            id="frame.optional"
            values={{ label, optional: (words) => <span className="form-optional">{words}</span> }}
          />
        ) : (
          label
        )}
      </label>
      <input
        autoComplete="off"
        {...rest}
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        autoCapitalize="none"
        aria-invalid={error !== undefined}
        aria-describedby={error !== undefined || hint ? note : undefined}
        data-focus={focus || undefined}
      />
      {error === undefined ? (
        hint && (
          <p className="form-hint" id={note}>
            {hint}
          </p>
        )
      ) : (
        <p className="form-failure" id={note}>
          {error}
        </p>
      )}
    </div>
  );
}
