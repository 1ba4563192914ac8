import { useCallback, useEffect, useMemo, useState } from 'react';
import { actions } from '../../../contract/actions/actions.ts';
import { mediaUrl } from '../../../contract/media-url.ts';
import type { OpenResult } from '../../../contract/output-details.ts';
import { fileExtension, type MediaFile, shownName } from '../../../domain/outputs/executed-output.ts';
import { laterFiles } from '../../../domain/outputs/overwritten.ts';
import { browserAddress } from '../../../domain/server-address.ts';
import { t } from '../../../language/t.ts';
import { usePage, useServer } from '../../session/session-context.tsx';
import { type Reply, useHost } from '../../session/use-host.ts';
import { useOpenOutput } from '../../session/use-open-output.ts';
import type { MenuItem } from '../../ui/overlays/menu.tsx';
import { useSay } from '../../ui/overlays/messages.tsx';
import { shortcutText } from '../../ui/shortcut-text.ts';
import type { Selection } from '../output-groups.ts';
import { noPromptText } from '../viewer/missing-prompt-text.ts';
import { copyImageAt } from './copy-image.ts';

type FileCall = 'revealOutput' | 'saveOutputAs' | 'copyOutputImage';

/** Formats into which ComfyUI writes the prompt. */
const embedding = new Set(['png', 'apng', 'webp']);

/**
 * Gives what the context menu of an output offers, in groups. What this host cannot do, or what makes no
 * sense for this output, is left out.
 */
