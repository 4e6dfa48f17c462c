import { type ChangeEvent, useId, useState } from "react";
import { api, explain } from "../data/api";
import type { Preset, PresetText } from "../data/shapes";
import { useApi } from "../data/useApi";
import { Confirm } from "../parts/Confirm";
import { Field } from "../parts/Field";
import { ownCopy } from "./text";

interface SourcesProps {
  /** Something is written that would be lost. */
  atRisk: boolean;
  onText(text: string): void;
}

/** Where a protocol can begin: a copy of a preset, or a file. */
export function Sources({ atRisk, onText }: SourcesProps) {
  const presets = useApi<Preset[]>("protocols/presets/");
  const [chosen, setChosen] = useState("");
  const [waiting, setWaiting] = useState<(() => Promise<string>) | null>(null);
  const [error, setError] = useState<unknown>(null);
  const file = useId();
  const take = async (read: () => Promise<string>) => {
    setError(null);
    try {
      onText(await read());
    } catch (reason) {
      setError(reason);
    }
  };
  const begin = (read: () => Promise<string>) => {
    if (atRisk) setWaiting(() => read);
    else void take(read);
  };
  const copy = async () => ownCopy((await api.get<PresetText>(`protocols/presets/${chosen}/`)).text);
  const open = (event: ChangeEvent<HTMLInputElement>) => {
    const [found] = event.target.files ?? [];
    event.target.value = "";
    if (found) begin(() => found.text());
  };
  return (
    <div className="protocol-sources">
      <Field label="Preset" reasons={presets.error ? [explain(presets.error)] : []}>
        {(field) => (
          <select {...field} value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">choose one</option>
            {(presets.data ?? []).map(({ name, title, item_kinds }) => (
              <option key={name} value={name}>
                {name}: {title} ({item_kinds.join(", ")})
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="button" disabled={chosen === ""} onClick={() => begin(copy)}>
        Copy the preset
      </button>
      <label className="file-button" htmlFor={file}>
        Open a file …
        <input id={file} type="file" accept=".toml,text/plain" onChange={open} />
      </label>
      {error ? (
        <p className="field-error" role="alert">
          {explain(error)}
        </p>
      ) : null}
      {waiting ? (
        <Confirm
          title="Replace what is written?"
          action="Replace it"
          danger
          onConfirm={() => take(waiting)}
          onClose={() => setWaiting(null)}
        >
          <p>The protocol that stands in the editor now will be gone.</p>
        </Confirm>
      ) : null}
    </div>
  );
}
