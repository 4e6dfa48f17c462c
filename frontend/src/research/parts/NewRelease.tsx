import { useState } from "react";
import { newUuid } from "../../base/uuid";
import { api } from "../data/api";
import type { Dataset, Job, NewRelease } from "../data/shapes";
import { Choices } from "./Choices";
import { Confirm } from "./Confirm";

const DRAFT = "draft";
const WAYS = [
  { key: "at once", label: "Publish at once" },
  { key: DRAFT, label: "Keep it as a draft" },
];

interface Props {
  dataset: Dataset;
  onClose: () => void;
  onAsked: () => void;
}

/** Asks for a release, published at once or as a draft first. */
export function NewReleaseDialog({ dataset, onClose, onAsked }: Props) {
  const [way, setWay] = useState("at once");
  const [notes, setNotes] = useState("");
  const [version, setVersion] = useState("");
  // Made once for this dialog: pressing twice, or again after a lost answer, asks for the same release.
  const [request_id] = useState(newUuid);
  const ask = async () => {
    const body: NewRelease = { request_id, notes, draft: way === DRAFT };
    if (version) body.version = version;
    await api.post<Job>(`datasets/${dataset.name}/releases/`, body);
    onAsked();
  };
  return (
    <Confirm
      title="Build a new release?"
      action={way === DRAFT ? "Build a draft" : "Publish"}
      onClose={onClose}
      onConfirm={ask}
    >
      <p>
        The ratings as they are now become a release of <strong>{dataset.name}</strong>. A release never
        changes, and groups that were placed in a split before stay there.
      </p>
      <Choices name="When it is built" choices={WAYS} chosen={way} onChoose={setWay} />
      {way === DRAFT ? <p>You look at it first, and publish or discard it then.</p> : null}
      <label>
        What is new
        <textarea rows={3} value={notes} onChange={(event) => setNotes(event.target.value)} />
      </label>
      <label>
        Version
        <input
          value={version}
          onChange={(event) => setVersion(event.target.value)}
          pattern="\d+\.\d+\.\d+"
          placeholder="computed from the difference"
          title="three numbers, such as 1.2.0; left empty, it is computed"
        />
      </label>
    </Confirm>
  );
}
