import { useState } from "react";
import { Link } from "wouter";
import { ApiError } from "../../api/http";
import { api, type Tagged } from "../data/api";
import { plural, when, words } from "../data/format";
import { numbersIn, type ReleaseDetail, type ReleaseState } from "../data/shapes";
import { Confirm } from "./Confirm";
import { Snippet } from "./Copy";
import { wasOvertaken } from "./Overtaken";
import { Facts, Section } from "./Page";

interface Change {
  state: ReleaseState["state"];
  action: string;
  title: string;
  says: string;
  danger: boolean;
}

const DEPRECATE: Change = {
  state: "deprecated",
  action: "Deprecate",
  title: "Deprecate this release?",
  says: "It can still be used and chosen; whoever uses it is told why there is a better one.",
  danger: false,
};
const YANK: Change = {
  state: "yanked",
  action: "Yank",
  title: "Yank this release?",
  says: "It should not be used any more. Version ranges pass it by; whoever has pinned it gets it with a warning.",
  danger: true,
};
const PUBLISH: Change = {
  state: "published",
  action: "Publish again",
  title: "Publish this release again?",
  says: "The warning goes; version ranges may choose the release again.",
  danger: false,
};
const CHANGES: Record<string, Change[]> = {
  published: [DEPRECATE, YANK],
  deprecated: [PUBLISH, YANK],
  yanked: [PUBLISH],
};

/** A release as somebody saw it when she decided; `onDone` tells whether somebody else had changed it by then. */
interface Changing {
  seen: Tagged<ReleaseDetail>;
  onDone: (overtaken: boolean) => void;
}

function ChangeDialog({ seen, change, onClose, onDone }: Changing & { change: Change; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [successor, setSuccessor] = useState("");
  const confirm = async () => {
    const body: ReleaseState = { state: change.state, reason, successor };
    const at = `datasets/${seen.data.name}/releases/${seen.data.version}/state/`;
    onDone(await wasOvertaken(() => api.postTo(at, seen.tag, body)));
  };
  return (
    <Confirm
      title={change.title}
      action={change.action}
      danger={change.danger}
      onClose={onClose}
      onConfirm={confirm}
    >
      <p>{change.says}</p>
      <label>
        Reason, shown to everyone who uses it
        <textarea
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={500}
          required
        />
      </label>
      {change.state === "published" ? null : (
        <label>
          Version to use instead
          <input
            value={successor}
            onChange={(event) => setSuccessor(event.target.value)}
            pattern="\d+\.\d+\.\d+"
            placeholder="none"
            title="three numbers, such as 1.2.0"
          />
        </label>
      )}
    </Confirm>
  );
}

/** Buttons that change the state of a release, each with a confirmation and a reason. */
export function StateActions({ seen, onDone }: Changing) {
  const [change, setChange] = useState<Change | null>(null);
  return (
    <>
      {(CHANGES[seen.data.state] ?? []).map((one) => (
        <button key={one.state} type="button" onClick={() => setChange(one)}>
          {one.action}
        </button>
      ))}
      {change ? (
        <ChangeDialog seen={seen} change={change} onClose={() => setChange(null)} onDone={onDone} />
      ) : null}
    </>
  );
}

/** Why a release is no longer simply published, and what to use instead. */
export function StateNotice({ release }: { release: ReleaseDetail }) {
  if (!release.state_reason) return null;
  return (
    <div className="problem" role="note">
      <p>
        This release is {release.state} since {when(release.state_changed_at)}: {release.state_reason}
      </p>
      <Successor name={release.name} version={release.successor} />
    </div>
  );
}

function Successor({ name, version }: { name: string; version: string }) {
  if (!version) return null;
  return (
    <p>
      Use <Link href={`/datasets/${name}/${version}`}>{version}</Link> instead.
    </p>
  );
}

/** What a withdrawn release answers with; null for every other error. */
export const tombstoneIn = (error: unknown): ApiError | null =>
  error instanceof ApiError && error.status === 410 ? error : null;

export function Tombstone({ name, version, of }: { name: string; version: string; of: ApiError }) {
  const { reason, date, successor } = of.details;
  const removed = Object.entries(numbersIn(of.details.removed_rows));
  return (
    <>
      <div className="problem" role="note">
        <p>{of.message} Its files cannot be fetched any more.</p>
        <Successor name={name} version={typeof successor === "string" ? successor : ""} />
      </div>
      <Facts
        of={[
          ["Withdrawn", String(date)],
          ["Reason", String(reason)],
          [
            "Rows of the person",
            removed.map(([table, n]) => `${plural(n, "row")} in ${words(table).toLowerCase()}`).join(", "),
          ],
        ]}
      />
      {typeof successor === "string" ? (
        <Section title="Prove the successor">
          <p>
            Digests of the old rows are kept; they hold no values. With them anyone can check that {successor}{" "}
            is {version} minus the removed answers:
          </p>
          <Snippet
            text={`affectory verify --successor ${name}@${version}`}
            what="Command that proves the successor"
          />
        </Section>
      ) : (
        <p>A successor is being built, or nothing was left to publish.</p>
      )}
    </>
  );
}
