import { reasonsAt } from "../data/recipe";
import { Field } from "../parts/Field";
import { Line } from "./Line";
import type { PartProps } from "./part";

export function Identity({ draft, faults, change, isNew }: PartProps & { isNew: boolean }) {
  return (
    <div className="form-grid">
      {isNew ? (
        <Line
          label="Name for programs"
          hint="it cannot be changed later; for example: films-va"
          reasons={reasonsAt(faults, "name")}
          value={draft.name}
          required
          onChange={(name) => change({ name })}
        />
      ) : null}
      <Line
        label="Title"
        reasons={reasonsAt(faults, "title")}
        value={draft.title}
        required
        onChange={(title) => change({ title })}
      />
      <Line
        label="Licence"
        hint="an SPDX name, for example: CC-BY-4.0"
        reasons={reasonsAt(faults, "licence")}
        value={draft.licence}
        onChange={(licence) => change({ licence })}
      />
      <Field label="Description" reasons={reasonsAt(faults, "description")}>
        {(field) => (
          <textarea
            {...field}
            rows={2}
            value={draft.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
