import { type FormEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { serverStateOf } from '../../../domain/monitor-state.ts';
import type { ConnectionProblem, Server } from '../../../domain/server.ts';
import { defaultServerUrl } from '../../../domain/server-address.ts';
import type { FormStart } from '../../session/dialogs-context.ts';
import { usePage, useSession } from '../../session/session-context.tsx';
import { useHost } from '../../session/use-host.ts';
import { FailureNote } from '../../ui/controls/failure-note.tsx';
import { Icon } from '../../ui/controls/icon.tsx';
import { TextField } from '../../ui/controls/text-field.tsx';
import { Modal } from '../../ui/overlays/modal.tsx';
import { useUnsavedInput } from '../../ui/use-unsaved-input.ts';
import { FoundServers } from '../found-servers.tsx';
import { ColorChoice } from './color-choice.tsx';
import { ConnectionReport } from './connection-report.tsx';
import { useFingerprint } from './fingerprint.ts';
import { OutputFolder } from './output-folder.tsx';
import {
  type DraftErrors,
  detailsOf,
  draftErrors,
  draftOf,
  keepsHeader,
  keepsSecret,
  nameOf,
  newDraft,
  reachesAlike,
  type ServerDraft,
} from './server-draft.ts';
import { ServerLogin, type StoredSecret } from './server-login.tsx';
import { TrustedCertificate } from './trusted-certificate.tsx';
import { typedAddress } from './typed-address.ts';
import { useConnectionTest } from './use-connection-test.ts';
import './server-form.css';
import { t } from '../../../language/t.ts';

interface ServerFormProps {
  /** The server to change; null for a new one. */
  serverId: string | null;
  start: FormStart;
  onDone: (serverId: string) => void;
  onClose: () => void;
}

/** Asks for everything about a server. What the host refuses is said here, and what was typed stays. */
export function ServerForm({ serverId, start, onDone, onClose }: ServerFormProps) {
  const { ask, failure, forgetFailure } = useHost('inline');
  const { original, refused } = useOriginal(serverId);
  const { servers } = useSession().monitor.getState();
  const [draft, setDraft] = useState<ServerDraft>(() =>
    original ? firstDraft(original, start) : newDraft(servers.map((state) => state.server)),
  );
  const [errors, setErrors] = useState<DraftErrors>({});
  const [saving, setSaving] = useState(false);
  const keepSecrets = usePage((page) =>
    page.host?.desktop === null ? false : (page.host?.desktop.keepsSecrets ?? null),
  );
  const platform = usePage((page) => page.host?.platform ?? null);
  const opensFiles = usePage((page) => page.host?.desktop != null);
  const fingerprint = useFingerprint(draft.certificate);
  const { test, run, reset } = useConnectionTest();
  const [isTouched, setIsTouched] = useState(false);
  useUnsavedInput(isTouched && !saving);
  const form = useRef<HTMLFormElement>(null);
  const testButton = useRef<HTMLButtonElement>(null);

  const change = (part: Partial<ServerDraft>) => {
    const next = { ...draft, ...part };
    if (!reachesAlike(next, draft)) reset();
    setDraft(next);
    setIsTouched(true);
    setErrors((before) => withoutFields(before, part));
    forgetFailure();
  };

  /** True if nothing is plainly wrong; else says what, at the field. */
  const checked = (): boolean => {
    const found = draftErrors(draft, original);
    // The fields have to be marked before the first one can be gone to.
    flushSync(() => setErrors(found));
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    return Object.keys(found).length === 0;
  };

  const runTest = (tested: ServerDraft) =>
    run({ serverId, url: tested.url.trim(), details: detailsOf(tested, original) });

  const trust = (certificate: string | null) => {
    const next = { ...draft, certificate };
    setDraft(next);
    if (certificate === null) reset();
    else runTest(next);
    // The button that was pressed goes away.
    testButton.current?.focus();
  };

  const save = async () => {
    setSaving(true);
    const url = draft.url.trim();
    const details = detailsOf(draft, original);
    if (serverId === null) {
      const added = await ask('addServer', { url, name: draft.name.trim() || null, details });
      if (added.ok) return onDone(added.value.serverId);
    } else {
      const changed = await ask('changeServer', { serverId, url, name: nameOf(draft) ?? undefined, details });
      if (changed.ok) return onDone(serverId);
    }
    setSaving(false);
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!saving && checked()) void save();
  };

  const testAtOnce = useRef(start === 'test');
  useEffect(() => {
    if (!testAtOnce.current || !original) return;
    testAtOnce.current = false;
    const tested = draftOf(original);
    run({ serverId, url: tested.url, details: detailsOf(tested, original) });
  }, [original, run, serverId]);

  const stored: StoredSecret = keepsSecret(draft, original) ? (refused ? 'refused' : 'stored') : 'none';
  const testing = test.stage === 'running';
  const address = typedAddress(draft.url);
  return (
    <Modal
      title={original ? t('servers.form.edit', { name: original.name }) : t('servers.form.add')}
      onClose={onClose}
    >
      {serverId === null && <FoundServers onAdded={onDone} />}
      <form className="form server-form" noValidate ref={form} onSubmit={onSubmit}>
        <TextField
          label={t('servers.fact.address')}
          type="text"
          inputMode="url"
          maxLength={2_048}
          value={draft.url}
          onChange={(url) => change({ url })}
          error={errors.url}
          placeholder={defaultServerUrl}
          hint={
            isOther(address, draft.url)
              ? t('servers.form.connects', { address: `${address}` })
              : t('servers.form.address.hint')
          }
          focus={start === 'address'}
        />
        <TextField
          label={t('servers.form.name')}
          optional
          maxLength={80}
          value={draft.name}
          onChange={(name) => change({ name })}
          placeholder={t('servers.form.name.example')}
        />
        <ColorChoice color={draft.color} onChange={(color) => change({ color })} />
        <ServerLogin
          draft={draft}
          onChange={change}
          errors={errors}
          stored={stored}
          keepSecrets={keepSecrets}
          focus={start === 'login'}
          storedHeader={(name) => keepsHeader(draft, original, name)}
        />
        {draft.certificate !== null && (
          <TrustedCertificate fingerprint={fingerprint} onStop={() => trust(null)} />
        )}
        {opensFiles && (
          <OutputFolder
            folder={draft.outputFolder}
            // What was typed while the system's dialog was open stays.
            onChange={(outputFolder) => setDraft((now) => ({ ...now, outputFolder }))}
          />
        )}
        <div className="test">
          <button
            type="button"
            className="button"
            ref={testButton}
            aria-disabled={testing || undefined}
            data-focus={start === 'test' || undefined}
            onClick={() => !testing && checked() && runTest(draft)}
          >
            <Icon name="retry" />
            {testing ? t('servers.form.testing') : t('servers.form.test')}
          </button>
          <ConnectionReport
            test={test}
            url={address ?? draft.url.trim()}
            platform={platform}
            trusted={draft.certificate}
            onTrust={trust}
          />
        </div>
        <FailureNote failure={failure} />
        <footer className="modal-foot">
          <button type="button" className="button" onClick={onClose}>
            {t('servers.cancel')}
          </button>
          <button type="submit" className="button primary" aria-disabled={saving || undefined}>
            {original ? t('servers.form.save') : t('servers.form.add.button')}
          </button>
        </footer>
      </form>
    </Modal>
  );
}

