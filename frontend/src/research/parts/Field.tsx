import { type ReactNode, useId } from "react";
import "./Field.css";

/** What ties an input to its hint and to what is wrong with it. */
export interface FieldProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

/** A labelled input with a hint, and the server's reasons where it refused what stands there. */
export function Field({
  label,
  hint,
  reasons,
  children,
}: {
  label: string;
  hint?: ReactNode;
  reasons: readonly string[];
  children: (field: FieldProps) => ReactNode;
}) {
  const id = useId();
  const wrong = reasons.length > 0;
  const described = [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": wrong || undefined,
      })}
      {hint ? (
        <p className="soft field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {wrong ? (
        <p className="field-error" id={`${id}-wrong`}>
          {reasons.join(" ")}
        </p>
      ) : null}
    </div>
  );
}
