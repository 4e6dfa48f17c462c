import { changedMeanwhile } from "../data/api";

/** Does `deed`; whether somebody else was first, so that nothing was done. Other refusals are thrown. */
export async function wasOvertaken(deed: () => Promise<unknown>): Promise<boolean> {
  try {
    await deed();
    return false;
  } catch (error) {
    if (!changedMeanwhile(error)) throw error;
    return true;
  }
}

/** Stands above what was read again. */
export function Overtaken({ what }: { what: string }) {
  return (
    <div className="problem" role="alert">
      <p>Somebody else has changed {what} meanwhile, so nothing was done. Below it is shown as it is now.</p>
    </div>
  );
}
