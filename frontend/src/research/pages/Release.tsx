import { when } from "../data/format";
import type { ReleaseDetail } from "../data/shapes";
import { useApi } from "../data/useApi";
import { Simulated, StateBadge } from "../parts/Badge";
import { ModelRepository } from "../parts/ModelRepository";
import { Page, Section } from "../parts/Page";
import { ReleaseContents } from "../parts/ReleaseContents";
import { StateActions, StateNotice, Tombstone, tombstoneIn } from "../parts/ReleaseState";
import { Shown } from "../parts/States";

export function ReleasePage({ name, version }: { name: string; version: string }) {
  const at = `datasets/${name}/releases/${version}/`;
  const release = useApi<ReleaseDetail>(at);
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
        ) : release.data ? (
          <>
            <StateBadge state={release.data.state} />
            {release.data.manifest.simulated ? <Simulated /> : null}
          </>
        ) : null
      }
      actions={
        release.data && !tombstone ? <StateActions release={release.data} onDone={release.reload} /> : null
      }
    >
      {tombstone ? (
        <Tombstone name={name} version={version} of={tombstone} />
      ) : (
        <Shown of={release}>
          {(found) => (
            <>
              <StateNotice release={found} />
              <ReleaseContents
                release={found}
                at={at}
                facts={[["Published", when(found.published_at ?? found.created_at)]]}
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
