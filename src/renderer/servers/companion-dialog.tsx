import { useEffect, useRef, useState } from 'react';
import type { CompanionStanding } from '../../domain/companion.ts';
import { useHost } from '../session/use-host.ts';
import { FailureNote } from '../ui/controls/failure-note.tsx';
import { Icon } from '../ui/controls/icon.tsx';
import { Modal } from '../ui/overlays/modal.tsx';
import './companion-dialog.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

/** Where the installation stands. A refusal keeps the place, so that it can be tried again. */
export type InstallStage =
  | { stage: 'looking' }
  | { stage: 'unplaced'; reason: string }
  | { stage: 'placed'; path: string; failure: string | null }
  | { stage: 'installing'; path: string }
  | { stage: 'installed'; path: string };

interface CompanionDialogProps {
  serverId: string;
  serverName: string;
  standing: CompanionStanding;
  onClose: () => void;
}

/** Puts the companion node into a server's ComfyUI, after showing where it goes. */
export function CompanionDialog({ serverId, serverName, standing, onClose }: CompanionDialogProps) {
  const { ask } = useHost('inline');
  const [stage, setStage] = useState<InstallStage>({ stage: 'looking' });
  useEffect(() => {
    let over = false;
    void ask('findCompanionPlace', { serverId }).then((reply) => {
      if (over) return;
      if (!reply.ok) setStage({ stage: 'unplaced', reason: reply.failure });
      else if (!reply.value.ok) setStage({ stage: 'unplaced', reason: reply.value.reason });
      else setStage({ stage: 'placed', path: reply.value.path, failure: null });
    });
    return () => {
      over = true;
    };
  }, [ask, serverId]);

  const install = async (path: string) => {
    setStage({ stage: 'installing', path });
    const reply = await ask('installCompanion', { serverId, path });
    setStage(reply.ok ? { stage: 'installed', path } : { stage: 'placed', path, failure: reply.failure });
  };
  return (
    <CompanionInstallation
      serverName={serverName}
      update={standing === 'outdated'}
      stage={stage}
      onInstall={(path) => void install(path)}
      onClose={onClose}
    />
  );
}

interface CompanionInstallationProps {
  serverName: string;
  /** An older one is there. */
  update: boolean;
  stage: InstallStage;
  onInstall: (path: string) => void;
  onClose: () => void;
}

function CompanionInstallation(props: CompanionInstallationProps) {
  const { serverName, update, stage, onInstall, onClose } = props;
  const verb = update ? t('servers.companion.update') : t('servers.companion.install');
  const close = useRef<HTMLButtonElement>(null);
  const installed = stage.stage === 'installed';
  useEffect(() => {
    // The button that was pressed has gone.
    if (installed) close.current?.focus();
  }, [installed]);
  const path = 'path' in stage ? stage.path : null;
  return (
    <Modal
      title={update ? t('servers.companion.update.title') : t('servers.companion.install.title')}
      onClose={onClose}
    >
      <div className="companion">
        <p>{t('servers.companion.about')}</p>
        <div role="status" className="companion-stage">
          {stage.stage === 'looking' && <p>{t('servers.companion.looking', { server: serverName })}</p>}
          {stage.stage === 'unplaced' && <ByHand reason={stage.reason} />}
          {path !== null && (
            <>
              <p>{installed ? t('servers.companion.copied') : t('servers.companion.will_write')}</p>
              <code className="companion-path">{path}</code>
            </>
          )}
          {installed && (
            <p className="companion-done">
              <Icon name="check" />
              <span>
                <Text id="servers.companion.done" values={{ b: (words) => <b>{words}</b> }} />
              </span>
            </p>
          )}
        </div>
        {stage.stage === 'placed' && <FailureNote failure={stage.failure} />}
      </div>
      <footer className="modal-foot">
        {stage.stage === 'placed' || stage.stage === 'installing' ? (
          <>
            <button type="button" className="button" onClick={onClose}>
              {t('servers.cancel')}
            </button>
            <button
              type="button"
              className="button primary"
              aria-disabled={stage.stage === 'installing' || undefined}
              onClick={() => stage.stage === 'placed' && onInstall(stage.path)}
            >
              {stage.stage === 'installing' ? t('servers.companion.copying') : verb}
            </button>
          </>
        ) : (
          <button type="button" className="button" ref={close} onClick={onClose}>
            {t('servers.close')}
          </button>
        )}
      </footer>
    </Modal>
  );
}

const folder = 'companion/comfy_monitor_companion';

function ByHand({ reason }: { reason: string }) {
  return (
    <>
      <p className="companion-reason">{reason}</p>
      <ol className="companion-steps">
        <li>
          <Text
            id="servers.companion.by_hand"
            values={{ folder: <code>{folder}</code>, nodes: <code>custom_nodes</code> }}
          />
        </li>
        <li>{t('servers.companion.restart')}</li>
      </ol>
    </>
  );
}
