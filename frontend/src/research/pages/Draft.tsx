import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../data/api";
import { when } from "../data/format";
import type { DraftDetail, ReleaseDetail } from "../data/shapes";
import { useApi } from "../data/useApi";
import { Simulated, StateBadge } from "../parts/Badge";
import { Confirm } from "../parts/Confirm";
import { Page } from "../parts/Page";
import { ReleaseContents } from "../parts/ReleaseContents";
import { Shown } from "../parts/States";
import "./Draft.css";

type Deed = "publish" | "discard";

function DeedDialog({ deed, draft, onClose }: { deed: Deed; draft: DraftDetail; onClose: () => void }) {
  const [, go] = useLocation();
  const { name, version, id } = draft;
  const publish = async () => {
    await api.post<ReleaseDetail>(`datasets/${name}/drafts/${id}/publish/`);
    go(`/datasets/${name}/${version}`, { replace: true });
  };
  const discard = async () => {
    await api.remove(`datasets/${name}/drafts/${id}/`);
    go(`/datasets/${name}`, { replace: true });
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
  const draft = useApi<DraftDetail>(at);
  const [deed, setDeed] = useState<Deed | null>(null);
  const close = () => {
    setDeed(null);
    draft.reload();
  };
  const found = draft.error ? null : draft.data;
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
        {(data) => (
          <>
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
      {deed && found ? <DeedDialog deed={deed} draft={found} onClose={close} /> : null}
    </Page>
  );
}
