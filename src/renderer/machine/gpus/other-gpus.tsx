import { Fragment } from 'react';
import { type ByteUnits, formatPercent } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { Explained } from '../../ui/overlays/explained.tsx';
import { ExplanationView } from '../explanation-view.tsx';
import { type GpuFacts, gpuExplanation } from './gpu-explanation.ts';
import { temperatureText } from './gpu-words.ts';

interface OtherGpusProps {
  gpus: readonly GpuFacts[];
  /** Whether what was measured is too old to be called current. */
  isStale: boolean;
  units: ByteUnits;
}

/** The GPUs that ComfyUI does not compute on, in a line: they are not what its user looks for. */
export function OtherGpus({ gpus, isStale, units }: OtherGpusProps) {
  if (gpus.length === 0) return null;
  const names = distinctNames(gpus.map(({ named, gpu }) => named.model ?? gpu.name ?? 'GPU'));
  return (
    <p className="other-gpus">
      {t('machine.also_here')}{' '}
      {gpus.map((facts, index) => (
        <Fragment key={facts.named.place}>
          {index > 0 && '; '}
          <Explained explain={() => <ExplanationView {...gpuExplanation(facts, units)} />}>
            {names[index]}
          </Explained>
          {!isStale && figuresText(facts)}
        </Fragment>
      ))}
    </p>
  );
}

function figuresText({ gpu, sample }: GpuFacts): string {
  if (gpu.goneSince !== null) return `, ${t('machine.not_found')}`;
  const load = sample?.loadPercent ?? null;
  return [load === null ? null : formatPercent(load), temperatureText(sample?.temperatureC ?? null)]
    .map((figure) => (figure === null ? '' : `, ${figure}`))
    .join('');
}

/** Names that repeat get numbers. */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    return names.filter((other) => other === name).length > 1 ? `${name} (${earlier + 1})` : name;
  });
}
