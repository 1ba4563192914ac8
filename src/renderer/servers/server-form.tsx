import { type FormEvent, useId, useState } from 'react';
import { useBridge } from '../bridge/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { Modal } from '../ui/modal.tsx';

interface ServerFormProps {
  /** The address to start from; empty for a new server. */
  url: string;
  /** A server that the new one takes the place of, when its address is changed. */
  replaces: string | null;
  onDone: (serverId: string) => void;
  onClose: () => void;
}

/** Asks for a server's address and name. Refusals of the host are shown beside the field. */
export function ServerForm({ url, replaces, onDone, onClose }: ServerFormProps) {
  const bridge = useBridge();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = { address: useId(), name: useId(), hint: useId(), failure: useId() };

  const submit = async (form: FormData) => {
    setBusy(true);
    setFailure(null);
    try {
      const name = String(form.get('name') ?? '').trim();
      const { serverId } = await bridge.call('addServer', {
        url: String(form.get('url') ?? '').trim(),
        name: name === '' ? null : name,
      });
      if (replaces !== null) await bridge.call('removeServer', { serverId: replaces });
      onDone(serverId);
    } catch (cause) {
      setFailure(failureText(cause));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void submit(new FormData(event.currentTarget));
  };

  return (
    <Modal title={replaces === null ? 'Add a server' : 'Change the address'} onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <label htmlFor={ids.address}>Address</label>
        <input
          id={ids.address}
          name="url"
          type="text"
          inputMode="url"
          required
          maxLength={2048}
          defaultValue={url}
          placeholder="http://127.0.0.1:8188"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={failure !== null}
          aria-describedby={failure === null ? ids.hint : ids.failure}
        />
        {failure === null ? (
          <p className="form-hint" id={ids.hint}>
            What you type into the browser to open ComfyUI. The ComfyUI desktop app uses port 8000.
          </p>
        ) : (
          <p className="form-failure" id={ids.failure} role="alert">
            {failure}
          </p>
        )}
        <label htmlFor={ids.name}>
          Name <span className="form-optional">(optional)</span>
        </label>
        <input
          id={ids.name}
          name="name"
          type="text"
          maxLength={80}
          autoComplete="off"
          placeholder="Studio PC"
        />
        <footer className="modal-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {replaces === null ? 'Add server' : 'Change'}
          </button>
        </footer>
      </form>
    </Modal>
  );
}
