import type { ReactNode } from 'react';
import { outputName } from '../../../domain/outputs/executed-output.ts';
import { formatBytes } from '../../../domain/text/format.ts';
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
    <aside className="viewer-details" aria-label="Details">
      <dl>
        {file && <Fact name="File">{outputName(output)}</Fact>}
        {file?.subfolder && <Fact name="Folder">{file.subfolder}</Fact>}
        {size && <Fact name="Size">{`${size.width} × ${size.height} pixels`}</Fact>}
        {details?.bytes != null && <Fact name="File size">{formatBytes(details.bytes, units)}</Fact>}
        <Fact name="Job">{title}</Fact>
        {output.at > 0 && (
          <Fact name="Seen">
            <TimeAgo at={output.at} />
          </Fact>
        )}
        <Fact name="Node">{node ?? parameters?.node ?? output.nodeId}</Fact>
        {parameters?.model && <Fact name="Model">{parameters.model}</Fact>}
        {parameters?.seed && <Fact name="Seed">{parameters.seed}</Fact>}
        {parameters?.steps != null && <Fact name="Steps">{parameters.steps}</Fact>}
      </dl>
      {prompt !== null && (
        <section className="viewer-prompt" aria-label="Prompt text">
          <header>
            <h3>Prompt</h3>
            <CopyButton text={prompt} label="Copy prompt text" />
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
