import type { Attention } from '../../contract/attention.ts';
import type { CallReply } from '../../contract/bridge/bridge.ts';
import type { PushName, PushPayload } from '../../contract/bridge/pushes.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import type { EventFeed } from '../event-feed.ts';
import type { Log } from '../log/log-file.ts';

/** How a page is reached; one per window or browser tab. */
type PagePush = <N extends PushName>(name: N, payload: PushPayload<N>) => void;

/** A page's end of the bridge in the host. */
export interface HostPage {
  /** Answers a call, whatever it is; never rejects. */
  answer(name: unknown, request: unknown): Promise<CallReply>;
  /**
   * For hosts that know better than the page whether it can be seen: a page that cannot is sent nothing, and takes a
   * new snapshot when it can again.
   */
  setSeen(seen: boolean): void;
  close(): void;
}

/** A page, as what answers its calls sees it. */
export interface ConnectedPage {
  /**
   * To be called for a snapshot: gives the number of the newest event, with which the next batch connects. What the
   * page was asked to show meanwhile it is asked again after the answer.
   */
  beginSnapshot(): number;
  /** What the page says of itself: the less it is looked at, the more rarely it is sent what happens. */
  setAttention(attention: Attention): void;
}

/** What answers a page's calls. */
interface PageAnswers {
  answer: HostPage['answer'];
  /** The page is gone. */
  end(): void;
}

/** All pages that look at the host. */
export interface Pages {
  open(push: PagePush, connect: (page: ConnectedPage) => PageAnswers): HostPage;
  /** Sends something to all of them. */
  tell: PagePush;
  /** Asks all of them to show something, those that are still loading as soon as they can. */
  askToShow: PagePush;
}

/** `onSeen` hears whether any page can be seen. */
export function createPages(feed: EventFeed, onSeen: (seen: boolean) => void, log: Log): Pages {
  const pages = new Set<{ push: PagePush; askToShow: PagePush }>();
  const seen = new Set<object>();

  return {
    open(pushTo, connect) {
      const subscription = feed.subscribe((batch) => pushTo('events', batch));
      // One page that cannot be reached must not keep the others from hearing it.
      const push: PagePush = (name, payload) => {
        try {
          pushTo(name, payload);
        } catch (cause) {
          log(`a page could not be told of ${name}: ${causeText(cause)}`);
        }
      };
      /** Whether it has a snapshot of now: without one it could not find what it is to show. */
      let isReady = false;
      let isOutOfSight = false;
      /** What it is to show once it is ready; the last request is what the user wants to see now. */
      let show: (() => void) | null = null;
      const entry: { push: PagePush; askToShow: PagePush } = {
        push,
        askToShow(name, payload) {
          if (isReady) push(name, payload);
          else show = () => push(name, payload);
        },
      };

      function becomeReady(): void {
        isReady = true;
        show?.();
        show = null;
      }

      function setLookedAt(isLookedAt: boolean): void {
        if (isLookedAt && !isOutOfSight) seen.add(entry);
        else seen.delete(entry);
        onSeen(seen.size > 0);
      }

      pages.add(entry);
      setLookedAt(true);
      const answers = connect({
        beginSnapshot() {
          setTimeout(becomeReady);
          return subscription.restart();
        },
        setAttention(attention) {
          subscription.setAttention(attention);
          setLookedAt(attention !== 'hidden');
        },
      });
      return {
        answer: answers.answer,
        setSeen(isSeen) {
          if (!isSeen) {
            subscription.pause();
            isOutOfSight = true;
            isReady = false;
          } else if (isOutOfSight) {
            isOutOfSight = false;
            if (!subscription.resume()) becomeReady();
          }
          setLookedAt(isSeen);
        },
        close() {
          pages.delete(entry);
          show = null;
          isOutOfSight = true;
          setLookedAt(false);
          subscription.close();
          answers.end();
        },
      };
    },
    tell(name, payload) {
      for (const { push } of pages) push(name, payload);
    },
    askToShow(name, payload) {
      for (const { askToShow } of pages) askToShow(name, payload);
    },
  };
}
