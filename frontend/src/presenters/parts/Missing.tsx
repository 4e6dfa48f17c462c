/** Stands where a medium should be. */
export function Missing({ what }: { what: string }) {
  return (
    <p className="problem" role="alert">
      {what} cannot be shown. Please reload the page; if it happens again, tell the people who run this study.
    </p>
  );
}
