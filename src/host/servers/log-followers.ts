/** Which pages look at the log of which server: terminal output is asked for only while a page shows it. */
export interface LogFollowers {
  follow(page: object, serverId: string, on: boolean): void;
  /** A page is gone. */
  leave(page: object): void;
}

/** `followLog` hears whether any page shows the log of a server. */
export function createLogFollowers(followLog: (serverId: string, on: boolean) => void): LogFollowers {
  const pages = new Map<string, Set<object>>();

  function follow(page: object, serverId: string, on: boolean): void {
    const following = pages.get(serverId) ?? new Set();
    const before = following.size;
    if (on) following.add(page);
    else following.delete(page);
    if (following.size > 0) pages.set(serverId, following);
    else pages.delete(serverId);
    if (before === 0 || following.size === 0) followLog(serverId, following.size > 0);
  }

  return {
    follow,
    leave(page) {
      for (const [serverId, following] of [...pages]) if (following.has(page)) follow(page, serverId, false);
    },
  };
}
