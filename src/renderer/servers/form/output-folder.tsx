import { useId } from 'react';
import { useHost } from '../../session/use-host.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import './output-folder.css';
import { t } from '../../../language/t.ts';
import { Text } from '../../ui/language.tsx';

interface OutputFolderProps {
  /** Absolute path; null while it is left to what the server reports. */
  folder: string | null;
  onChange: (folder: string | null) => void;
}

/** Where a server's output files lie on this computer, for servers that do not say or are elsewhere. */
export function OutputFolder({ folder, onChange }: OutputFolderProps) {
  const { ask, busy, failure } = useHost('inline');
  const hint = useId();

  const choose = async () => {
    const reply = await ask('chooseOutputFolder', { current: folder });
    if (reply.ok && reply.value.path !== null) onChange(reply.value.path);
  };
  return (
    <fieldset className="output-folder" aria-describedby={hint}>
      <legend>
        <Text
          id="servers.folder"
          values={{ optional: (words) => <span className="form-optional">{words}</span> }}
        />
      </legend>
      {folder !== null && <code className="output-folder-path">{folder}</code>}
      <div className="output-folder-actions">
        <button
          type="button"
          className="button small"
          aria-disabled={busy || undefined}
          onClick={() => !busy && void choose()}
        >
          <Icon name="folder" />
          {folder === null ? t('servers.folder.choose') : t('servers.folder.change')}
        </button>
        {folder !== null && (
          <button type="button" className="button small" onClick={() => onChange(null)}>
            {t('servers.folder.forget')}
          </button>
        )}
      </div>
      <p className="form-hint" id={hint}>
        {t('servers.folder.hint')}
      </p>
      {failure !== null && (
        <p className="form-failure" role="alert">
          {failure}
        </p>
      )}
    </fieldset>
  );
}
