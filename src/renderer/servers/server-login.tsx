import { useId } from 'react';
import { TextField } from '../ui/text-field.tsx';
import type { DraftErrors, LoginKind, ServerDraft } from './server-draft.ts';

const kinds: readonly { kind: LoginKind; label: string }[] = [
  { kind: 'none', label: 'None' },
  { kind: 'basic', label: 'User and password' },
  { kind: 'bearer', label: 'Bearer token' },
  { kind: 'header', label: 'Custom header' },
];

/** What is known of the stored secret: that it is there for this login, or that it was refused. */
export type StoredSecret = 'none' | 'stored' | 'refused';

interface ServerLoginProps {
  draft: ServerDraft;
  onChange: (change: Partial<ServerDraft>) => void;
  errors: DraftErrors;
  stored: StoredSecret;
  /** Whether the host keeps secrets longer than it runs; null while that is not known. */
  keepSecrets: boolean | null;
  focus: boolean;
}

/** How we log in to a server or to the proxy in front of it. */
export function ServerLogin({ draft, onChange, errors, stored, keepSecrets, focus }: ServerLoginProps) {
  const group = useId();
  const secret = {
    type: 'password',
    maxLength: 8_192,
    value: draft.secret,
    onChange: (value: string) => onChange({ secret: value }),
    error: errors.secret,
    placeholder: placeholders[stored],
    // Browsers would offer the passwords of this page, which has none.
    autoComplete: 'new-password',
    hint: `${whereKept(keepSecrets)}, and sent to this server only.`,
  };
  return (
    <fieldset className="choices">
      <legend>Login</legend>
      <div className="choices-grid" data-columns="wide">
        {kinds.map(({ kind, label }) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={group}
              value={kind}
              checked={draft.login === kind}
              // What was typed for one kind means nothing to another.
              onChange={() => onChange({ login: kind, secret: '' })}
            />
            {label}
          </label>
        ))}
      </div>
      {draft.login === 'none' && (
        <p className="form-hint">For a server behind a login of its own or a proxy with a password.</p>
      )}
      {draft.login === 'bearer' && <TextField label="Token" {...secret} focus={focus} />}
      {draft.login === 'basic' && (
        <div className="field-pair">
          <TextField
            label="User"
            maxLength={200}
            value={draft.user}
            onChange={(user) => onChange({ user })}
            error={errors.user}
            focus={focus && draft.user === ''}
          />
          <TextField label="Password" {...secret} focus={focus && draft.user !== ''} />
        </div>
      )}
      {draft.login === 'header' && (
        <div className="field-pair">
          <TextField
            label="Header"
            maxLength={100}
            value={draft.headerName}
            onChange={(headerName) => onChange({ headerName })}
            error={errors.headerName}
            placeholder="X-Api-Key"
          />
          <TextField label="Value" {...secret} focus={focus} />
        </div>
      )}
    </fieldset>
  );
}

function whereKept(keepSecrets: boolean | null): string {
  if (keepSecrets) return 'Kept in the key store of this system';
  const inMemory = 'only until the monitor ends';
  return keepSecrets === false
    ? `Kept ${inMemory}`
    : `Kept in the key store of this system if it has one, else ${inMemory}`;
}

const placeholders: Record<StoredSecret, string> = {
  none: '',
  stored: 'Stored – leave empty to keep',
  refused: 'Not accepted – enter it again',
};
