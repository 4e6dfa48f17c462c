import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, type Tagged } from "../data/api";
import { when } from "../data/format";
import type { DraftDetail, ReleaseDetail } from "../data/shapes";
import { useTagged } from "../data/useApi";
import { Simulated, StateBadge } from "../parts/Badge";
import { Confirm } from "../parts/Confirm";
import { Overtaken, wasOvertaken } from "../parts/Overtaken";
import { Page } from "../parts/Page";
import { ReleaseContents } from "../parts/ReleaseContents";
import { Shown } from "../parts/States";
import "./Draft.css";

type Deed = "publish" | "discard";

interface Deciding {
  deed: Deed;
  /** The draft as it was when somebody decided. */
  seen: Tagged<DraftDetail>;
  onOvertaken: () => void;
  onClose: () => void;
}

function DeedDialog({ deed, seen, onOvertaken, onClose }: Deciding) {
  const [, go] = useLocation();
  const { name, version, id } = seen.data;
  const at = `datasets/${name}/drafts/${id}/`;
  const publish = async () => {
    if (await wasOvertaken(() => api.postTo<ReleaseDetail>(`${at}publish/`, seen.tag))) onOvertaken();
    else go(`/datasets/${name}/${version}`, { replace: true });
  };
  const discard = async () => {
    if (await wasOvertaken(() => api.removeFrom(at, seen.tag))) onOvertaken();
    else go(`/datasets/${name}`, { replace: true });
  };
  return deed === "publish" ? (
    <Confirm title={`Publish ${name} ${version}?`} action="Publish" onClose={onClose} onConfirm={publish}>
      <p>
        It becomes the newest release, byte for byte as it is here. A release never changes, and its groups
        stay in their splits from now on.
      </p>
    </Confirm>
  ) : (
    <Confirm title="Discard this draft?" action="Discard" danger onClose={onClose} onConfirm={discard}>
      <p>Its files are deleted. Ratings and recipe stay; another draft can be built from them.</p>
    </Confirm>
  );
}

function Notice({ draft }: { draft: DraftDetail }) {
  const { name, version } = draft;
  return (
    <div className={draft.outdated ? "problem" : "draft-note"} role="note">
      {draft.outdated ? (
        <p>
          This draft cannot be published any more: {draft.outdated}{" "}
          <Link href={`/datasets/${name}`}>Go to the dataset</Link>
        </p>
      ) : (
        <p>
          This is a draft: what {name} {version} would be. Only researchers of your organisation see it; no
          client can find or fetch it.
        </p>
      )}
      {draft.recipe_changed ? <p>The recipe of the dataset was changed since it was built.</p> : null}
    </div>
  );
}

export function DraftPage({ name, id }: { name: string; id: string }) {
  const at = `datasets/${name}/drafts/${id}/`;
  const draft = useTagged<DraftDetail>(at);
  const [deed, setDeed] = useState<Deed | null>(null);
  const [overtaken, setOvertaken] = useState(false);
  const close = () => {
    setDeed(null);
    draft.reload();
  };
  const seen = draft.error ? null : draft.data;
  const found = seen?.data;
  return (
    <Page
      title={found ? `${name} ${found.version}` : name}
      crumbs={[
        { label: "Datasets", href: "/datasets" },
        { label: name, href: `/datasets/${name}` },
      ]}
      aside={
        found ? (
          <>
            <StateBadge state={found.state} />
            {found.manifest.simulated ? <Simulated /> : null}
          </>
        ) : null
      }
      actions={
        found ? (
          <>
            <button type="button" onClick={() => setDeed("discard")}>
              Discard
            </button>
            {found.outdated ? null : (
              <button type="button" className="primary" onClick={() => setDeed("publish")}>
                Publish
              </button>
            )}
          </>
        ) : null
      }
    >
      <Shown of={draft}>
        {({ data }) => (
          <>
            {overtaken ? <Overtaken what="this draft" /> : null}
            <Notice draft={data} />
            <ReleaseContents
              release={data}
              at={at}
              draft={id}
              facts={[["Asked for", when(data.created_at)]]}
            />
          </>
        )}
      </Shown>
      {deed && seen ? (
        <DeedDialog deed={deed} seen={seen} onOvertaken={() => setOvertaken(true)} onClose={close} />
      ) : null}
    </Page>
  );
}
