import { t } from "../../words/words";

/** Stands where a medium should be. */
export function Missing({ what }: { what: string }) {
  return (
    <p className="problem" role="alert">
      {t(
        "{what} cannot be shown. Please reload the page; if it happens again, tell the people who run this study.",
        { what },
      )}
    </p>
  );
}