/** True if more is made of an address than was typed, for example by adding the port. */
function isOther(address: string | null, typed: string): boolean {
  return address !== null && address !== typed.trim().replace(/\/+$/, '');
}

/** A user who comes here to log in should find the fields for it. */
function firstDraft(server: Server, start: FormStart): ServerDraft {
  const draft = draftOf(server);
  return start === 'login' && draft.login === 'none' ? { ...draft, login: 'basic' } : draft;
}

interface Original {
  original: Server | null;
  /** Its login was not accepted, or there is none any more. */
  refused: boolean;
}

/** The server as it was when the form was opened: events must not change what is being typed. */
function useOriginal(serverId: string | null): Original {
  const { monitor } = useSession();
  const [opened] = useState(() => {
    const state = serverStateOf(monitor.getState(), serverId ?? '');
    const { connection } = state ?? {};
    return {
      original: state?.server ?? null,
      refused: connection !== undefined && 'problem' in connection && isLogin(connection.problem.kind),
    };
  });
  return opened;
}

function isLogin(kind: ConnectionProblem['kind']): boolean {
  return kind === 'unauthorized' || kind === 'login';
}

/** A field that is being corrected is not called wrong any more. */
function withoutFields(errors: DraftErrors, corrected: Partial<ServerDraft>): DraftErrors {
  const rest = Object.entries(errors).filter(([field]) => !(field in corrected));
  return Object.fromEntries(rest);
}
