import { newUuid } from "../../base/uuid";
import {
  FIELDS,
  type FieldSpec,
  KIND_NAMES,
  type Kind,
  LOOKS_FOR_COPIES,
  newScheme,
  type SchemeDraft,
} from "../data/recipe";
import { Field } from "../parts/Field";

const KINDS = Object.keys(FIELDS) as Kind[];

type ReasonsAt = (place: string) => string[];

function SchemeField({
  spec,
  value,
  reasons,
  onChange,
}: {
  spec: FieldSpec;
  value: string;
  reasons: string[];
  onChange: (text: string) => void;
}) {
  const { label, hint, form, required = false } = spec;
  return (
    <Field label={label} hint={hint} reasons={reasons}>
      {(field) =>
        form === "cuts" || form === "roles" ? (
          <textarea
            {...field}
            rows={4}
            value={value}
            required={required}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <input
            {...field}
            type={form === "number" ? "number" : "text"}
            step="any"
            value={value}
            required={required}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

function SchemeForm({
  scheme,
  reasonsAt,
  onChange,
  onRemove,
}: {
  scheme: SchemeDraft;
  reasonsAt: ReasonsAt;
  onChange: (scheme: SchemeDraft) => void;
  onRemove: (() => void) | null;
}) {
  return (
    <fieldset className="scheme">
      <legend>Scheme {scheme.name}</legend>
      <div className="form-grid">
        <Field label="Name" hint="a-z, 0-9, _ and -" reasons={reasonsAt("name")}>
          {(field) => (
            <input
              {...field}
              value={scheme.name}
              required
              onChange={(event) => onChange({ ...scheme, name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Kind" reasons={reasonsAt("kind")}>
          {(field) => (
            <select
              {...field}
              value={scheme.kind}
              onChange={(event) => onChange(newScheme(event.target.value as Kind, scheme.name, scheme.id))}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_NAMES[kind]} ({kind})
                </option>
              ))}
            </select>
          )}
        </Field>
        {FIELDS[scheme.kind].map((spec) => (
          <SchemeField
            key={spec.key}
            spec={spec}
            value={scheme.texts[spec.key] ?? ""}
            reasons={reasonsAt(spec.key)}
            onChange={(text) => onChange({ ...scheme, texts: { ...scheme.texts, [spec.key]: text } })}
          />
        ))}
      </div>
      {LOOKS_FOR_COPIES.has(scheme.kind) ? (
        <label className="check">
          <input
            type="checkbox"
            checked={scheme.nearDuplicates}
            onChange={(event) => onChange({ ...scheme, nearDuplicates: event.target.checked })}
          />
          Items that show the same stay in one part
        </label>
      ) : null}
      {onRemove ? (
        <button type="button" className="small" onClick={onRemove}>
          Remove {scheme.name}
        </button>
      ) : null}
    </fieldset>
  );
}

/** The split schemes of a recipe. */
export function Schemes({
  schemes,
  reasonsAt,
  onChange,
}: {
  schemes: readonly SchemeDraft[];
  reasonsAt: ReasonsAt;
  onChange: (schemes: SchemeDraft[]) => void;
}) {
  const add = () => onChange([...schemes, newScheme("kfold", `scheme${schemes.length + 1}`, newUuid())]);
  return (
    <>
      {schemes.map((scheme, at) => (
        <SchemeForm
          key={scheme.id}
          scheme={scheme}
          reasonsAt={(field) => reasonsAt(`splits[${at}].${field}`)}
          onChange={(changed) => onChange(schemes.with(at, changed))}
          onRemove={schemes.length > 1 ? () => onChange(schemes.toSpliced(at, 1)) : null}
        />
      ))}
      <button type="button" className="small" onClick={add}>
        Add a scheme
      </button>
    </>
  );
}
