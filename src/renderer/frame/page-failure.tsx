import { Component, type ReactNode } from 'react';
import { pageErrorOf } from '../session/page-errors.ts';
import { useSession } from '../session/session-context.tsx';
import { CopyButton } from '../ui/controls/copy-button.tsx';
import './page-failure.css';
import { t } from '../../language/t.ts';

/** Shows what happened instead of an empty window when the page cannot be drawn, and reports it to the host. */
export function PageFailureBoundary({ children }: { children: ReactNode }) {
  const { reportError } = useSession();
  return <Boundary onError={reportError}>{children}</Boundary>;
}

interface BoundaryProps {
  onError: (cause: unknown) => void;
  children: ReactNode;
}

interface BoundaryState {
  /** Anything can be thrown, even null. */
  failure: { cause: unknown } | null;
}

/** React has no hook for this. */
class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: null };

  static getDerivedStateFromError(cause: unknown): BoundaryState {
    return { failure: { cause } };
  }

  override componentDidCatch(cause: unknown): void {
    this.props.onError(cause);
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? <PageFailure {...failure} /> : this.props.children;
  }
}

function PageFailure({ cause }: { cause: unknown }) {
  const { message, stack } = pageErrorOf(cause);
  return (
    <div className="page-failure" role="alert">
      <h1>{t('frame.failure')}</h1>
      <p>{t('frame.failure.text')}</p>
      <pre>{message}</pre>
      <div className="page-failure-actions">
        <button type="button" className="button small primary" onClick={() => location.reload()}>
          {t('frame.failure.reload')}
        </button>
        <CopyButton
          text={stack === null ? message : `${message}\n${stack}`}
          label={t('frame.failure.copy')}
        />
      </div>
    </div>
  );
}