export function useOutputMenu(
  serverId: string,
  selection: Selection,
  onView: (() => void) | null,
): MenuItem[][] {
  const { ask, attempt } = useHost();
  const host = usePage((page) => page.host);
  const server = useServer(serverId, (state) => state.server, null);
  const open = useOpenOutput(serverId);
  const say = useSay();
  const path = useOriginalPath(serverId, selection);
  const { promptId: by, output: chosen } = selection;
  const overwritten = useServer(
    serverId,
    (state) => chosen.file !== null && laterFiles(state).isOverwritten(by, chosen.file),
    false,
  );

  const copyText = useCallback(
    (text: string, done: string) => {
      navigator.clipboard.writeText(text).then(
        () => say(done),
        () => say(t('outputs.copy.failed')),
      );
    },
    [say],
  );

  return useMemo(() => {
    if (!host) return [];
    const { promptId, output } = selection;
    const { file } = output;
    const view: MenuItem[] = onView ? [{ label: t('outputs.view'), icon: 'eye', run: onView }] : [];
    if (!file)
      return [
        view,
        [
          {
            label: t('outputs.copy.text'),
            icon: 'copy',
            run: () => copyText(output.text ?? '', t('outputs.copy.text.done')),
          },
        ],
      ];
    const isDesktop = host.desktop !== null;
    const pasteKeys = shortcutText('CommandOrControl+V', host.platform);
    const address = mediaUrl(host.mediaBase, serverId, { file, promptId, at: output.at });
    const report = (reply: Reply<OpenResult>, done: string | null) => {
      const words = reply.ok ? reportText(reply.value, done) : null;
      if (words !== null) say(words);
    };
    const askFor = (name: FileCall, done: string | null) => async () =>
      report(await ask(name, { serverId, promptId, file }), done);
    const copyInPage = () => {
      copyImageAt(address).then(
        () => say(t('outputs.copy.image.done')),
        () => say(t('outputs.copy.image.failed', { filename: shownName(file) })),
      );
    };
    const copyPrompt = async () => {
      const reply = await ask('outputDetails', { serverId, promptId, file, nodeId: output.nodeId });
      if (!reply.ok) return;
      const { parameters, untold } = reply.value;
      if (parameters?.prompt) copyText(parameters.prompt, t('outputs.copy.prompt.done'));
      else say(noPromptText(shownName(file), untold));
    };
    const openServer = async () => {
      if (!server) return;
      if (isDesktop) report(await ask('openServerPage', { serverId }), null);
      else {
        const page = browserAddress(server.url, (text) => URL.parse(text));
        if (page === null) say(t('actions.open_server.obstacle'));
        else window.open(page, '_blank', 'noopener,noreferrer');
      }
    };
    const openWorkflow = async () => {
      const reply = await ask('outputWorkflow', { serverId, promptId, file });
      if (!reply.ok) return;
      const { workflow, message } = reply.value;
      // Browsers let a page open another one only for a few seconds after a click.
      const mayOpen = isDesktop || navigator.userActivation?.isActive !== false;
      // First: once ComfyUI's page is in front, this one may not write to the clipboard any more.
      const copied = workflow !== null && (await isCopied(workflow));
      if (workflow === null) say(message ?? t('outputs.workflow.unknown', { filename: shownName(file) }));
      else if (!copied) say(t('outputs.copy.failed'));
      else if (mayOpen) say(t('outputs.workflow.press', { keys: pasteKeys }));
      else say(t('outputs.workflow.open', { keys: pasteKeys }));
      if (mayOpen) await openServer();
    };
    const isImage = output.kind === 'image';
    return [
      [
        ...view,
        {
          label: t(isDesktop ? 'outputs.open' : 'outputs.open.tab'),
          icon: 'open',
          run: () => open(promptId, output),
        },
        ...item(isDesktop, {
          label: actions.reveal_output.label,
          icon: 'folder',
          run: askFor('revealOutput', null),
        }),
        {
          label: t(isDesktop ? 'outputs.save_as' : 'outputs.save'),
          icon: 'save',
          run: isDesktop
            ? askFor('saveOutputAs', t('outputs.saved', { filename: shownName(file) }))
            : () => downloadAt(address, file),
        },
      ],
      [
        ...item(isImage, {
          label: t('outputs.copy.image'),
          icon: 'copy',
          run: isDesktop ? askFor('copyOutputImage', t('outputs.copy.image.done')) : copyInPage,
        }),
        ...item(path !== null, {
          label: t('outputs.copy.path'),
          icon: 'path',
          run: () => copyText(path ?? '', t('outputs.copy.path.done')),
        }),
        ...item(embedding.has(fileExtension(file.filename)) && !overwritten, {
          label: t('outputs.copy.prompt'),
          icon: 'lines',
          run: copyPrompt,
        }),
      ],
      item(server !== null && !server.demo, {
        label: t('outputs.workflow'),
        icon: 'server',
        hint: t('outputs.workflow.hint', { keys: pasteKeys }),
        run: () => void attempt(openWorkflow()),
      }),
    ];
  }, [ask, attempt, host, server, selection, serverId, path, overwritten, open, onView, say, copyText]);
}

function isCopied(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function item(isOffered: boolean, entry: MenuItem): MenuItem[] {
  return isOffered ? [entry] : [];
}

/** Why something was not done, or that it was; null if people themselves decided against it. */
function reportText({ opened, message }: OpenResult, done: string | null): string | null {
  return opened ? done : message;
}

/** Where the original lies on this computer, as soon as the host has proven it. */
function useOriginalPath(serverId: string, { promptId, output: { file } }: Selection): string | null {
  const { ask } = useHost('ignored');
  const isDesktop = usePage((page) => page.host?.desktop != null);
  const [found, setFound] = useState<{ file: MediaFile; path: string | null } | null>(null);
  useEffect(() => {
    if (!isDesktop || file?.type !== 'output') return;
    let wanted = true;
    void ask('outputPath', { serverId, promptId, file }).then((reply) => {
      // Without an answer it is not offered.
      if (wanted && reply.ok) setFound({ file, path: reply.value.path });
    });
    return () => {
      wanted = false;
    };
  }, [ask, isDesktop, serverId, promptId, file]);
  return found !== null && found.file === file ? found.path : null;
}

function downloadAt(address: string, file: MediaFile): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = file.filename;
  link.click();
}
