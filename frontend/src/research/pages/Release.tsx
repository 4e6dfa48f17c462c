import { useState } from "react";
import { when } from "../data/format";
import type { ReleaseDetail } from "../data/shapes";
import { useTagged } from "../data/useApi";
import { Simulated, StateBadge } from "../parts/Badge";
import { ModelRepository } from "../parts/ModelRepository";
import { Overtaken } from "../parts/Overtaken";
import { Page, Section } from "../parts/Page";
import { ReleaseContents } from "../parts/ReleaseContents";
import { StateActions, StateNotice, Tombstone, tombstoneIn } from "../parts/ReleaseState";
import { Shown } from "../parts/States";

export function ReleasePage({ name, version }: { name: string; version: string }) {
  const at = `datasets/${name}/releases/${version}/`;
  const release = useTagged<ReleaseDetail>(at);
  const found = release.data?.data;
  const [overtaken, setOvertaken] = useState(false);
  const changed = (bySomebodyElse: boolean) => {
    setOvertaken(bySomebodyElse);
    release.reload();
  };
  const tombstone = tombstoneIn(release.error);
  return (
    <Page
      title={`${name} ${version}`}
      crumbs={[
        { label: "Datasets", href: "/datasets" },
        { label: name, href: `/datasets/${name}` },
      ]}
      aside={
        tombstone ? (
          <StateBadge state="withdrawn" />
        ) : found ? (
          <>
            <StateBadge state={found.state} />
            {found.manifest.simulated ? <Simulated /> : null}
          </>
        ) : null
      }
      actions={release.data && !tombstone ? <StateActions seen={release.data} onDone={changed} /> : null}
    >
      {tombstone ? (
        <Tombstone name={name} version={version} of={tombstone} />
      ) : (
        <Shown of={release}>
          {({ data }) => (
            <>
              {overtaken ? <Overtaken what="this release" /> : null}
              <StateNotice release={data} />
              <ReleaseContents
                release={data}
                at={at}
                facts={[["Published", when(data.published_at ?? data.created_at)]]}
              >
                <Section title="Use it in a model repository">
                  <ModelRepository name={name} versions={version} />
                </Section>
              </ReleaseContents>
            </>
          )}
        </Shown>
      )}
    </Page>
  );
}
