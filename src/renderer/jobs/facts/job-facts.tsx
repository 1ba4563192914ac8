import { type ReactNode, useState } from 'react';
import type { JobParameters, PromptWords } from '../../../domain/jobs/job-parameters.ts';
import { formatDecimal } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { CopyButton } from '../../ui/controls/copy-button.tsx';
import { Icon } from '../../ui/controls/icon.tsx';
import { batchText, factsOf, modelText, samplerText, sizeText, wordsText } from './facts-text.ts';
import './job-facts.css';

/**
 * What a prompt is made with in one line, which opens to all of it. The line is there before it is known, so that
 * nothing moves.
 */
export function JobFacts({ parameters }: { parameters: JobParameters | null }) {
  const [open, setOpen] = useState(false);
  if (parameters === null) return <div className="facts-line" />;
  return (
    <details className="job-facts" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="facts-line">
        <span className="facts-short">
          {factsOf(parameters).map((fact, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: their order is what they are told apart by
            <span key={place}>{fact}</span>
          ))}
        </span>
        <Icon name="chevron" />
      </summary>
      {open && <FactsInFull parameters={parameters} />}
    </details>
  );
}

/** All that is known of what a prompt is made with. */
export function FactsInFull({ parameters }: { parameters: JobParameters }) {
  const { models, loras, seed, steps, cfg, positive, negative } = parameters;
  return (
    <dl className="facts-full">
      <Fact name={t('jobs.model')} value={models.map(modelText).join(', ')} wide />
      <Fact name={t('jobs.loras')} value={loras.map(modelText).join(', ')} wide />
      <Fact name={t('jobs.size_name')} value={sizeText(parameters)} />
      <Fact name={t('jobs.batch')} value={batchText(parameters)} />
      <Fact name={t('jobs.seed')} value={seed} wide>
        {seed !== null && <CopyButton text={seed} label={t('jobs.copy_seed')} />}
      </Fact>
      <Fact name={t('jobs.steps')} value={steps === null ? null : String(steps)} />
      <Fact
        name={t('jobs.cfg')}
        value={cfg === null ? null : formatDecimal(cfg, Number.isInteger(cfg) ? 0 : 1)}
      />
      <Fact name={t('jobs.sampler')} value={samplerText(parameters)} />
      <Words name={t('jobs.prompt')} words={positive}>
        {positive && <CopyButton text={positive.text} label={t('jobs.copy_prompt')} />}
      </Words>
      <Words name={t('jobs.negative')} words={negative} />
    </dl>
  );
}

interface FactProps {
  name: string;
  value: string | null;
  /** Long ones have a line of their own. */
  wide?: boolean;
  children?: ReactNode;
}

/** A fact beside its name; nothing where it is not known. */
function Fact({ name, value, wide = false, children }: FactProps) {
  if (value === null || value === '') return null;
  return (
    <div className={wide ? 'fact fact-wide' : 'fact'}>
      <dt>{name}</dt>
      <dd>
        <span>{value}</span>
        {children}
      </dd>
    </div>
  );
}

function Words({ name, words, children }: { name: string; words: PromptWords | null; children?: ReactNode }) {
  if (words === null) return null;
  return (
    <div className="fact fact-words">
      <dt>
        {name}
        {words.isClipped && <span> {t('jobs.beginning')}</span>}
      </dt>
      <dd>
        <span>{wordsText(words)}</span>
        {children}
      </dd>
    </div>
  );
}
