import { Field } from "../parts/Field";

/** A field of one line. */
export function Line({
  label,
  hint,
  reasons,
  value,
  required = false,
  type = "text",
  onChange,
}: {
  label: string;
  hint?: string;
  reasons: string[];
  value: string;
  required?: boolean;
  type?: "text" | "number";
  onChange: (text: string) => void;
}) {
  return (
    <Field label={label} hint={hint} reasons={reasons}>
      {(field) => (
        <input
          {...field}
          type={type}
          value={value}
          required={required}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
