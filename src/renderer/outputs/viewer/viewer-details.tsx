import type { ReactNode } from 'react';
import { outputName } from '../../../domain/outputs/executed-output.ts';
import { formatBytes } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { CopyButton } from '../../ui/controls/copy-button.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useUnits } from '../../ui/units.ts';
import { missingPromptText } from './missing-prompt-text.ts';
import type { DetailsState } from './use-output-details.ts';
import type { ViewerItem } from './viewer-item.ts';

export interface PixelSize {
  width: number;
  height: number;
}

interface ViewerDetailsProps {
  item: ViewerItem;
  /** What its node is called; null if the job does not say. */
  node: string | null;
  /** Null while it is not known, and for what has none. */
  size: PixelSize | null;
  state: DetailsState;
}

/** What is known about an output: its file, its job, and how it came about. */
export function ViewerDetails({ item, node, size, state }: ViewerDetailsProps) {
  const { output, title } = item;
  const { file } = output;
  const units = useUnits();
  const details = state.phase === 'known' ? state.details : null;
  const parameters = details?.parameters ?? null;
  const prompt = parameters?.prompt ?? null;
  return (
    <aside className="viewer-details" aria-label={t('outputs.viewer.details')}>
      <dl>
        {file && <Fact name={t('outputs.fact.file')}>{outputName(output)}</Fact>}
        {file?.subfolder && <Fact name={t('outputs.fact.folder')}>{file.subfolder}</Fact>}
        {size && (
          <Fact name={t('outputs.fact.size')}>
            {t('outputs.fact.pixels', { width: String(size.width), height: String(size.height) })}
          </Fact>
        )}
        {details?.bytes != null && (
          <Fact name={t('outputs.fact.bytes')}>{formatBytes(details.bytes, units)}</Fact>
        )}
        <Fact name={t('outputs.fact.job')}>{title}</Fact>
        {output.at > 0 && (
          <Fact name={t('outputs.fact.seen')}>
            <TimeAgo at={output.at} />
          </Fact>
        )}
        <Fact name={t('outputs.fact.node')}>{node ?? parameters?.node ?? output.nodeId}</Fact>
        {parameters?.model && <Fact name={t('outputs.fact.model')}>{parameters.model}</Fact>}
        {parameters?.seed && <Fact name={t('outputs.fact.seed')}>{parameters.seed}</Fact>}
        {parameters?.steps != null && <Fact name={t('outputs.fact.steps')}>{parameters.steps}</Fact>}
      </dl>
      {prompt !== null && (
        <section className="viewer-prompt" aria-label={t('outputs.prompt.text')}>
          <header>
            <h3>{t('outputs.prompt')}</h3>
            <CopyButton text={prompt} label={t('outputs.copy.prompt')} />
          </header>
          <p>{prompt}</p>
        </section>
      )}
      {state.phase === 'failed' && <p className="viewer-note">{state.message}</p>}
      {details?.untold && <p className="viewer-note">{missingPromptText(details.untold)}</p>}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="viewer-fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
