import { useId } from 'react';
import { useHost } from '../../session/use-host.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import './output-folder.css';

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
        Output folder <span className="form-optional">(optional)</span>
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
          {folder === null ? 'Choose folder…' : 'Change…'}
        </button>
        {folder !== null && (
          <button type="button" className="button small" onClick={() => onChange(null)}>
            Forget it
          </button>
        )}
      </div>
      <p className="form-hint" id={hint}>
        Opens the original files instead of copies: for a server whose output is on a shared drive, or in a
        folder of this computer that the monitor does not find by itself.
      </p>
      {failure !== null && (
        <p className="form-failure" role="alert">
          {failure}
        </p>
      )}
    </fieldset>
  );
}
