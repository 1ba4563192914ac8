import { useId, useRef } from 'react';
import { maxLoginHeaders } from '../../../domain/server.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { TextField } from '../../ui/controls/text-field.tsx';
import {
  type DraftErrors,
  emptyHeader,
  type HeaderDraft,
  type LoginKind,
  type ServerDraft,
} from './server-draft.ts';
import './server-login.css';
import './choices.css';
import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';

const kinds: readonly { kind: LoginKind; label: TextKey }[] = [
  { kind: 'none', label: 'servers.login.none' },
  { kind: 'basic', label: 'servers.login.basic' },
  { kind: 'bearer', label: 'servers.login.bearer' },
  { kind: 'header', label: 'servers.login.header' },
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
  /** Whether the value of a header of that name is stored for this server. */
  storedHeader: (name: string) => boolean;
}

/** How we log in to a server or to the proxy in front of it. */
export function ServerLogin({
  draft,
  onChange,
  errors,
  stored,
  keepSecrets,
  focus,
  storedHeader,
}: ServerLoginProps) {
  const group = useId();
  const secret = {
    type: 'password',
    maxLength: 8_192,
    value: draft.secret,
    onChange: (value: string) => onChange({ secret: value }),
    error: errors.secret,
    placeholder: placeholderOf(stored),
    // Browsers would offer the passwords of this page, which has none.
    autoComplete: 'new-password',
    hint: whereKept(keepSecrets),
  };
  return (
    <fieldset className="choices">
      <legend>{t('servers.login')}</legend>
      <div className="choices-grid" data-columns="wide">
        {kinds.map(({ kind, label }) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={group}
              value={kind}
              checked={draft.login === kind}
              // What was typed for one kind means nothing to another.
              onChange={() => onChange({ login: kind, secret: '', headers: withoutValues(draft.headers) })}
            />
            {t(label)}
          </label>
        ))}
      </div>
      {draft.login === 'none' && <p className="form-hint">{t('servers.login.hint')}</p>}
      {draft.login === 'bearer' && <TextField label={t('servers.login.token')} {...secret} focus={focus} />}
      {draft.login === 'basic' && (
        <div className="field-pair">
          <TextField
            label={t('servers.login.user')}
            maxLength={200}
            value={draft.user}
            onChange={(user) => onChange({ user })}
            error={errors.user}
            focus={focus && draft.user === ''}
          />
          <TextField label={t('servers.login.password')} {...secret} focus={focus && draft.user !== ''} />
        </div>
      )}
      {draft.login === 'header' && (
        <LoginHeaders
          draft={draft}
          onChange={(headers) => onChange({ headers })}
          errors={errors.headers ?? []}
          storedOf={(name) => (storedHeader(name) ? stored : 'none')}
          hint={secret.hint}
          focus={focus}
        />
      )}
    </fieldset>
  );
}

interface LoginHeadersProps {
  draft: ServerDraft;
  onChange: (headers: HeaderDraft[]) => void;
  errors: NonNullable<DraftErrors['headers']>;
  storedOf: (name: string) => StoredSecret;
  hint: string;
  focus: boolean;
}

/** The headers of a login, one a line. */
function LoginHeaders({ draft, onChange, errors, storedOf, hint, focus }: LoginHeadersProps) {
  const { headers } = draft;
  const addButton = useRef<HTMLButtonElement>(null);
  const change = (place: number, part: Partial<HeaderDraft>) =>
    onChange(headers.map((header, index) => (index === place ? { ...header, ...part } : header)));
  // The rows are identified by more than their place: it changes when one above is removed.
  const nextId = Math.max(...headers.map(({ id }) => id)) + 1;
  const several = headers.length > 1;
  return (
    <div className="login-headers">
      {headers.map(({ id, name, value }, place) => (
        <fieldset
          className="login-header"
          key={id}
          aria-label={several ? t('servers.login.header.number', { number: place + 1 }) : undefined}
        >
          <TextField
            label={t('servers.login.header.name')}
            maxLength={100}
            value={name}
            onChange={(text) => change(place, { name: text })}
            error={errors[place]?.name}
            placeholder="X-Api-Key"
          />
          <TextField
            label={t('servers.login.header.value')}
            type="password"
            maxLength={8_192}
            value={value}
            onChange={(text) => change(place, { value: text })}
            error={errors[place]?.value}
            placeholder={placeholderOf(storedOf(name))}
            autoComplete="new-password"
            focus={focus && place === 0}
          />
          {several && (
            <button
              type="button"
              className="icon-button"
              aria-label={t('servers.remove.named', {
                name: name.trim() || t('servers.login.header.nameless', { number: place + 1 }),
              })}
              title={t('servers.remove')}
              onClick={() => {
                onChange(headers.filter((_, index) => index !== place));
                // The button that was pressed goes away.
                addButton.current?.focus();
              }}
            >
              <Icon name="cross" />
            </button>
          )}
        </fieldset>
      ))}
      <p className="form-hint">{t('servers.login.header.hint', { kept: hint })}</p>
      <button
        type="button"
        className="button"
        ref={addButton}
        aria-disabled={headers.length >= maxLoginHeaders || undefined}
        onClick={() => headers.length < maxLoginHeaders && onChange([...headers, emptyHeader(nextId)])}
      >
        <Icon name="plus" />
        {t('servers.login.header.add')}
      </button>
    </div>
  );
}

function withoutValues(headers: readonly HeaderDraft[]): HeaderDraft[] {
  return headers.map((header) => ({ ...header, value: '' }));
}

function whereKept(keepSecrets: boolean | null): string {
  if (keepSecrets) return t('servers.login.kept');
  return keepSecrets === false ? t('servers.login.kept.memory') : t('servers.login.kept.unknown');
}

function placeholderOf(stored: StoredSecret): string {
  switch (stored) {
    case 'none':
      return '';
    case 'stored':
      return t('servers.login.stored');
    case 'refused':
      return t('servers.login.refused');
  }
}
