import { Field } from "../parts/Field";

/** A field of one line. */
export function Line({
  label,
  hint,
  reasons,
  value,
  required = false,
  type = "text",
  step,
  onChange,
}: {
  label: string;
  hint?: string;
  reasons: string[];
  value: string;
  required?: boolean;
  type?: "text" | "number";
  /** Of a number that need not be whole. */
  step?: "any";
  onChange: (text: string) => void;
}) {
  return (
    <Field label={label} hint={hint} reasons={reasons}>
      {(field) => (
        <input
          {...field}
          type={type}
          step={step}
          value={value}
          required={required}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
