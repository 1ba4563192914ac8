import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { Icon } from '../controls/icon.tsx';
import './messages.css';
import { t } from '../../../language/t.ts';

const MessagesContext = createContext<(text: string) => void>(() => {});

const shownFor = 8_000;

/** Shows short messages about what the user just asked for, at the bottom of the page. */
export function MessagesProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<{ text: string } | null>(null);
  const say = useCallback((text: string) => setMessage({ text }), []);
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => setMessage(null), shownFor);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <MessagesContext value={say}>
      {children}
      <div className="messages" role="status">
        {message && (
          <div className="message">
            <span>{message.text}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={t('frame.dismiss_message')}
              onClick={() => setMessage(null)}
            >
              <Icon name="cross" />
            </button>
          </div>
        )}
      </div>
    </MessagesContext>
  );
}

/** Gives the function that shows a message. */
export function useSay(): (text: string) => void {
  return useContext(MessagesContext);
}
