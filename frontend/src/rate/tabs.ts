/** Lets one tab at a time rate, by the browser's own locks. Where there are none, the server's writer numbers do. */
export interface PenHolder {
  /** True when this tab holds the pen now. `force` takes it from the tab that holds it. */
  take(participation: string, force: boolean, lost: () => void): Promise<boolean>;
}

export const tabPen: PenHolder = {
  take(participation, force, lost) {
    if (!("locks" in navigator)) return Promise.resolve(true);
    const name = `affectory.rating.${participation}`;
    return new Promise((resolve) => {
      const options: LockOptions = force ? { steal: true } : { ifAvailable: true };
      navigator.locks
        .request(name, options, (lock) => {
          resolve(lock !== null);
          // Held until the page goes away or another tab takes it.
          return lock === null ? undefined : new Promise<void>(() => {});
        })
        .catch(lost);
    });
  },
};
