import type { ReleaseDetail } from "../data/shapes";
import { Snippet } from "./Copy";
import "./Download.css";

/** Brings all files of a folder of the API with nothing but curl, and proves them. */
function withCurl(into: string, folder: string): string {
  return [
    "# AFFECTORY_TOKEN is an API token",
    `mkdir ${into} && cd ${into}`,
    `from=${window.location.origin}${folder}`,
    "get() {",
    '  curl --fail --silent --show-error --location --create-dirs --output "$1" \\',
    '    --header "Authorization: Bearer $AFFECTORY_TOKEN" "$from$1"',
    "}",
    "get SHA256SUMS",
    'cut -c 67- SHA256SUMS | while read -r path; do get "$path"; done',
    "sha256sum --check --quiet SHA256SUMS",
  ].join("\n");
}

/** How all files come at once; clients know no drafts. */
export function Download({ release, folder }: { release: ReleaseDetail; folder: string }) {
  const { name, version, state, manifest } = release;
  return (
    <details>
      <summary>All files at once</summary>
      <div className="downloads">
        {state === "draft" ? null : (
          <Snippet
            text={`affectory pull ${name}@${version} --media ${manifest.media_policy}`}
            what="Command that brings the release"
          />
        )}
        <Snippet text={withCurl(`${name}-${version}`, folder)} what="Commands that bring all files" />
      </div>
    </details>
  );
}
